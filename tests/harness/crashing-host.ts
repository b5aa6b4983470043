// The real house, but it dies by SIGKILL in place of one publish, or in the moment in which one commit became durable.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { makeIds } from '@laba/domain/ids';
import { compose } from '@laba/host/compose';
import type { Mqtt } from '@laba/messaging/mqtt';
import { systemClock } from '@laba/runtime/clock';
import { readConfig } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { COUNTY } from './small-county.ts';

/** When it is to die, counted from when it was told. */
export interface Death {
  insteadOfPublish?: number;
  afterCommit?: number;
}

// From its start by the environment; later by SIGUSR2, as often as somebody likes, from the file that is named there.
let death: Death = JSON.parse(process.env['LABA_TEST_DEATH'] ?? '{}') as Death;
let [published, committed] = [0, 0];
process.on('SIGUSR2', () => {
  death = JSON.parse(readFileSync(process.env['LABA_TEST_DEATH_FILE'] ?? '', 'utf8')) as Death;
  [published, committed] = [0, 0];
});

const die = () => process.kill(process.pid, 'SIGKILL');

function deadly(line: Mqtt): Mqtt {
  return {
    get online() {
      return line.online;
    },
    publish(topic, payload, options) {
      if (topic.includes('/area/')) published += 1;
      if (published === death.insteadOfPublish) die();
      return line.publish(topic, payload, options);
    },
    subscribe: (...args) => line.subscribe(...args),
    onLine: (listener) => line.onLine(listener),
    close: () => line.close(),
  };
}

const house = await compose(readConfig(process.env, { county: COUNTY }), {
  clock: systemClock,
  ids: makeIds(() => Date.now(), randomBytes),
  log: silentLog,
  line: deadly,
});
// The first listener of a commit runs before whoever waited for it.
house.deps.db.onCommit(() => {
  committed += 1;
  if (committed === death.afterCommit) die();
});
await house.start();

// A test that was killed tells nobody: its house must not stay.
const PARENT_CHECK_MS = 1_000;
const parent = process.ppid;
setInterval(() => (process.ppid === parent ? undefined : die()), PARENT_CHECK_MS).unref();
