import type { CreatedShare } from '../../app/_control/api.ts';
import type { Context } from '../context.ts';
import { readSpan } from '../read-span.ts';

export interface ShareOptions {
  /** A span, or `never`. */
  expires: string;
  password?: string;
  maxViews?: number;
  allowDownload?: boolean;
  label?: string;
}

/** The address is answered this once. */
export async function share(context: Context, id: string, options: ShareOptions): Promise<void> {
  const created = await context.api.json<CreatedShare>('POST', `/api/v1/recordings/${id}/shares`, {
    body: {
      expiresIn: options.expires === 'never' ? null : readSpan(options.expires),
      ...(options.password !== undefined && { password: options.password }),
      ...(options.maxViews !== undefined && { maxViews: options.maxViews }),
      ...(options.label !== undefined && { label: options.label }),
      allowDownload: options.allowDownload === true,
    },
  });
  context.show(created, ({ url }) => `${url}\n`);
}
