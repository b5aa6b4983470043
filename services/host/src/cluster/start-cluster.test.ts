// A process of the cluster is told every setting of the cluster.
import { expect, test } from 'vitest';
import { ENVIRONMENT, readConfig } from '@laba/runtime/config';
import { environmentOf } from './start-cluster.ts';

// Every setting otherwise than its default; a new one must be named here, or this does not compile.
const OTHERWISE: Record<keyof typeof ENVIRONMENT, string> = {
  LABA_PROFILE: 'clustered',
  LABA_PORT: '8090',
  LABA_MQTT_PORT: '1890',
  LABA_HOST: '127.0.0.1',
  LABA_DATA: '/somewhere/else',
  LABA_UTC_OFFSET_MINUTES: '345',
  LABA_TIME_ZONE: 'Asia/Kathmandu',
  LABA_LOG_LEVEL: 'debug',
  LABA_PUBLIC_URL: 'https://county.example',
  LABA_LAN_NAME: 'laba-dasuo',
  LABA_DATABASE_URL: 'postgres://laba:secret@db:5432/laba',
  LABA_REDIS_URL: 'redis://:secret@redis:6379/0',
  LABA_BROKER_URL: 'mqtts://county:secret@broker:8883',
  LABA_PUBLIC_BROKER_URL: 'mqtts://broker.example:8883',
  LABA_BROKER_CA: '/somewhere/ca.pem',
  LABA_BROKER_HOOK_SECRET: 'sixteen letters!',
  LABA_TRUSTED_PROXIES: '10.0.0.1,10.0.0.2',
  LABA_SECRET_FILE: '/somewhere/secret.key',
  LABA_METRICS_TOKEN: 'sixteen letters?',
  LABA_OTEL_ENDPOINT: 'http://collector:4318',
  LABA_QUEUE_BOARD: 'true',
  LABA_CHANNELS: '/somewhere/channels.json',
  SERVICES: 'dispatch,mobilization',
};

test('what the cluster was told, each of its processes reads', () => {
  const config = readConfig(OTHERWISE);
  expect(readConfig(environmentOf(config))).toEqual(config);
  expect(Object.keys(environmentOf(config)).sort()).toEqual(Object.keys(ENVIRONMENT).sort());
});

test('a process of the cluster listens on this machine only, and is of the clustered profile', () => {
  const config = { ...readConfig(OTHERWISE), host: '0.0.0.0', profile: 'embedded' } as const;
  expect(environmentOf(config)).toMatchObject({ LABA_HOST: '127.0.0.1', LABA_PROFILE: 'clustered' });
});
