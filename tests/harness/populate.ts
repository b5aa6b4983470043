// Fills a house with the small county, through the same import, enrolment and officers as a real one.
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import { createOfficer } from '@laba/registry/create-officer';
import { enrolDirectly } from '@laba/registry/enrol-gateway';
import { importCsv, type ImportKind } from '@laba/registry/import-csv';
import { makeCountyKeys } from '@laba/registry/make-county-keys';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { COUNTY, DIVISIONS_CSV, GROUPS_CSV, HOUSEHOLDS_CSV, LADDERS_CSV, MEMBERS_CSV, OFFICERS, PERSONS_CSV, PLACES_CSV, SITES_CSV } from './small-county.ts';

const SETUP: Act = { who: 'system', via: 'cli', once: [] };
const FILES: [ImportKind, string][] = [
  ['divisions', DIVISIONS_CSV],
  ['groups', GROUPS_CSV],
  ['sites', SITES_CSV],
  ['members', MEMBERS_CSV],
  ['households', HOUSEHOLDS_CSV],
  ['persons', PERSONS_CSV],
  ['places', PLACES_CSV],
  ['ladders', LADDERS_CSV],
];

/** Returns one identity per activity room. `publicKeyOf`: the key that each device made. */
export async function populate(deps: Deps, password: string, publicKeyOf: (siteId: string) => string): Promise<GatewayIdentity[]> {
  for (const [kind, text] of FILES) await importCsv(deps, { kind, bytes: Buffer.from(text), dryRun: false, county: COUNTY }, SETUP);
  await makeCountyKeys(deps);
  for (const officer of OFFICERS) await createOfficer(deps, { ...officer, scopes: [...officer.scopes], password }, SETUP);
  const sites = await deps.db.read((q, t) => q.select({ siteId: t.site.id }).from(t.site).orderBy(t.site.id));
  return enrolDirectly(
    deps,
    sites.map(({ siteId }) => ({ siteId, publicKey: publicKeyOf(siteId) })),
    SETUP,
  );
}
