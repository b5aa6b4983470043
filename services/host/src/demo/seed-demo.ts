// First start without configuration: Gongshan's real grid with fictional people, through the same import as real files.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import { newKeyPair } from '@laba/messaging/envelope';
import { createOfficer } from '@laba/registry/create-officer';
import { enrolDirectly } from '@laba/registry/enrol-gateway';
import { importCsv, type ImportKind } from '@laba/registry/import-csv';
import { makeCountyKeys } from '@laba/registry/make-county-keys';
import type { Act } from '@laba/runtime/auth';
import { writeDurably } from '@laba/runtime/durable-file';
import type { Deps } from '@laba/runtime/service';
import { demoCounty, type DemoCounty } from './demo-county.ts';
import { writeDemoFile, type DemoLogin } from './demo-file.ts';

export const DEMO_SEED = 20200525;
const DIVISIONS = fileURLToPath(new URL('../../../../infra/divisions/533324.csv', import.meta.url));
const ACT: Act = { who: 'system', via: 'cli', once: [] };

export function identitiesDirOf(dataDir: string): string {
  return join(dataDir, 'gateways');
}

export function identitiesFileOf(dataDir: string): string {
  return join(identitiesDirOf(dataDir), 'identities.json');
}

/** A simulated gateway's identity with its own private key, as a real box keeps it. */
export type DemoIdentity = GatewayIdentity & { privateKey: string };

export function readIdentities(dataDir: string): DemoIdentity[] {
  return JSON.parse(readFileSync(identitiesFileOf(dataDir), 'utf8')) as DemoIdentity[];
}

/** Imports the demo county, makes its officers with random passwords and enrols one gateway per activity room. */
export async function seedDemo(deps: Deps, seed: number): Promise<DemoCounty> {
  const divisions = readFileSync(DIVISIONS);
  const county = demoCounty(divisions.toString('utf8'), seed);
  const files: [ImportKind, string | Buffer][] = [
    ['divisions', divisions],
    ['groups', county.groupsCsv],
    ['sites', county.sitesCsv],
    ['members', county.membersCsv],
    ['households', county.householdsCsv],
    ['persons', county.personsCsv],
    ['places', county.placesCsv],
    ['ladders', county.laddersCsv],
    ['hazard-points', county.hazardPointsCsv],
  ];
  for (const [kind, text] of files) {
    await importCsv(deps, { kind, bytes: Buffer.from(text), dryRun: false, county: deps.config.county }, ACT);
  }
  await makeCountyKeys(deps);
  await enrolSites(deps);
  const logins = await makeOfficers(deps, county);
  writeDemoFile(deps.config.dataDir, { logins, dasuo: county.dasuo });
  return county;
}

async function makeOfficers(deps: Deps, county: DemoCounty): Promise<DemoLogin[]> {
  const logins: DemoLogin[] = [];
  for (const officer of county.officers) {
    const password = randomBytes(9).toString('base64url');
    await createOfficer(deps, { ...officer, scopes: [...officer.scopes], password }, ACT);
    logins.push({ ...officer, password });
  }
  return logins;
}

async function enrolSites(deps: Deps): Promise<void> {
  const sites = await deps.db.read((q, t) => q.select({ id: t.site.id }).from(t.site).orderBy(t.site.id));
  const pairs = sites.map((site) => ({ siteId: site.id, ...newKeyPair() }));
  const identities = await enrolDirectly(
    deps,
    pairs.map(({ siteId, publicKey }) => ({ siteId, publicKey })),
    ACT,
  );
  const withKeys: DemoIdentity[] = identities.map((identity, i) => ({ ...identity, privateKey: pairs[i]!.privateKey }));
  mkdirSync(identitiesDirOf(deps.config.dataDir), { recursive: true, mode: 0o700 });
  writeDurably(identitiesFileOf(deps.config.dataDir), JSON.stringify(withKeys));
}
