/** What somebody who looks after the installation should put right, for admins. Imported by pages too. */
import { z } from 'zod';

export const upkeepSchema = z.object({
  /** Outgoing webhooks that have taken nothing for a while, or were switched off for it. Addresses can hold secrets: only their hosts. */
  webhooks: z.array(
    z.object({
      id: z.uuid(),
      host: z.string(),
      failingSince: z.iso.datetime().nullable(),
      disabledReason: z.string().nullable(),
    }),
  ),
});
export type Upkeep = z.output<typeof upkeepSchema>;
