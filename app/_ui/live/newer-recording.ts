import type { Recording } from '../../_control/api.ts';

/**
 * Of what the page was rendered with and what an event brought, the newer one. Events come with every change of state
 * and in order, so another state in an event is the newer; within a state the rendered one may have been read later.
 */
export function newerRecording(rendered: Recording, fromEvent: Recording | undefined): Recording {
  if (fromEvent === undefined) return rendered;
  if (rendered.status !== fromEvent.status) return fromEvent;
  return fromEvent.durationMs >= rendered.durationMs ? fromEvent : rendered;
}
