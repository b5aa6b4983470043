// What a gateway is told about itself, once: its password, its speakers, the keys it shall trust, where to connect.
import { LabaError } from '@laba/domain/errors';
import type { GatewayIdentity, TrustedKey } from '@laba/domain/gateway-protocol';
import type { Config } from '@laba/runtime/config';
import { speakersOf } from './gateway-store.ts';
import type { Deps } from '@laba/runtime/service';

// Listening everywhere is no address to connect to; the operator names a better one by publicUrl.
function hostOf(config: Config): string {
  if (config.publicUrl !== undefined) return new URL(config.publicUrl).hostname;
  if (config.host === '0.0.0.0') return '127.0.0.1';
  return config.host.includes(':') ? `[${config.host === '::' ? '::1' : config.host}]` : config.host;
}

export function addressesOf(config: Config): { mqttUrl: string; audioUrl: string } {
  const host = hostOf(config);
  const web = (config.publicUrl ?? `${config.tls ? 'https' : 'http'}://${host}:${config.port}`).replace(/\/$/, '');
  return { mqttUrl: config.publicBrokerUrl ?? `mqtt://${host}:${config.mqttPort}`, audioUrl: `${web}/audio` };
}

export interface Box {
  gatewayId: string;
  siteId: string;
  gridCode: string;
  password: string;
}

/** @throws `internal` when the county has no keys yet */
export async function identityOf(deps: Pick<Deps, 'db' | 'config'>, box: Box, keys: readonly TrustedKey[]): Promise<GatewayIdentity> {
  if (keys.length === 0) throw new LabaError('internal', 'The county has no signing keys yet.');
  const speakers = await speakersOf(deps.db, box.siteId);
  return { county: deps.config.county, ...box, speakers, keys: [...keys], ...addressesOf(deps.config), utcOffsetMinutes: deps.config.utcOffsetMinutes };
}
