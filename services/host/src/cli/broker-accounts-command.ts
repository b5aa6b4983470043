// `laba broker-accounts`: everybody who may connect, from the database, as the file with which a Mosquitto starts.
import { writeDurably } from '@laba/runtime/durable-file';
import { silentLog } from '@laba/runtime/log';
import { accountsBefore, accountsFileOf } from '../broker-accounts-file.ts';
import { readHouseFile } from '../house-file.ts';
import type { Command } from './command.ts';

export const brokerAccountsCommand: Command = async ({ args, config, terminal, parse }) => {
  const { values } = parse({ args: [...args], options: { to: { type: 'string' } } });
  if (config.profile !== 'clustered') throw new Error('LABA_PROFILE is not clustered: the embedded broker asks the database itself.');
  if (config.brokerHookSecret !== undefined) throw new Error('LABA_BROKER_HOOK_SECRET is set: that broker asks the house who may connect, and wants no file.');
  const county = readHouseFile(config.dataDir)?.county;
  if (county === undefined) throw new Error(`No county in ${config.dataDir}: bring its house.json and secret.key here.`);
  const before = values.to === undefined ? undefined : accountsBefore(values.to);
  const { text, devices, unknown } = await accountsFileOf({ ...config, county }, silentLog, before);
  if (values.to === undefined) terminal.out(text);
  else writeDurably(values.to, text);
  terminal.err(
    `The county's account and ${devices} devices${values.to === undefined ? '' : ` in ${values.to}; make it the broker's own before Mosquitto starts`}.`,
  );
  if (unknown.length > 0)
    terminal.err(`${unknown.length} devices were enrolled by another secret and must be enrolled again: ${unknown.slice(0, 10).join(' ')}`);
  return 0;
};
