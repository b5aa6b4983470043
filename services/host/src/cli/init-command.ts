// `laba init`: a real county, no demo people, and a one-time link for its first officer.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isPrefecture } from '@laba/domain/grid';
import { initCounty } from '@laba/registry/init-county';
import type { Config } from '@laba/runtime/config';
import { compose } from '../compose.ts';
import { freePort } from '../free-port.ts';
import { readHouseFile, writeHouseFile } from '../house-file.ts';
import { holdDataDir } from '../hold-data-dir.ts';
import { realWorld } from '../start-house.ts';
import type { Command, Console, Invocation } from './command.ts';
import { countyUrl } from './sign-in.ts';
import { WrongUsage } from './usage.ts';

type Made = Awaited<ReturnType<typeof initCounty>>;

export const initCommand: Command = async ({ args, config, terminal, parse }) => {
  const { values } = parse({
    args: [...args],
    options: {
      divisions: { type: 'string' },
      county: { type: 'string' },
      admin: { type: 'string', default: 'admin' },
      clustered: { type: 'boolean', default: false },
    },
  });
  const { divisions, county, admin } = values;
  if (divisions === undefined || county === undefined) throw new WrongUsage('init wants --divisions FILE and --county CODE');
  if (!/^\d{4}(\d{2})?$/.test(county)) throw new WrongUsage(`--county wants six digits, or the four of a prefecture, not '${county}'`);
  if (!existsSync(divisions)) throw new Error(`${divisions}: no such file. It needs the columns code,name,parent_code,level.`);
  const holds = (file: string) => existsSync(join(config.dataDir, file));
  const clustered = values.clustered || holds('cluster.json');
  if (clustered && holds('laba.db')) throw new Error(`${config.dataDir} holds an embedded county: name another folder with LABA_DATA.`);
  const isNew = !existsSync(config.dataDir) || readdirSync(config.dataDir).length === 0;
  const release = holdDataDir(config.dataDir);
  let done = false;
  try {
    const csv = readFileSync(divisions);
    const quiet: Config = { ...config, county, demo: false, mqttPort: 0, logLevel: 'error' };
    const made = clustered ? await onEnginesOfItsOwn(quiet, terminal, (reached) => makeCounty(reached, csv, admin)) : await makeCounty(quiet, csv, admin);
    done = true;
    tell({ config, terminal }, { county, admin, made, start: clustered ? './laba up --clustered' : './laba start' });
    return 0;
  } finally {
    release();
    // Half a county would be taken for an empty folder by the next start, and get the demo's people.
    if (isNew && !done) for (const name of readdirSync(config.dataDir)) rmSync(join(config.dataDir, name), { recursive: true });
  }
};

async function makeCounty(config: Config, divisionsCsv: Buffer, adminUsername: string): Promise<Made> {
  const present = readHouseFile(config.dataDir);
  if (present?.ready && (present.demo || present.county !== config.county)) {
    throw new Error(`${config.dataDir} already holds ${present.demo ? 'the demo county' : `county ${present.county}`}: name an empty folder with LABA_DATA.`);
  }
  const house = await compose(config, realWorld(config, false));
  try {
    const made = await initCounty(house.deps, { divisionsCsv, county: config.county, adminUsername });
    writeHouseFile(config.dataDir, { county: config.county, demo: false, ready: true });
    return made;
  } finally {
    await house.stop();
  }
}

/** The engines that `laba up --clustered` starts in this folder, for as long as the county is made. */
async function onEnginesOfItsOwn(config: Config, terminal: Console, make: (reached: Config) => Promise<Made>): Promise<Made> {
  const { openCluster } = await import('../cluster/start-cluster.ts');
  const cluster = await openCluster({ config: { ...config, port: await freePort(config.host) }, env: terminal.env });
  try {
    return await make({ ...cluster.config, logLevel: 'error' });
  } finally {
    await cluster.stop();
  }
}

interface Told {
  county: string;
  admin: string;
  made: Made;
  /** The command that starts what was made. */
  start: string;
}

function tell({ config, terminal }: Pick<Invocation, 'config' | 'terminal'>, { county, admin, made, start }: Told): void {
  if (isPrefecture(county))
    terminal.out(`Prefecture ${county} in ${config.dataDir}: ${made.nodes} grid nodes. It watches: let its counties in with 'laba edge claim-code CODE'.`);
  else terminal.out(`County ${county} in ${config.dataDir}: ${made.nodes} grid nodes. No people yet: import them with 'laba import'.`);
  terminal.out(`Now start it on this folder: LABA_DATA=${config.dataDir} ${start}`);
  terminal.out(`Officer '${admin}' then sets a password here, once, within 24 hours:`);
  terminal.out(`  ${countyUrl(config, terminal)}/first/${made.token}`);
}
