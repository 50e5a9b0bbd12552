import { z } from 'zod';

/**
 * A site that may show something of ours in a frame, as a Content-Security-Policy names it: `https://blog.example.com`,
 * `https://*.example.com`, with a port if it has one. A whole address, or one without https://, is taken for its site.
 */
export const embedSiteSchema = z
  .string()
  .max(300)
  .transform((text, context) => {
    const site = parseEmbedSite(text);
    if (site !== undefined) return site;
    context.addIssue({ code: 'custom', message: 'must be a site such as https://blog.example.com' });
    return z.NEVER;
  });

/** Only letters, digits, `.`, `-`, `:` and one leading `*.` leave it: it becomes part of a header. */
export function parseEmbedSite(text: string): string | undefined {
  const address = /^https?:\/\//i.test(text.trim()) ? text.trim() : `https://${text.trim()}`;
  const anySubdomain = /^https?:\/\/\*\./i.test(address);
  const plain = anySubdomain ? address.replace('*.', '') : address;
  if (!URL.canParse(plain)) return undefined;
  const { protocol, host, username, password } = new URL(plain);
  if (username !== '' || password !== '' || !/^[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$/.test(host)) return undefined;
  return `${protocol}//${anySubdomain ? '*.' : ''}${host}`;
}
