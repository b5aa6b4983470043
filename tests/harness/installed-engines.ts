// Whether the engines of the clustered profile are on this machine: left out where they are not, demanded where LABA_REQUIRE says so.
import { findMosquitto } from '../../packages/engines/src/mosquitto-server.ts';
import { findPostgres } from '../../packages/engines/src/postgres-server.ts';
import { findRedis } from '../../packages/engines/src/redis-server.ts';

/** @throws when LABA_REQUIRE asks for one that is missing */
export function hasEveryEngine(): boolean {
  const found = { postgres: findPostgres(), redis: findRedis(), mosquitto: findMosquitto() };
  const missing = Object.entries(found).flatMap(([name, where]) => (where === undefined ? [name] : []));
  const demanded = (process.env['LABA_REQUIRE'] ?? '').split(',').filter((name) => missing.includes(name));
  if (demanded.length > 0) throw new Error(`LABA_REQUIRE asks for ${demanded.join(' and ')}, and this machine has not got it.`);
  return missing.length === 0;
}
