// The real house, but it dies by SIGKILL in place of one publish: exactly between the commit and the broker.
import { randomBytes } from 'node:crypto';
import { makeIds } from '@laba/domain/ids';
import { compose } from '@laba/host/compose';
import type { Mqtt } from '@laba/messaging/mqtt';
import { systemClock } from '@laba/runtime/clock';
import { readConfig } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { COUNTY } from './small-county.ts';

const killAt = Number(process.env['LABA_TEST_KILL_AT_PUBLISH']);
let published = 0;

function deadly(line: Mqtt): Mqtt {
  return {
    get online() {
      return line.online;
    },
    publish(topic, payload, options) {
      if (topic.includes('/area/')) published += 1;
      if (published === killAt) process.kill(process.pid, 'SIGKILL');
      return line.publish(topic, payload, options);
    },
    subscribe: (filter, handler) => line.subscribe(filter, handler),
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
await house.start();
