import { z } from 'zod';

const pixels = z.coerce.number().int().min(1).max(10_000).optional();

/** Of `/api/oembed`. Not strict: consumers send what other providers know. */
export const oembedQuerySchema = z.object({
  /** Of a share's page. */
  url: z.string().max(2000),
  maxwidth: pixels,
  maxheight: pixels,
  format: z.string().max(20).default('json'),
});
export type OembedQuery = z.output<typeof oembedQuerySchema>;
