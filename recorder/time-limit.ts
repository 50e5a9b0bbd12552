/**
 * A signal that aborts after a time (undefined: never by itself), or with one of the others. In Node 20 `AbortSignal.any` does not keep an
 * `AbortSignal.timeout` that nothing else refers to: once it is collected, it never fires.
 */
export function timeLimit(limitMs: number | undefined, ...signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  const tooLong = () => {
    controller.abort(new DOMException(`It took longer than ${Number(limitMs) / 1000} s.`, 'TimeoutError'));
  };
  const timer = limitMs === undefined ? undefined : setTimeout(tooLong, limitMs).unref();
  for (const signal of signals) {
    const end = () => {
      clearTimeout(timer);
      controller.abort(signal.reason);
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true, signal: controller.signal });
  }
  return controller.signal;
}
