// `laba edge`: a village's own house: enrolled once below the county's; and what a runner carries between them when there is no line.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { tierOf } from '@laba/domain/grid';
import type { HardwareWords } from '@laba/gateway/hardware';
import type { Config } from '@laba/runtime/config';
import { askAbove, joinAbove } from '@laba/sharing/join-above';
import { keepHouse, newHouse, ownHouse } from '@laba/sharing/own-house';
import { listPeers } from '@laba/sharing/house-store';
import { compose } from '../compose.ts';
import { holdDataDir } from '../hold-data-dir.ts';
import { readHouseFile, writeHouseFile, type HouseFile } from '../house-file.ts';
import { realWorld } from '../start-house.ts';
import type { Command, Invocation } from './command.ts';
import { HARDWARE, hardwareOf } from './gateway-command.ts';
import { signIn } from './sign-in.ts';
import { WrongUsage } from './usage.ts';

const NAMED = {
  above: { type: 'string' },
  code: { type: 'string' },
  broker: { type: 'string' },
  site: { type: 'string' },
  ...HARDWARE,
  to: { type: 'string' },
  out: { type: 'string' },
} as const;

interface Given extends HardwareWords {
  above?: string | undefined;
  code?: string | undefined;
  broker?: string | undefined;
  site?: string | undefined;
  to?: string | undefined;
  out?: string | undefined;
}

type Act = (invocation: Invocation, given: Given, file: string | undefined) => Promise<number>;

const ACTS: Record<string, Act> = {
  'claim-code': claimCode,
  enrol,
  houses,
  confirm: (invocation, _given, id) => change(invocation, 'confirm', id),
  revoke: (invocation, _given, id) => change(invocation, 'revoke', id),
  export: carryOut,
  import: carryIn,
};

export const edgeCommand: Command = async (invocation) => {
  const { values, positionals } = invocation.parse({ args: [...invocation.args], allowPositionals: true, options: NAMED });
  const [verb, subject, more] = positionals;
  const act = verb !== undefined && Object.hasOwn(ACTS, verb) ? ACTS[verb] : undefined;
  if (act === undefined || more !== undefined) throw new WrongUsage(`edge wants ${Object.keys(ACTS).join(', ')}`);
  return act(invocation, values, subject);
};

function wanted(value: string | undefined, what: string): string {
  if (value === undefined) throw new WrongUsage(what);
  return value;
}

async function claimCode({ config, terminal }: Invocation, _given: Given, gridCode: string | undefined): Promise<number> {
  const client = await signIn(config, terminal, 'admin');
  const body = { gridCode: wanted(gridCode, 'edge claim-code wants a grid code') };
  const { code, expiresAt } = await client.post<{ code: string; expiresAt: string }>('/api/v1/houses/claim-codes', body);
  terminal.out(`Claim code ${code} for a house of ${body.gridCode}, good once until ${expiresAt}. In the village: laba edge enrol --above URL --code ${code}`);
  return 0;
}

async function enrol({ config, terminal }: Invocation, given: Given): Promise<number> {
  const above = wanted(given.above, 'edge enrol wants --above http://HOST:PORT');
  const code = wanted(given.code, 'edge enrol wants --code CLAIM-CODE: an officer of the county makes one, it is good for 15 minutes');
  const isNew = !existsSync(config.dataDir) || readdirSync(config.dataDir).length === 0;
  const file = isNew ? undefined : readHouseFile(config.dataDir);
  if (file?.ready === true && !isCounty(file)) throw new Error(`${config.dataDir} already holds a house: name an empty folder with LABA_DATA.`);
  const release = holdDataDir(config.dataDir);
  let done = false;
  try {
    const { gridCode, id, mark } =
      file?.ready === true ? await joinPrefecture(config, file, above, code, given) : await becomeHouse(config, above, code, given);
    done = true;
    terminal.out(`This is the house of ${gridCode} now, ${id}, in ${config.dataDir}.`);
    terminal.out(`An officer above confirms it when he has compared its mark ${mark}: laba edge confirm ${id}`);
    terminal.out(`Start it here with the same LABA_DATA: laba start`);
    return 0;
  } finally {
    release();
    // Half a house would be taken for one.
    if (isNew && !done) for (const name of readdirSync(config.dataDir)) rmSync(resolve(config.dataDir, name), { recursive: true });
  }
}

const isCounty = ({ county, node }: HouseFile) => node === undefined && tierOf(county) === 'county';

