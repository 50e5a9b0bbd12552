/**
 * Asks to stop on the first SIGINT, SIGTERM or SIGHUP; on the second the process ends where it stands, which what it wrote
 * survives.
 */
const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function onStopSignal(stop: () => void): () => void {
  let isStopping = false;
  const handle = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(signal === 'SIGINT' ? 130 : 143);
    isStopping = true;
    stop();
  };
  for (const name of names) process.on(name, handle);
  return () => {
    for (const name of names) process.off(name, handle);
  };
}
