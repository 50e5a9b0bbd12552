import { Socket } from 'node:net';

/** No statement of ours takes seconds, but it may wait for a lock or for a busy disk. */
export const SILENT_MS = 20_000;

/**
 * The socket of a database connection, which is cut when nothing came or went for a while: its server is frozen, or a
 * network in between forgot it. Everything that waited for it then fails, instead of waiting for ever.
 */
export function boundedSocket(silentMs = SILENT_MS): Socket {
  const socket = new Socket();
  socket.setKeepAlive(true, silentMs);
  socket.setTimeout(silentMs, () => {
    socket.destroy(new Error(`The database did not answer for ${silentMs / 1000} s. Is it running and reachable?`));
  });
  return socket;
}
