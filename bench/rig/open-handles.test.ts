import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connectionsTo, openHandles } from './open-handles.ts';

test('finds the sockets that are connected to a port', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:9874 0100007F:98A7 01 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 20 4 30 10 -1',
    '   1: 0100007F:98A7 0100007F:9874 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1',
    '',
  ].join('\n');
  expect(connectionsTo(table, [0x98a7])).toEqual(['socket:[4711]']);
  expect(connectionsTo(table, [0x98a7, 0x9874])).toEqual(['socket:[4711]', 'socket:[4712]']);
  expect(connectionsTo(table, [80])).toEqual([]);
});

test.runIf(process.platform === 'linux')('counts connections of a process apart from its other handles', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const program = `const net = require('node:net'); let open = 0;
    for (let i = 0; i < 3; i++) net.connect(${port}, '127.0.0.1', () => { if (++open === 3) console.log('open'); });`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    const apart = await openHandles(pid, [port]);
    expect(apart.connections).toBe(3);
    expect(await openHandles(pid, [])).toEqual({ connections: 0, others: apart.others + 3 });
  } finally {
    child.kill();
    server.close();
  }
});
