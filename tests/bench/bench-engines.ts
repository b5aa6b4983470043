// The engines of the clustered profile for one bench: PostgreSQL and Redis before the house, the broker when its accounts are known.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayPublications, gatewaySubscriptions } from '@laba/domain/gateway-protocol';
import { accountsText } from '@laba/engines/mosquitto-accounts';
import { startMosquitto, type MosquittoServer } from '@laba/engines/mosquitto-server';
import { startPostgres } from '@laba/engines/postgres-server';
import { startRedis } from '@laba/engines/redis-server';
import { freeLocalPort } from '@laba/engines/server-process';
import { benchGateways, COUNTY } from './bench-county.ts';

const COUNTY_PASSWORD = 'the county of the bench';

/** How a house reaches them. */
export interface Addresses {
  profile: 'clustered';
  databaseUrl: string;
  redisUrl: string;
  brokerUrl: string;
}

export interface BenchEngines {
  addresses: Addresses;
  mqttPort: number;
  /** `accounts`: who may connect, as the dynamic-security plugin reads it. */
  startBroker(accounts: string): Promise<void>;
  stop(): Promise<void>;
}

// The servers run as users of their own: they may walk through the folder.
function engineFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'laba-bench-engines-'));
  chmodSync(dir, 0o711);
  return dir;
}

/** Durable, as an operator's are. */
export async function startEngines(): Promise<BenchEngines> {
  const dir = engineFolder();
  const mqttPort = await freeLocalPort();
  const [postgres, redis] = await Promise.all([startPostgres({ dir: join(dir, 'postgres') }), startRedis({ dir: join(dir, 'redis') })]);
  let broker: MosquittoServer | undefined;
  return {
    addresses: {
      profile: 'clustered',
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      brokerUrl: `mqtt://county:${encodeURIComponent(COUNTY_PASSWORD)}@127.0.0.1:${mqttPort}`,
    },
    mqttPort,
    async startBroker(accounts) {
      broker = await startMosquitto({ dir: join(dir, 'mosquitto'), port: mqttPort, county: COUNTY, adminPassword: COUNTY_PASSWORD, accounts });
    },
    async stop() {
      await Promise.all([postgres.stop(), redis.stop(), broker?.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The same broker with as many accounts, and no house. */
export async function startBareMosquitto(count: number): Promise<{ port: number; password: string; stop(): Promise<void> }> {
  const dir = engineFolder();
  const devices = benchGateways(count).map(({ id, gridCode, password }) => ({
    id,
    password,
    publish: gatewayPublications(COUNTY, id),
    subscribe: gatewaySubscriptions(COUNTY, id, gridCode),
    mark: '',
  }));
  const accounts = accountsText({ county: COUNTY, username: 'county', password: COUNTY_PASSWORD }, devices);
  const broker = await startMosquitto({ dir: join(dir, 'mosquitto'), county: COUNTY, adminPassword: COUNTY_PASSWORD, accounts });
  const stop = async () => {
    await broker.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { port: broker.port, password: COUNTY_PASSWORD, stop };
}
