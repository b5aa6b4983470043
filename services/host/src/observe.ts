// The house watched: its ports counted as they are used, and what it answers to Prometheus and to who asks whether it is ready.
import { readFileSync } from 'node:fs';
import type { Config } from '@laba/runtime/config';
import { Metrics } from '@laba/runtime/metrics';
import type { Engines } from './engines.ts';

/** The version of this Laba, as package.json says it. */
export const version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

export function openMetrics({ profile }: Config): Metrics {
  return new Metrics({ version, profile });
}

/** The same engines; what goes through them is counted. */
export function measured(engines: Engines, metrics: Metrics): Engines {
  return { ...engines, db: metrics.measuredDatabase(engines.db), mqtt: metrics.measuredMqtt(engines.mqtt) };
}
