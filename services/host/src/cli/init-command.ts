// `laba init`: a real county, no demo people, and a one-time link for its first officer.
import { existsSync, readFileSync } from 'node:fs';
import { initCounty } from '@laba/registry/init-county';
import { compose } from '../compose.ts';
import { readHouseFile, writeHouseFile } from '../house-file.ts';
import { openDataDir, realWorld } from '../start-house.ts';
import { countyUrl } from './sign-in.ts';
import type { Command } from './command.ts';

const USAGE = 'laba init --divisions FILE --county CODE [--admin USERNAME]';

export const initCommand: Command = async ({ args, config, terminal, parse }) => {
  const { values } = parse({ args: [...args], options: { divisions: { type: 'string' }, county: { type: 'string' }, admin: { type: 'string', default: 'admin' } } });
  if (values.divisions === undefined || values.county === undefined) {
    terminal.err(`Usage: ${USAGE}`);
    return 2;
  }
  if (!existsSync(values.divisions)) throw new Error(`${values.divisions}: no such file. It needs the columns code,name,parent_code,level.`);
  openDataDir(config.dataDir);
  const present = readHouseFile(config.dataDir);
  if (present?.ready) throw new Error(`${config.dataDir} already holds county ${present.county}: name an empty folder with LABA_DATA.`);
  const ownPorts = { ...config, county: values.county, demo: false, mqttPort: 0 };
  const house = await compose(ownPorts, realWorld({ ...config, logLevel: 'error' }, false));
  try {
    const made = await initCounty(house.deps, { divisionsCsv: readFileSync(values.divisions), county: values.county, adminUsername: values.admin });
    writeHouseFile(config.dataDir, { county: values.county, demo: false, ready: true });
    terminal.out(`County ${values.county}: ${made.nodes} grid nodes. No people yet: import them with 'laba import' or on the page.`);
    terminal.out(`First officer '${values.admin}' sets a password here, once, within 24 hours, after 'npm start':`);
    terminal.out(`  ${countyUrl(config, terminal)}/first/${made.token}`);
  } finally {
    await house.stop();
  }
  return 0;
};
