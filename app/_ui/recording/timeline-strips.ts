/** What happened to each track of a recording, as spans and moments on one line: what the timeline draws and lists. */
import type { Recording } from '../../_control/api.ts';
import { formatCodec, formatFrameSize, formatSpan } from '../text/format.ts';
import { inSourceOrder, sourceNames } from './track-icon.tsx';

type Gap = Recording['gaps'][number];
export type SpanKind = 'muted' | 'away' | 'lost' | 'paused' | 'silent' | 'none' | 'change';

export interface TimelineItem {
  /** Equal: a moment. */
  fromMs: number;
  toMs: number;
  kind: SpanKind;
  text: string;
}

export interface TimelineStrip {
  source: string;
  name: string;
  kind: 'video' | 'audio';
  items: TimelineItem[];
}

const reasons: Readonly<Record<string, { kind: SpanKind; text: string }>> = {
  muted: { kind: 'muted', text: 'Muted by the participant' },
  unpublished: { kind: 'none', text: 'Not published' },
  'packet-loss': { kind: 'lost', text: 'Lost on the network' },
  'timestamp-jump': { kind: 'lost', text: 'The publisher’s clock jumped' },
  paused: { kind: 'paused', text: 'Recording was paused' },
  'participant-away': { kind: 'away', text: 'The participant was away' },
  'recorder-away': { kind: 'away', text: 'The recorder was away' },
  silence: { kind: 'silent', text: 'Nobody spoke' },
};

/** Closer together than this share of the recording, the same reason is one span: nobody could tell them apart. */
const MERGED_SHARE = 1 / 250;

type Facts = Pick<Recording, 'tracks' | 'gaps'>;

/** One strip per source, in the usual order, with all that is known. */
export function timelineStrips({ tracks, gaps }: Facts): TimelineStrip[] {
  const sources = [...new Map(inSourceOrder(tracks).map((track) => [track.source, track])).values()];
  return sources.map(({ source, medium, kind }) => {
    const own = gaps.filter((gap) => gap.medium === medium && gap.kind === kind).map(itemOfGap);
    const changes = changesOf(tracks.filter((track) => track.source === source));
    const items = [...own, ...changes].sort((one, other) => one.fromMs - other.fromMs);
    return { source, name: sourceNames[source] ?? source, kind, items };
  });
}

/** For drawing: neighbours of the same kind become one, so that their number is bounded. */
export function mergeNeighbours(items: readonly TimelineItem[], durationMs: number): TimelineItem[] {
  const merged: (TimelineItem & { count: number })[] = [];
  const nearMs = durationMs * MERGED_SHARE;
  for (const item of items) {
    const before = merged.findLast(({ kind }) => kind === item.kind);
    if (before?.text === undefined || item.fromMs - before.toMs > nearMs) {
      merged.push({ ...item, count: 1 });
      continue;
    }
    before.toMs = Math.max(before.toMs, item.toMs);
    before.count += 1;
    before.text = `${before.count} times: ${item.text.replace(/^\d+ times: /, '')}`;
  }
  return merged.map(({ count: _, ...item }) => item);
}

function itemOfGap({ fromMs, toMs, reason, cutMs }: Gap): TimelineItem {
  const { kind, text } = reasons[reason] ?? { kind: 'lost', text: reason };
  if (cutMs !== undefined) return { fromMs, toMs: fromMs, kind, text: `${text}, ${formatSpan(cutMs)} cut out` };
  return { fromMs, toMs, kind, text: toMs > fromMs ? `${text}, ${formatSpan(toMs - fromMs)}` : `${text}, still` };
}

/** Other sizes and codecs than at the beginning. */
function changesOf(tracks: Recording['tracks']): TimelineItem[] {
  const sizes = tracks
    .flatMap(({ codec, resolutions }) => resolutions.map((resolution) => ({ codec, ...resolution })))
    .sort((one, other) => one.fromMs - other.fromMs);
  return sizes.flatMap((size, index) => {
    const before = sizes[index - 1];
    if (!before) return [];
    const codec = size.codec === before.codec ? '' : ` in ${formatCodec(size.codec)}`;
    const text = `From here ${formatFrameSize(size.width, size.height)}${codec}`;
    return [{ fromMs: size.fromMs, toMs: size.fromMs, kind: 'change' as const, text }];
  });
}
