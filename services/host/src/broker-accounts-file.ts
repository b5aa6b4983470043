// Everybody who may connect, as the file with which a Mosquitto begins: thousands of boxes need not be entered at it one by one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountsText } from '@laba/engines/mosquitto-accounts';
import { markOf } from '@laba/messaging/dynamic-security';
import { assertSameCounty } from '@laba/registry/assert-same-county';
import { brokerAccounts } from '@laba/registry/broker-accounts';
import type { Config } from '@laba/runtime/config';
import type { Deps } from '@laba/runtime/service';
import { Vault } from '@laba/runtime/vault';
import { PostgresDatabase } from '@laba/storage/postgres';

export interface AccountsFile {
  /** JSON, for the file that `plugin_opt_config_file` names. */
  text: string;
  /** How many gateways and sensors are in it. */
  devices: number;
  /** Devices that must be enrolled again: their password is not known here. */
  unknown: readonly string[];
}

/**
 * The county's account is that of `config.brokerUrl`. Of `before`, what the file holds now, an operator's own accounts stay, and each
 * account that is still the same keeps its salt.
 */
export async function accountsFile(deps: Pick<Deps, 'db' | 'vault' | 'config'>, before?: string): Promise<AccountsFile> {
  const { accounts, unknown } = await brokerAccounts(deps);
  const { username, password } = new URL(deps.config.brokerUrl ?? 'mqtt://county@localhost');
  const county = { county: deps.config.county, username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const devices = accounts.map((account) => ({ ...account, mark: markOf(account) }));
  return { text: accountsText(county, devices, before), devices: devices.length, unknown };
}

/** The same from the configuration alone: the broker need not run, nor any house. @throws one line when the database is not this county's */
export async function accountsFileOf(config: Config, log: Deps['log'], before?: string): Promise<AccountsFile> {
  const db = await PostgresDatabase.open(config.databaseUrl ?? '', undefined, { log });
  try {
    const vault = Vault.open(config.secretFile ?? join(config.dataDir, 'secret.key'));
    await assertSameCounty({ db, vault, config });
    return await accountsFile({ db, vault, config }, before);
  } finally {
    await db.close();
  }
}

/** What a file holds; undefined when there is none. @throws one line when it is something else: it will not be written over */
export function accountsBefore(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  if (!isAccounts(text)) throw new Error(`${file} is there and no file of Mosquitto's dynamic-security plugin: name another, or take it away.`);
  return text;
}

function isAccounts(text: string): boolean {
  try {
    return Array.isArray((JSON.parse(text) as { clients?: unknown } | null)?.clients);
  } catch {
    return false;
  }
}
