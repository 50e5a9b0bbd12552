import type { Clip } from '../clip/clip.ts';
import { AudioPacketizer } from './audio.ts';
import { Av1Packetizer } from './av1.ts';
import { H264Packetizer } from './h264.ts';
import { H265Packetizer } from './h265.ts';
import type { Packetizer } from './packetizer.ts';
import { Vp8Packetizer } from './vp8.ts';
import { Vp9Packetizer } from './vp9.ts';

export function createPacketizer(clip: Clip): Packetizer {
  switch (clip.codec) {
    case 'vp8':
      return new Vp8Packetizer(clip);
    case 'vp9':
      return new Vp9Packetizer(clip);
    case 'av1':
      return new Av1Packetizer(clip);
    case 'h264':
      return new H264Packetizer(clip.encoder === 'h264-mode0' ? 0 : 1);
    case 'h265':
      return new H265Packetizer();
    case 'opus':
    case 'pcmu':
    case 'pcma':
      return new AudioPacketizer();
  }
}
