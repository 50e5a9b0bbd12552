/** What a site needs for showing a share link as more than a link (oembed.com, 1.0). */
import { listPreviews } from '../../db/queries/write-previews.ts';
import type { Control } from './control.ts';
import type { OembedQuery } from './oembed-query.ts';
import { notFound } from './problem-error.ts';
import { findSharedRecording } from './view-share.ts';

const usualWidth = 960;
const usualHeight = 540;

/** A frame when the share names sites that may have one, else what a link looks like. Nothing of it before its password. */
export async function describeForEmbedding(control: Control, request: OembedQuery): Promise<object> {
  const { publicUrl } = control.environment;
  const token = tokenOf(request.url, publicUrl);
  const shared = token === undefined ? undefined : await findSharedRecording(control, token);
  if (!shared) throw notFound('share');
  const { share, recording } = shared;
  const title = recording?.identity ?? 'Protected recording';
  const about = { version: '1.0', provider_name: 'Participant Recorder', provider_url: publicUrl, title };
  const thumbnail = recording && (await describePoster(control, recording.id, `${publicUrl}/s/${token}/poster`));
  if (share.embedSites.length === 0) return { type: 'link', ...about, ...thumbnail };
  const { width, height } = sizeWithin(request);
  const html =
    `<iframe src="${publicUrl}/s/${token}/embed" width="${width}" height="${height}" style="border:0" ` +
    `title="${escapeHtml(title)}" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen loading="lazy"></iframe>`;
  return { type: 'video', ...about, ...thumbnail, width, height, html };
}

/** Of a share's page or its frame. */
function tokenOf(url: string, publicUrl: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { origin, pathname } = new URL(url);
  return origin === publicUrl ? /^\/s\/([\w-]{1,200})(?:\/embed)?\/?$/.exec(pathname)?.[1] : undefined;
}

async function describePoster(control: Control, recordingId: string, url: string): Promise<object> {
  const [row] = await listPreviews(control.database.db, [recordingId]);
  if (row?.state !== 'ready' || !row.poster) return {};
  return { thumbnail_url: url, thumbnail_width: row.poster.width, thumbnail_height: row.poster.height };
}

/** 16:9, within what was asked for. */
function sizeWithin({ maxwidth = usualWidth, maxheight = usualHeight }: OembedQuery): {
  width: number;
  height: number;
} {
  const scale = Math.min(maxwidth / usualWidth, maxheight / usualHeight, 1);
  return { width: Math.floor(usualWidth * scale), height: Math.floor(usualHeight * scale) };
}

function escapeHtml(text: string): string {
  return text.toWellFormed().replace(/[&<>"'\p{Cc}]/gu, (character) => `&#${character.codePointAt(0)};`);
}
