import { RoomServiceClient } from 'livekit-server-sdk';
import { afterEach, expect, test } from 'vitest';
import { type LiveKit, newLiveKitKeys, startLiveKit } from './start-livekit.ts';

let running: LiveKit | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

function roomsOf({ url, apiKey, apiSecret }: LiveKit): RoomServiceClient {
  return new RoomServiceClient(url.replace(/^ws/, 'http'), apiKey, apiSecret);
}

test('takes names as long as the product does', async () => {
  running = await startLiveKit();
  const name = '\u{1F600}'.repeat(1024);
  await roomsOf(running).createRoom({ name });
  expect((await roomsOf(running).listRooms()).map((room) => room.name)).toEqual([name]);
});

test('comes back on the same ports with the same keys after kill -9', async () => {
  const keys = newLiveKitKeys();
  const first = await startLiveKit({ keys });
  await first.kill();
  running = await startLiveKit({ keys, ports: first.ports, exactPorts: true });
  expect(running).toMatchObject({ url: first.url, ...keys });
  expect(await roomsOf(running).listRooms()).toEqual([]);
});

test('a port that is taken is a sentence, when it has to be that port', async () => {
  running = await startLiveKit();
  await expect(startLiveKit({ ports: running.ports, exactPorts: true })).rejects.toThrow(
    /cannot listen on TCP port .* in use by another program/,
  );
});

test('a server of yours is only passed on', async () => {
  const external = { url: 'https://livekit.example.com', apiKey: 'key', apiSecret: 'secret' };
  expect(await startLiveKit({ external })).toMatchObject({ ...external, url: 'wss://livekit.example.com' });
});
