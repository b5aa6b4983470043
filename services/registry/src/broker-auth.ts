// Who may connect to the broker, and to which exact topics: active gateways and sensors, each as itself.
import { gatewayPublications, gatewaySubscriptions, topics } from '@laba/domain/gateway-protocol';
import type { Authenticate, Principal } from '@laba/messaging/embedded-broker';
import type { Deps } from '@laba/runtime/service';
import { sameSecret } from '@laba/runtime/vault';
import { gatewayForBroker, houseForBroker, sensorForBroker } from './gateway-store.ts';
import { secretHash } from './secret.ts';

type Needs = Pick<Deps, 'db' | 'config'>;

const NO_HASH = '0'.repeat(64);
const ID_CHARS = 64;
const PASSWORD_CHARS = 256;

/** For `startEmbeddedBroker`; the county's own connection is the caller's affair. */
export function gatewayPrincipal(deps: Needs): Authenticate {
  return async (clientId, username, password) => {
    if (clientId !== username || clientId.length > ID_CHARS || password.length > PASSWORD_CHARS) return undefined;
    const gateway = await gatewayForBroker(deps.db, clientId);
    const sensor = gateway === undefined ? await sensorForBroker(deps.db, clientId) : undefined;
    const house = gateway === undefined && sensor === undefined ? await houseForBroker(deps.db, clientId) : undefined;
    // The same work for an id that does not exist.
    const right = sameSecret(secretHash(password), (gateway ?? sensor ?? house)?.passwordHash ?? NO_HASH);
    if (!right) return undefined;
    if (gateway?.status === 'active') return gatewayRights(deps, gateway.id, gateway.gridCode);
    if (house !== undefined) return houseRights(deps, house.id, house.gridCode);
    return sensor === undefined ? undefined : sensorRights(deps.config.county, sensor.id);
  };
}

/** What a device that is known to be itself may say and hear; undefined when it may not connect any more. */
export async function devicePrincipal(deps: Needs, id: string): Promise<Principal | undefined> {
  if (id.length > ID_CHARS) return undefined;
  const gateway = await gatewayForBroker(deps.db, id);
  if (gateway !== undefined) return gateway.status === 'active' ? gatewayRights(deps, id, gateway.gridCode) : undefined;
  const house = await houseForBroker(deps.db, id);
  if (house !== undefined) return houseRights(deps, id, house.gridCode);
  return (await sensorForBroker(deps.db, id)) === undefined ? undefined : sensorRights(deps.config.county, id);
}

function gatewayRights({ db, config: { county } }: Needs, clientId: string, gridCode: string): Principal {
  const publications = new Set(gatewayPublications(county, clientId));
  const subscriptions = new Set(gatewaySubscriptions(county, clientId, gridCode));
  const stateTopic = topics.gatewayState(county, clientId);
  let active = true;
  // A connection outlives its revocation: each heartbeat looks again, so that the next message is refused.
  const lookAgain = async () => {
    const row = await gatewayForBroker(db, clientId);
    active = row?.status === 'active';
  };
  return {
    clientId,
    mayPublish(topic, retain) {
      if (topic === stateTopic) void lookAgain().catch(() => undefined);
      return active && publications.has(topic) && (!retain || topic === stateTopic);
    },
    maySubscribe: (filter) => active && subscriptions.has(filter),
  };
}

// What a revoked house says is not taken, whatever its connection still lets through.
function houseRights({ config: { county } }: Needs, clientId: string, gridCode: string): Principal {
  const [up, down] = [topics.nodeUp(county, gridCode), topics.nodeDown(county, gridCode)];
  return { clientId, mayPublish: (topic, retain) => !retain && topic === up, maySubscribe: (filter) => filter === down };
}

function sensorRights(county: string, clientId: string): Principal {
  const topic = topics.sensorReading(county, clientId);
  return { clientId, mayPublish: (asked, retain) => !retain && asked === topic, maySubscribe: () => false };
}
