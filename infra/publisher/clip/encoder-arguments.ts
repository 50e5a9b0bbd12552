/** How ffmpeg is asked for media as a real-time publisher makes it: no B-frames, no hidden frames, no look-ahead. */
import type { AudioClipPlan, VideoClipPlan, VideoEncoder } from './clip-plan.ts';

/** The file format that our readers understand. */
export function fileExtension(encoder: VideoEncoder | AudioClipPlan['codec']): string {
  if (encoder.startsWith('h264')) return 'h264';
  if (encoder === 'h265') return 'hevc';
  if (encoder === 'opus') return 'ogg';
  if (encoder === 'pcmu' || encoder === 'pcma') return 'raw';
  return 'ivf';
}

export function hardPictureInput(plan: VideoClipPlan): string[] {
  const { width, height, framesPerSecond, seconds } = plan;
  const picture = `testsrc2=size=${width}x${height}:rate=${framesPerSecond}:duration=${seconds}`;
  return ['-f', 'lavfi', '-i', `${picture},noise=alls=20:allf=t+u`];
}

/** Raw pictures from standard input. */
export function drawnPictureInput(plan: VideoClipPlan): string[] {
  const size = `${plan.width}x${plan.height}`;
  return ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', size, '-r', String(plan.framesPerSecond), '-i', 'pipe:0'];
}

export function videoArguments(plan: VideoClipPlan): string[] {
  const { bitrateBps, keyframeEvery, encoder } = plan;
  const kbps = String(Math.round(bitrateBps / 1000));
  const rate = ['-b:v', `${kbps}k`, '-minrate', `${kbps}k`, '-maxrate', `${kbps}k`, '-bufsize', `${kbps}k`];
  const keyframes = ['-g', String(keyframeEvery), '-keyint_min', String(keyframeEvery)];
  const pixels = ['-pix_fmt', encoder === 'vp9-profile2' ? 'yuv420p10le' : 'yuv420p'];
  return [...rate, ...keyframes, ...pixels, '-threads', '2', ...codecArguments(plan)];
}

function codecArguments(plan: VideoClipPlan): string[] {
  switch (plan.encoder) {
    case 'vp8':
      return ['-c:v', 'libvpx', ...vpxArguments(plan), '-f', 'ivf'];
    case 'vp9':
      return ['-c:v', 'libvpx-vp9', '-row-mt', '1', ...vpxArguments(plan), '-f', 'ivf'];
    case 'vp9-profile2':
      return ['-c:v', 'libvpx-vp9', '-profile:v', '2', '-row-mt', '1', ...vpxArguments(plan), '-f', 'ivf'];
    case 'av1':
      return [
        '-c:v',
        'libaom-av1',
        '-usage',
        'realtime',
        '-cpu-used',
        '8',
        '-lag-in-frames',
        '0',
        '-row-mt',
        '1',
      ].concat(['-error-resilience', '0', '-f', 'ivf']);
    case 'h264-mode0':
      return x264Arguments('baseline', ':slice-max-size=1100');
    case 'h264-baseline':
      return x264Arguments('baseline');
    case 'h264-main':
      return x264Arguments('main');
    case 'h264-high':
      return x264Arguments('high');
    case 'h265':
      return ['-c:v', 'libx265', '-preset', 'ultrafast', '-tune', 'zerolatency'].concat([
        '-x265-params',
        'aud=1:repeat-headers=1:scenecut=0:open-gop=0:bframes=0:log-level=error',
        ...['-f', 'hevc'],
      ]);
  }
}

/** WebRTC's own bound for a keyframe, in percent of a frame's share of the bitrate. */
const MAX_INTRA_RATE = '900';

function vpxArguments({ encoder, temporalLayers, bitrateBps }: VideoClipPlan): string[] {
  const realtime = ['-deadline', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0', '-auto-alt-ref', '0'];
  realtime.push('-max-intra-rate', MAX_INTRA_RATE);
  if (temporalLayers === 1) return realtime;
  // ffmpeg gives VP9 the bitrates of layers where libvpx does not look for them: the quantizer bounds it instead.
  if (encoder !== 'vp8') realtime.push('-qmin', '58', '-qmax', '60');
  return [...realtime, '-ts-parameters', layerParameters(temporalLayers, bitrateBps)];
}

/** Which layer each picture of a period is in, as the encoder's layering modes 2 and 3 have it. */
export const temporalPattern = { 1: [0], 2: [0, 1], 3: [0, 2, 1, 2] } as const;

function layerParameters(layers: 2 | 3, bitrateBps: number): string {
  const kbps = bitrateBps / 1000;
  const shares = layers === 2 ? [0.6, 1] : [0.4, 0.6, 1];
  const pattern = temporalPattern[layers];
  return [
    `ts_number_layers=${layers}`,
    `ts_target_bitrate=${shares.map((share) => Math.round(share * kbps)).join(',')}`,
    `ts_rate_decimator=${layers === 2 ? '2,1' : '4,2,1'}`,
    `ts_periodicity=${pattern.length}`,
    `ts_layer_id=${pattern.join(',')}`,
    `ts_layering_mode=${layers}`,
  ].join(':');
}

function x264Arguments(profile: 'baseline' | 'main' | 'high', more = ''): string[] {
  return ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', profile, '-bf', '0'].concat([
    '-x264-params',
    `aud=1:repeat-headers=1:scenecut=0:sliced-threads=0${more}`,
    ...['-f', 'h264'],
  ]);
}

export function soundArguments(plan: AudioClipPlan): string[] {
  const rate = plan.codec === 'opus' ? 48_000 : 8000;
  const input = plan.sound === 'hard' ? hardSound(rate, plan.seconds) : beeps(rate, plan.seconds);
  const layout = ['-ac', String(plan.channels)];
  if (plan.codec !== 'opus') {
    const law = plan.codec === 'pcmu' ? 'mulaw' : 'alaw';
    return ['-f', 'lavfi', '-i', input, ...layout, '-c:a', `pcm_${law}`, '-f', law];
  }
  // A little longer: the last packet is padded, and is left away.
  const opus = ['-c:a', 'libopus', '-frame_duration', '20', '-application', 'audio', '-b:a', String(plan.bitrateBps)];
  return ['-f', 'lavfi', '-i', input, ...layout, ...opus, '-f', 'ogg'];
}

function hardSound(rate: number, seconds: number): string {
  const duration = seconds + 1;
  const tone = `sine=frequency=330:sample_rate=${rate}:duration=${duration}`;
  const noise = `anoisesrc=color=pink:amplitude=0.3:sample_rate=${rate}:duration=${duration}:seed=1`;
  return `${tone}[tone];${noise}[noise];[tone][noise]amix=inputs=2`;
}

function beeps(rate: number, seconds: number): string {
  return `aevalsrc='if(lt(mod(t,1),0.05),0.5*sin(2*PI*1000*t),0)':s=${rate}:d=${seconds + 1}`;
}