/** The county's house stays what it is, and tells a prefecture's from now on. */
async function joinPrefecture(config: Config, { county, demo }: HouseFile, above: string, code: string, given: Given) {
  const quiet: Config = { ...config, county, demo, port: 0, mqttPort: 0, logLevel: 'error' };
  const house = await compose(quiet, realWorld(quiet, false));
  try {
    if ((await listPeers(house.deps.db, { side: 'above', statuses: ['active'] })).length > 0)
      throw new Error(`County ${county} tells a prefecture already: laba edge houses, then laba edge revoke HOUSE.`);
    const own = await ownHouse(house.deps);
    const claimed = await askAbove(own, above, code);
    if (claimed.gridCode !== county) throw new Error(`This code is for the house of ${claimed.gridCode}, and this is the county ${county}.`);
    await joinAbove(house.deps, claimed, given.broker?.split(',') ?? []);
    return { gridCode: county, id: own.id, mark: markOf(own.id) };
  } finally {
    await house.stop();
  }
}

async function becomeHouse(config: Config, above: string, code: string, given: Given): Promise<{ gridCode: string; id: string; mark: string }> {
  const hardware = wordsOf(given);
  const own = newHouse();
  const claimed = await askAbove(own, above, code);
  const { county, gridCode } = claimed;
  if (tierOf(gridCode) === 'county')
    throw new Error(`${config.dataDir} holds no county: laba init makes the house of ${gridCode}, then enrol it with a new code.`);
  const quiet: Config = { ...config, profile: 'edge', county, node: gridCode, demo: false, port: 0, mqttPort: 0, logLevel: 'error' };
  const house = await compose(quiet, realWorld(quiet, false));
  try {
    await keepHouse(house.deps, own);
    await joinAbove(house.deps, claimed, given.broker?.split(',') ?? []);
    writeHouseFile(config.dataDir, { county, node: gridCode, demo: false, ready: true, ...(given.site === undefined ? {} : { site: given.site }), hardware });
  } finally {
    await house.stop();
  }
  return { gridCode, id: own.id, mark: markOf(own.id) };
}

// Checked before anybody is asked: a claim code is good once.
function wordsOf({ device, speaker, button, press, microphone, talk }: HardwareWords): NonNullable<HouseFile['hardware']> {
  const words = { device, speaker, button, press, microphone, talk };
  hardwareOf(words);
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
}

/** What the installer reads out and the officer compares. */
const markOf = (id: string) => id.slice(2, 10);

interface Houses {
  id: string;
  node: string;
  houses: { id: string; gridCode: string; side: 'above' | 'below'; status: string; lastHeardAt: string | null; behind: number; trouble: string | null }[];
}

async function houses({ config, terminal }: Invocation): Promise<number> {
  const { id, node, houses: known } = await (await signIn(config, terminal, 'admin')).get<Houses>('/api/v1/houses');
  terminal.out(`This is the house of ${node}, ${id}.`);
  for (const one of known)
    terminal.out(
      `  ${one.side.padEnd(6)} ${one.gridCode.padEnd(14)} ${one.status.padEnd(8)} ${one.id}  heard ${one.lastHeardAt ?? 'never'}  ${one.behind} rows behind${one.trouble === null ? '' : `  not taken: ${one.trouble}`}`,
    );
  return 0;
}

async function change({ config, terminal }: Invocation, verb: 'confirm' | 'revoke', id: string | undefined): Promise<number> {
  const client = await signIn(config, terminal, 'admin');
  const { gridCode, status } = await client.post<{ gridCode: string; status: string }>(
    `/api/v1/houses/${wanted(id, `edge ${verb} wants a house's id`)}/${verb}`,
  );
  terminal.out(`The house of ${gridCode} is ${status}.`);
  return 0;
}

async function carryOut({ config, terminal }: Invocation, given: Given): Promise<number> {
  const out = wanted(given.out, 'edge export wants --out FILE');
  const client = await signIn(config, terminal, 'admin');
  const { houses: known } = await client.get<Houses>('/api/v1/houses');
  const to = known.filter(
    (one) => one.status === 'active' && (given.to === undefined || given.to === 'above' ? one.side === 'above' : one.gridCode === given.to),
  );
  if (to.length !== 1)
    throw new Error(
      `Say which house it is for: --to above, or --to GRID-CODE of a house below (there are ${known.map((one) => one.gridCode).join(', ') || 'none'}).`,
    );
  const parcel = await client.download(`/api/v1/houses/${to[0]!.id}/parcel`);
  writeFileSync(out, parcel, { mode: 0o600 });
  terminal.out(
    `${out}: ${parcel.length} bytes for the house of ${to[0]!.side === 'above' ? 'the county' : to[0]!.gridCode}. Only that house can read it. There: laba edge import ${out}`,
  );
  return 0;
}

async function carryIn({ config, terminal }: Invocation, _given: Given, file: string | undefined): Promise<number> {
  const path = wanted(file, 'edge import wants a file');
  if (!existsSync(path)) throw new Error(`${path}: no such file.`);
  const client = await signIn(config, terminal, 'admin');
  const { gridCode, letters } = await client.upload<{ gridCode: string; letters: number }>('/api/v1/parcels', 'application/octet-stream', readFileSync(path));
  terminal.out(`Taken: ${letters} letters of the house of ${gridCode}. What was known already changed nothing.`);
  return 0;
}
