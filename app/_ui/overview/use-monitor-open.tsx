'use client';

import { createContext, use, useState } from 'react';

/** What the page says of all rows at once; `turn` counts how often it said so. */
export interface AllMonitors {
  open: boolean;
  turn: number;
}

export const AllMonitorsContext = createContext<AllMonitors>({ open: false, turn: 0 });

/** Whether a row shows its graphs: as the page says, until the row says otherwise, until the page says so again. */
export function useMonitorOpen(): [boolean, (open: boolean) => void] {
  const all = use(AllMonitorsContext);
  const [own, setOwn] = useState<AllMonitors | null>(null);
  const open = own !== null && own.turn === all.turn ? own.open : all.open;
  return [open, (wanted) => setOwn({ open: wanted, turn: all.turn })];
}
