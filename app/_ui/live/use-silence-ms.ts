'use client';

import { useEffect, useState } from 'react';

/** Reports come every second: two may be late. */
const quietAfterMs = 3_000;
const everyMs = 1_000;

/** How long ago the newest report was, in whole seconds; 0 while they come as they should. */
export function useSilenceMs(heardAtMs: number | undefined): number {
  const [silent, setSilent] = useState<{ since: number; ms: number } | null>(null);
  useEffect(() => {
    if (heardAtMs === undefined) return;
    const timer = setInterval(() => {
      const ms = Math.floor((performance.now() - heardAtMs) / everyMs) * everyMs;
      if (ms >= quietAfterMs) setSilent({ since: heardAtMs, ms });
    }, everyMs);
    return () => clearInterval(timer);
  }, [heardAtMs]);
  return silent !== null && silent.since === heardAtMs ? silent.ms : 0;
}
