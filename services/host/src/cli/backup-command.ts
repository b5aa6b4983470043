// `laba backup`: the county in one file, while the house runs. `laba restore`: out of it again, when nothing runs.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { backUp } from '../back-up.ts';
import { restore } from '../restore.ts';
import { realWorld } from '../start-house.ts';
import type { Command } from './command.ts';
import { WrongUsage } from './usage.ts';

const version = () => (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
const mib = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MiB`;

export const backupCommand: Command = async ({ args, config, terminal, parse }) => {
  const { values } = parse({ args: [...args], options: { to: { type: 'string' }, 'with-secret': { type: 'boolean', default: false } } });
  const withSecret = values['with-secret'];
  const { clock } = realWorld(config, false);
  const { file, bytes, manifest } = await backUp(config, { to: values.to, withSecret, nowMs: clock.now(), labaVersion: version() });
  terminal.out(`County ${manifest.county} as of ${manifest.takenAt} in ${file} (${mib(bytes)}, readable by this user only).`);
  if (withSecret) terminal.out('It holds secret.key: whoever has this file has the county. Keep it locked away, and never on the same disk alone.');
  else
    terminal.out(
      `It does not hold ${config.dataDir}/secret.key: keep a copy of that apart, once (for example printed, or on a stick in the safe). A restore asks for it.`,
    );
  return 0;
};

export const restoreCommand: Command = async ({ args, config, terminal, parse }) => {
  const { values, positionals } = parse({
    args: [...args],
    allowPositionals: true,
    options: { to: { type: 'string' }, replace: { type: 'boolean', default: false }, secret: { type: 'string' } },
  });
  const [file, more] = positionals;
  if (file === undefined || more !== undefined) throw new WrongUsage('restore wants one FILE that `laba backup` made');
  const target = { ...config, dataDir: values.to === undefined ? config.dataDir : resolve(values.to), logLevel: 'error' as const };
  const { manifest, held, aside } = await restore(target, realWorld(target, false), { file, replace: values.replace, secret: values.secret });
  terminal.out(`County ${manifest.county} as of ${manifest.takenAt} is in ${target.dataDir}. What happened after that is not in it.`);
  if (aside !== undefined) terminal.out(`What was there before lies in ${aside}.`);
  if (held.alerts.length > 0)
    terminal.out(`${held.alerts.length} alerts were active then: nothing of them is sent again until an officer updates, extends, ends or cancels them.`);
  terminal.out('Loudspeakers that sound go on by themselves. Everybody signs in again; look through the officers and gateways that were barred since.');
  terminal.out(`Now start it: LABA_DATA=${target.dataDir} ./laba start`);
  return 0;
};
