import { defineConfig } from 'vitest/config';

/** A slow machine is no failure: these bound what would otherwise wait for ever. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000, interval: 20 } } };

const ignored = ['**/node_modules/**', '.build/**', '.next/**', '.data/**', 'e2e/**'];

export default defineConfig({
  test: {
    projects: [
      {
        // Fast, no network, no clock but an injected one.
        test: {
          ...patience,
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...ignored, '**/*.integration.test.ts', '**/*.long.test.ts'],
        },
      },
      {
        // Against a real Postgres, LiveKit server and S3 server, started once for all files.
        test: {
          ...patience,
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ignored,
          globalSetup: ['infra/tests/integration-stack.ts'],
          // Real media in real time: more at once would measure the machine.
          maxWorkers: 2,
          // After the unit tests.
          sequence: { groupOrder: 1 },
        },
      },
      {
        // As the integration tests, for minutes: `npm run test:long`.
        test: {
          name: 'long',
          include: ['**/*.long.test.ts'],
          exclude: ignored,
          globalSetup: ['infra/tests/integration-stack.ts'],
          testTimeout: 300_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
