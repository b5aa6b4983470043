// Plain mosquitto_pub and mosquitto_sub at the embedded broker: other people's programs meet the same door.
import { execFile } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddedUnderTest } from './embedded-broker.test-kit.ts';
import { installed } from './installed.test-kit.ts';

interface Outcome {
  code: number;
  output: string;
}

let house: EmbeddedUnderTest;

function run(command: string, args: readonly string[]): Promise<Outcome> {
  const all = ['-h', '127.0.0.1', '-p', String(house.broker.port), ...args];
  return new Promise((resolve) => {
    execFile(command, all, { timeout: 8_000 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr }),
    );
  });
}

const as = (name: string) => ['-i', name, '-u', name, '-P', `password-of-${name}`];

describe.skipIf(!installed('mosquitto-clients', 'mosquitto_sub'))('mosquitto clients', () => {
  beforeEach(async () => {
    house = await EmbeddedUnderTest.start();
    await house.account('g1', { publish: ['laba/g1/state'], subscribe: ['laba/g1/cmd'] });
    await house.account('county', { publish: ['laba/g1/cmd'], subscribe: ['laba/+/state'] });
  });
  afterEach(() => house.stop());

  test('publish and subscribe where they may', async () => {
    const heard = run('mosquitto_sub', [...as('g1'), '-q', '1', '-t', 'laba/g1/cmd', '-C', '1', '-W', '5']);
    while (house.broker.connections === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const sending = setInterval(() => void run('mosquitto_pub', [...as('county'), '-q', '1', '-t', 'laba/g1/cmd', '-m', '立即转移']), 100);
    expect(await heard).toEqual({ code: 0, output: '立即转移\n' });
    clearInterval(sending);
  });

  test('find a retained state', async () => {
    expect((await run('mosquitto_pub', [...as('g1'), '-q', '1', '-r', '-t', 'laba/g1/state', '-m', 'online'])).code).toBe(0);
    expect(await run('mosquitto_sub', [...as('county'), '-t', 'laba/+/state', '-C', '1', '-W', '5'])).toEqual({ code: 0, output: 'online\n' });
  });

  test('get nothing without an account, with MQTT 5, or by wildcard', async () => {
    const anonymous = await run('mosquitto_sub', ['-t', '#', '-C', '1', '-W', '2']);
    expect(anonymous.code).not.toBe(0);
    const five = await run('mosquitto_sub', [...as('g1'), '-V', '5', '-t', 'laba/g1/cmd', '-C', '1', '-W', '2']);
    expect(five.code).not.toBe(0);
    expect(five.output).toMatch(/protocol/i);
    for (const filter of ['#', '$SYS/#', 'laba/+/cmd', 'laba/g2/cmd']) {
      const refused = await run('mosquitto_sub', [...as('g1'), '-t', filter, '-C', '1', '-W', '2']);
      expect(refused.output).toMatch(/denied|rejected|timed out/i);
    }
  });

  test('say nothing on a foreign topic', async () => {
    expect((await run('mosquitto_pub', [...as('g1'), '-q', '1', '-t', 'laba/g2/state', '-m', 'x'])).code).not.toBe(0);
    expect((await run('mosquitto_pub', [...as('g1'), '-q', '2', '-t', 'laba/g1/state', '-m', 'x'])).code).not.toBe(0);
  });
});

test('a program that the run demands and the machine lacks is a failure, not a gap', () => {
  expect(installed('mosquitto-clients', 'no-such-program', { PATH: '/usr/bin' })).toBe(false);
  expect(() => installed('mosquitto-clients', 'no-such-program', { PATH: '/usr/bin', LABA_REQUIRE: 'sox, mosquitto-clients' })).toThrow(
    'LABA_REQUIRE asks for mosquitto-clients',
  );
});
