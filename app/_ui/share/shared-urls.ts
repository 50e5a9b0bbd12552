import type { Recording } from '../../_control/api.ts';

/** What a recording shows, under the address of a share. */
export function sharedUrls(recording: Recording, token: string): Recording {
  const shared = (url: string) => {
    const { pathname, search } = new URL(url, 'http://recording');
    return `/s/${encodeURIComponent(token)}/${pathname.slice(pathname.lastIndexOf('/') + 1)}${search}`;
  };
  return mapUrls(recording, shared);
}

/** The same for a page in another site's frame, where browsers keep no cookies: the pass goes with each address. */
export function withPass(recording: Recording, pass: string): Recording {
  return mapUrls(recording, (url) => `${url}${url.includes('?') ? '&' : '?'}pass=${encodeURIComponent(pass)}`);
}

function mapUrls(recording: Recording, map: (url: string) => string): Recording {
  const orNull = (url: string | null) => (url === null ? null : map(url));
  return {
    ...recording,
    media: recording.media.map((medium) => ({ ...medium, url: map(medium.url) })),
    mediaUrl: orNull(recording.mediaUrl),
    posterUrl: orNull(recording.posterUrl),
    storyboardUrl: orNull(recording.storyboardUrl),
  };
}
