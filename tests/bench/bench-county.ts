// A synthetic county of N activity rooms, written in bulk: 29 villages, 144 groups, one gateway and one speaker each room.
import { makeCountyKeys } from '@laba/registry/make-county-keys';
import { createOfficer } from '@laba/registry/create-officer';
import { devicePassword, secretHash } from '@laba/registry/secret';
import type { Deps } from '@laba/runtime/service';
import { any, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export interface BenchGateway {
  id: string;
  gridCode: string;
  speakerId: string;
  password: string;
}

export const COUNTY = '533324';
export const OFFICER = { username: 'duty', password: 'a password for the bench only' } as const;
/** For a whole county a second officer agrees. */
export const SECOND = { username: 'duty2', password: 'a second password for the bench only' } as const;
const SETUP = { who: 'system', via: 'cli', once: [] } as const;
const GATEWAY_PASSWORD = 'B'.repeat(43);
const GROUPS = 144;
const VILLAGES = 29;
const ROWS = 500;

const two = (n: number) => String(n).padStart(2, '0');
const villageCode = (i: number) => `${COUNTY}${101 + (i % 5)}2${two(i)}`;
const groupCode = (i: number) => `${villageCode(i % VILLAGES)}${two(1 + Math.floor(i / VILLAGES))}`;

/** `passwordOf`: what each says to the broker; of no account when not given, as a bare broker asks for none. */
export function benchGateways(count: number, passwordOf: (id: string) => string = () => GATEWAY_PASSWORD): BenchGateway[] {
  return Array.from({ length: count }, (_, i) => {
    const id = `gw-${i}`;
    return { id, gridCode: groupCode(i % GROUPS), speakerId: `sp-${i}`, password: passwordOf(id) };
  });
}

/** Writes the county of so many gateways; two officers who may do everything. */
export async function writeCounty(deps: Deps, count: number): Promise<BenchGateway[]> {
  await makeCountyKeys(deps);
  const nodes: Tables['gridNode']['$inferInsert'][] = [{ code: COUNTY, tier: 'county', name: '演示县' }];
  for (let i = 0; i < 5; i++) nodes.push({ code: `${COUNTY}${101 + i}`, tier: 'township', name: `演示镇${i}`, parentCode: COUNTY });
  for (let i = 0; i < VILLAGES; i++) nodes.push({ code: villageCode(i), tier: 'village', name: `演示村${i}`, parentCode: villageCode(i).slice(0, 9) });
  for (let i = 0; i < GROUPS; i++) nodes.push({ code: groupCode(i), tier: 'group', name: `演示组${i}`, parentCode: groupCode(i).slice(0, 12) });
  const all = benchGateways(count, (id) => devicePassword(deps.vault, id));
  const rooms = Array.from({ length: Math.ceil(count / ROWS) }, (_, i) => all.slice(i * ROWS, (i + 1) * ROWS));
  await deps.db.atomically([any((q, t) => q.insert(t.gridNode).values(nodes).returning({ code: t.gridNode.code }))]);
  await createOfficer(deps, { ...OFFICER, name: '演示值班员', role: 'county-officer', scopes: [COUNTY] }, SETUP);
  await createOfficer(deps, { ...SECOND, name: '演示值班员乙', role: 'county-officer', scopes: [COUNTY] }, SETUP);
  for (const some of rooms) await deps.db.atomically(roomOps(some));
  return all;
}

function roomOps(some: readonly BenchGateway[]): Op[] {
  const place = some.map((one) => ({ ...one, siteId: `site-${one.id}` }));
  return [
    any((q, t) =>
      q
        .insert(t.site)
        .values(place.map((one) => ({ id: one.siteId, name: `活动室 ${one.id}`, gridCode: one.gridCode, placedBy: 'bench' })))
        .returning({ id: t.site.id }),
    ),
    any((q, t) =>
      q
        .insert(t.gateway)
        .values(
          place.map(({ id, siteId, gridCode, password }) => ({
            id,
            siteId,
            gridCode,
            status: 'active' as const,
            passwordHash: secretHash(password),
            publicKey: 'A'.repeat(43),
            createdAtMs: 0,
          })),
        )
        .returning({ id: t.gateway.id }),
    ),
    any((q, t) =>
      q
        .insert(t.speaker)
        .values(place.map(({ speakerId, siteId, id, gridCode }) => ({ id: speakerId, siteId, gatewayId: id, gridCode, name: `喇叭 ${id}` })))
        .returning({ id: t.speaker.id }),
    ),
  ];
}
