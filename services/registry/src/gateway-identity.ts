// What a gateway is told about itself, once: its password, its speakers, the keys it shall trust, where to connect.
import { LabaError } from '@laba/domain/errors';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import type { Config } from '@laba/runtime/config';
import type { Deps } from '@laba/runtime/service';
import { hostOf, webAddressOf } from '@laba/runtime/web-address';
import { speakersOf } from './gateway-store.ts';

export function addressesOf(config: Config): { mqttUrl: string; audioUrl: string } {
  return { mqttUrl: config.publicBrokerUrl ?? `mqtt://${hostOf(config)}:${config.mqttPort}`, audioUrl: `${webAddressOf(config)}/audio` };
}

export interface Box {
  gatewayId: string;
  siteId: string;
  gridCode: string;
  password: string;
}

/** @throws `internal` when the county has no keys yet */
export async function identityOf(deps: Pick<Deps, 'db' | 'config'>, box: Box, trust: Pick<GatewayIdentity, 'keys' | 'keyBook'>): Promise<GatewayIdentity> {
  if (trust.keys.length === 0) throw new LabaError('internal', 'The county has no signing keys yet.');
  const speakers = await speakersOf(deps.db, box.siteId);
  const house = deps.config.node === undefined ? {} : { house: deps.config.node };
  return { county: deps.config.county, ...house, ...box, speakers, ...trust, ...addressesOf(deps.config), utcOffsetMinutes: deps.config.utcOffsetMinutes };
}
