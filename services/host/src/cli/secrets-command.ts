// `laba secrets`: what the containers of the clustered profile must know and nobody else, made once.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { firstAccounts } from '@laba/engines/mosquitto-accounts';
import { mosquittoConf } from '@laba/engines/mosquitto-settings';
import type { Command } from './command.ts';
import { WrongUsage } from './usage.ts';

export const secretsCommand: Command = async ({ args, terminal, parse }) => {
  const { values } = parse({ args: [...args], options: { to: { type: 'string', default: 'secrets' }, county: { type: 'string', default: '533324' } } });
  if (!/^\d{6}$/.test(values.county)) throw new WrongUsage(`--county wants six digits, not '${values.county}'`);
  const dir = resolve(values.to);
  if (existsSync(dir)) throw new Error(`${dir} is there already: containers may hold its passwords. Take it away by hand if you mean to begin anew.`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(secretFiles(values.county))) writeFileSync(join(dir, name), text, { mode: 0o644 });
  terminal.out(`Made ${dir}: keep it on this machine only, and out of every backup that leaves it.`);
  return 0;
};

// Readable inside the containers, whose users are others; the folder itself is this user's alone.
function secretFiles(county: string): Record<string, string> {
  const secret = () => randomBytes(24).toString('base64url');
  const [database, redis, broker] = [secret(), secret(), secret()];
  return {
    'postgres-password': database,
    'database-url': `postgres://laba:${database}@postgres:5432/laba`,
    'redis.conf': `requirepass ${redis}\nsave ""\nappendonly no\nmaxmemory-policy noeviction\n`,
    'redis-url': `redis://:${redis}@redis:6379/0`,
    'broker-url': `mqtt://county:${broker}@mosquitto:1883`,
    'accounts.json': firstAccounts({ county, username: 'county', password: broker }),
    'mosquitto.conf': mosquittoConf({
      listener: '1883',
      plugin: '/usr/lib/mosquitto_dynamic_security.so',
      accountsFile: '/mosquitto/data/accounts.json',
    }),
  };
}
