// Every test file runs in a process of its own: nothing that one leaves behind is seen by the next.
// The stories are told twice where PostgreSQL, Redis and Mosquitto are installed: on `embedded` and on `clustered`.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { hasEveryEngine } from './tests/harness/installed-engines.ts';

// A failure may take long to show on a slow machine; what is right never waits for these.
const shared = {
  testTimeout: 240_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
  isolate: true,
  globalSetup: ['tests/global-setup.ts'],
};
/** What a house does on any engines; the other files of these folders speak of the embedded broker, the demo, the terminal or of no engine. */
const STORIES = [
  'tests/story/{0[1-9],1[1-9],2[0-9],3[0-9]}-*.test.ts',
  'tests/story/whole-story.test.ts',
  'tests/contract/{access,logs,metrics,readiness}.test.ts',
];

const embedded = {
  test: {
    ...shared,
    name: 'embedded',
    include: ['packages/*/src/**/*.test.ts', 'services/*/src/**/*.test.ts', 'services/*/web/**/*.test.ts', 'tests/**/*.test.ts', 'infra/**/*.test.ts'],
  },
};
const clustered = { test: { ...shared, name: 'clustered', include: STORIES, env: { LABA_TEST_PROFILE: 'clustered' } } };

// Many files wait for real servers and real time: more of them than cores run side by side.
const maxWorkers = Math.ceil(availableParallelism() * 1.5);

export default defineConfig({ test: { maxWorkers, projects: hasEveryEngine() ? [embedded, clustered] : [embedded] } });
