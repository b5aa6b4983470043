// The clustered profile: PostgreSQL, BullMQ on Redis and an MQTT 5 broker, each a server of its own that may come and go.
import type { Config } from '@laba/runtime/config';
import type { Engines } from './engines.ts';
import type { World } from './world.ts';

export async function openClustered(_config: Config, _world: World): Promise<Engines> {
  throw new Error('The clustered profile is not here yet.');
}
