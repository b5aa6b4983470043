// The operator's Mosquitto is the one that the tests run on.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mosquittoConf, OPERATOR_SETTINGS } from './mosquitto-settings.ts';

test('infra/mosquitto/mosquitto.conf says what our own brokers are started with', () => {
  const given = readFileSync(new URL('../../../infra/mosquitto/mosquitto.conf', import.meta.url), 'utf8');
  expect(given).toBe(mosquittoConf(OPERATOR_SETTINGS));
});

test('no line lets anybody in without an account, and none limits a burst', () => {
  const conf = mosquittoConf(OPERATOR_SETTINGS);
  for (const line of ['allow_anonymous false', 'max_queued_messages 0', 'max_inflight_messages 0', 'max_qos 1']) expect(conf.split('\n')).toContain(line);
});
