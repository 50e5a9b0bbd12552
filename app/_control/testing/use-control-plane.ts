import type { Control } from '../control.ts';

/** Route handlers, called as functions, work with this control plane from now on. */
export function useControlPlane(control: Control): void {
  const key = Symbol.for('participant-recorder.control-plane');
  (globalThis as Record<symbol, unknown>)[key] = Promise.resolve({ control, stop: async () => {} });
}
