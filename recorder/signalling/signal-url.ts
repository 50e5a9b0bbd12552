/** LiveKit's JavaScript SDK of this version speaks the same protocol; the server adapts to what it reads here. */
const PROTOCOL = 15;
const SDK_VERSION = '2.15.0';

/**
 * The address of the signalling socket, protocol version 0. The token is not in it: it goes in a header, so that it
 * is in no access log on the way.
 *
 * Always a new session, never `reconnect=1`: to resume one the server restarts ICE, and libdatachannel cannot.
 */
export function signalUrl(serverUrl: string): URL {
  const url = new URL(serverUrl);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/rtc`;
  url.search = new URLSearchParams({
    protocol: String(PROTOCOL),
    sdk: 'js',
    version: SDK_VERSION,
    // Only the wanted tracks of one participant are asked for, one by one.
    auto_subscribe: '0',
    auto_subscribe_data_track: '0',
    adaptive_stream: '0',
    // Whatever the path is worth: a paused layer would be a hole in the recording.
    subscriber_allow_pause: '0',
  }).toString();
  return url;
}
