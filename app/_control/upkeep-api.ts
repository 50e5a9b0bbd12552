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
  /** Workers that run another version than the dashboard. */
  otherWorkers: z.array(z.object({ id: z.uuid(), version: z.string().nullable() })),
  /** Of the dashboard; null: not known, and then no worker is another. */
  version: z.string().nullable(),
});
export type Upkeep = z.output<typeof upkeepSchema>;
