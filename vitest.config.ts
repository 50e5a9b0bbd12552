import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '.build/**', '.next/**', '.data/**', 'e2e/**'];

export default defineConfig({
  test: {
    projects: [
      {
        // Fast, no network, no clock but an injected one.
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...ignored, '**/*.integration.test.ts'],
        },
      },
      {
        // Against a real Postgres, LiveKit server and S3 server, started once for all files.
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ignored,
          globalSetup: ['infra/tests/integration-stack.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Real media in real time: more at once would measure the machine.
          maxWorkers: 2,
          // After the unit tests.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
