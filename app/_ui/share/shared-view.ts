import type { Recording } from '../../_control/api.ts';

/** What of a recording somebody with a link gets to know. */
export interface SharedView
  extends Pick<
    Recording,
    'room' | 'identity' | 'startedAt' | 'requestedAt' | 'durationMs' | 'media' | 'posterUrl' | 'storyboardUrl'
  > {
  /** For going from one picture to the next. */
  framesPerSecond: number | undefined;
}

/** Its addresses are those of the share. */
export function sharedView(recording: Recording, token: string): SharedView {
  const { room, identity, startedAt, requestedAt, durationMs, media, posterUrl, storyboardUrl } = recording;
  const shared = (url: string) => {
    const { pathname, search } = new URL(url, 'http://recording');
    return `/s/${encodeURIComponent(token)}/${pathname.slice(pathname.lastIndexOf('/') + 1)}${search}`;
  };
  const framesPerSecond = recording.tracks.find((track) => track.kind === 'video')?.framesPerSecond;
  const view = { room, identity, startedAt, requestedAt, durationMs, media, posterUrl, storyboardUrl, framesPerSecond };
  return mapUrls(view, shared);
}

/** The same for a page in another site's frame, where browsers keep no cookies: the pass goes with each address. */
export function withPass(view: SharedView, pass: string): SharedView {
  return mapUrls(view, (url) => `${url}${url.includes('?') ? '&' : '?'}pass=${encodeURIComponent(pass)}`);
}

function mapUrls(view: SharedView, map: (url: string) => string): SharedView {
  const orNull = (url: string | null) => (url === null ? null : map(url));
  return {
    ...view,
    media: view.media.map((medium) => ({ ...medium, url: map(medium.url) })),
    posterUrl: orNull(view.posterUrl),
    storyboardUrl: orNull(view.storyboardUrl),
  };
}
