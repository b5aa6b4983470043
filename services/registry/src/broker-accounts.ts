// What a broker of its own must be told of a gateway or sensor: the same rights that the embedded broker's guard gives it.
import { gatewayPublications, gatewaySubscriptions, topics } from '@laba/domain/gateway-protocol';
import type { BrokerAccount } from '@laba/messaging/broker-book';
import type { Deps } from '@laba/runtime/service';
import { devicesForBroker, gatewayForBroker, houseForBroker, sensorForBroker, type DeviceRow } from './gateway-store.ts';
import { devicePassword, secretHash } from './secret.ts';

type Needs = Pick<Deps, 'db' | 'vault' | 'config'>;

export interface BrokerAccounts {
  accounts: BrokerAccount[];
  /** Devices whose password is not known: enrolled before passwords were made of the house's secret, or by another secret. */
  unknown: string[];
}

/** All that may connect. */
export async function brokerAccounts(deps: Needs): Promise<BrokerAccounts> {
  const { gateways, houses, sensors } = await devicesForBroker(deps.db);
  const placed = [...gateways.map((row) => ({ row, account: gatewayAccount(deps, row) })), ...houses.map((row) => ({ row, account: houseAccount(deps, row) }))];
  const all = [...placed, ...sensors.map((row) => ({ row, account: sensorAccount(deps, row) }))];
  const isKnown = ({ row, account }: (typeof all)[number]) => secretHash(account.password) === row.passwordHash;
  return { accounts: all.filter(isKnown).map(({ account }) => account), unknown: all.filter((one) => !isKnown(one)).map(({ row }) => row.id) };
}

/** Of one device; undefined when it may not connect, or its password is not known. */
export async function brokerAccount(deps: Needs, id: string): Promise<BrokerAccount | undefined> {
  const gateway = await gatewayForBroker(deps.db, id);
  const sensor = gateway === undefined ? await sensorForBroker(deps.db, id) : undefined;
  const house = gateway === undefined && sensor === undefined ? await houseForBroker(deps.db, id) : undefined;
  const found = house === undefined ? (sensor === undefined ? undefined : sensorAccount(deps, sensor)) : houseAccount(deps, house);
  const account = gateway?.status === 'active' ? gatewayAccount(deps, gateway) : found;
  const passwordHash = (gateway ?? sensor ?? house)?.passwordHash;
  return account !== undefined && secretHash(account.password) === passwordHash ? account : undefined;
}

function gatewayAccount({ vault, config: { county } }: Needs, { id, gridCode }: DeviceRow & { gridCode: string }): BrokerAccount {
  return { id, password: devicePassword(vault, id), publish: gatewayPublications(county, id), subscribe: gatewaySubscriptions(county, id, gridCode) };
}

function houseAccount({ vault, config: { county } }: Needs, { id, gridCode }: DeviceRow & { gridCode: string }): BrokerAccount {
  return { id, password: devicePassword(vault, id), publish: [topics.nodeUp(county, gridCode)], subscribe: [topics.nodeDown(county, gridCode)] };
}

function sensorAccount({ vault, config: { county } }: Needs, { id }: DeviceRow): BrokerAccount {
  return { id, password: devicePassword(vault, id), publish: [topics.sensorReading(county, id)], subscribe: [] };
}
