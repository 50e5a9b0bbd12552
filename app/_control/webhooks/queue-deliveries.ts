/**
 * The log of events → messages to endpoints. A cursor over the log moves in the same transaction that queues what it
 * passed, so each event is looked at once, whatever dies in between. In one process of the installation at a time.
 */

import { insertWebhookDeliveries } from '../../../db/queries/insert-webhook-deliveries.ts';
import { listEvents } from '../../../db/queries/list-events.ts';
import { listLatestEvents, lockWebhookCursor, moveWebhookCursor } from '../../../db/queries/webhook-cursor.ts';
import { listWebhookEndpoints } from '../../../db/queries/write-webhook-endpoint.ts';
import type { EventRow } from '../../../db/schema.ts';
import type { Recording } from '../api.ts';
import type { Control } from '../control.ts';
import type { WebhookMessage } from '../webhooks-api.ts';
import { eventsBetween, type WebhookEvent } from './webhook-events.ts';

const EVENTS_PER_PASS = 200;

/** Everything up to now. Returns how many messages were queued. */
export async function queueDeliveries(control: Control): Promise<number> {
  let queued = 0;
  for (;;) {
    const pass = await queueSome(control);
    queued += pass.queued;
    if (pass.events < EVENTS_PER_PASS || control.stopping.aborted) return queued;
  }
}

function queueSome(control: Control): Promise<{ events: number; queued: number }> {
  return control.database.db.transaction(async (db) => {
    const cursor = await lockWebhookCursor(db);
    if (cursor === undefined) return { events: 0, queued: 0 };
    const events = await listEvents(db, { afterId: cursor, limit: EVENTS_PER_PASS });
    const last = events.at(-1);
    if (!last) return { events: 0, queued: 0 };
    await moveWebhookCursor(db, last.id);
    const endpoints = (await listWebhookEndpoints(db)).filter(({ enabled }) => enabled);
    if (endpoints.length === 0) return { events: events.length, queued: 0 };
    const ids = [...new Set(events.map(({ recordingId }) => recordingId))];
    const messages = newsOf(await listLatestEvents(db, ids, cursor), events);
    const rows = endpoints.flatMap((endpoint) =>
      messages
        .filter(({ message, at }) => endpoint.events.includes(message.type) && at >= endpoint.createdAt)
        .map(({ eventId, message }) => ({
          endpointId: endpoint.id,
          eventId,
          type: message.type,
          payload: message,
        })),
    );
    return { events: events.length, queued: (await insertWebhookDeliveries(db, rows)).length };
  });
}

interface News {
  eventId: number;
  at: Date;
  message: WebhookMessage;
}

function newsOf(before: readonly EventRow[], events: readonly EventRow[]): News[] {
  const known = new Map<string, Recording>();
  for (const { recordingId, type, data } of before) {
    if (type === 'recording.updated') known.set(recordingId, data as Recording);
  }
  return events.flatMap(({ id, at, recordingId, type, data }) => {
    const last = known.get(recordingId);
    const news = (event: WebhookEvent, data: WebhookMessage['data']): News => ({
      eventId: id,
      at,
      message: { type: event, timestamp: at.toISOString(), data },
    });
    if (type === 'recording.deleted') return [news('recording.deleted', { id: recordingId })];
    const recording = data as Recording;
    known.set(recordingId, recording);
    return eventsBetween(last, recording).map((event) => news(event, recording));
  });
}
