// `laba up --clustered`: the whole topology on one machine, from Debian's packages.
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { holdDataDir } from '../hold-data-dir.ts';
import type { Command } from './command.ts';
import { WrongUsage } from './usage.ts';

export const upCommand: Command = async ({ args, config, terminal, parse }) => {
  const { values } = parse({ args: [...args], options: { clustered: { type: 'boolean', default: false } } });
  if (!values.clustered) throw new WrongUsage("up wants --clustered; one process without it is 'laba start'");
  if (existsSync(`${config.dataDir}/laba.db`)) throw new Error(`${config.dataDir} holds an embedded county: name another folder with LABA_DATA.`);
  const told = terminal.untilToldToStop();
  const release = holdDataDir(config.dataDir);
  try {
    // What this process compiles, its twelve need not compile again: hence the whole house is read only now.
    enableCompileCache(join(config.dataDir, 'compiled'));
    const { runCluster } = await import('../cluster/run-cluster.ts');
    await runCluster({ ...config, port: config.port || (await freePort(config.host)) }, terminal, told);
    return 0;
  } finally {
    release();
  }
};
