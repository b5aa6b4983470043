// The one entry: `laba <command>`. The only file that reads the environment or ends the process.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readConfig } from '@laba/runtime/config';
import { Refused } from './cli/client.ts';
import { HELP, usageOf, WrongUsage } from './cli/usage.ts';
import type { Command, Console } from './cli/command.ts';

const DATA_DIR = fileURLToPath(new URL('../../../data', import.meta.url));

// Each is read when it is asked for: an officer's command does not wait for the whole house to load.
const COMMANDS: Record<string, () => Promise<Command>> = {
  start: () => import('./cli/start-command.ts').then((room) => room.startCommand),
  up: () => import('./cli/up-command.ts').then((room) => room.upCommand),
  secrets: () => import('./cli/secrets-command.ts').then((room) => room.secretsCommand),
  'broker-accounts': () => import('./cli/broker-accounts-command.ts').then((room) => room.brokerAccountsCommand),
  init: () => import('./cli/init-command.ts').then((room) => room.initCommand),
  import: () => import('./cli/import-command.ts').then((room) => room.importCommand),
  report: () => import('./cli/duty-commands.ts').then((room) => room.reportCommand),
  alert: () => import('./cli/duty-commands.ts').then((room) => room.alertCommand),
  demo: () => import('./cli/demo-command.ts').then((room) => room.demoCommand),
  backup: () => import('./cli/backup-command.ts').then((room) => room.backupCommand),
  restore: () => import('./cli/backup-command.ts').then((room) => room.restoreCommand),
  keys: () => import('./cli/keys-command.ts').then((room) => room.keysCommand),
  edge: () => import('./cli/edge-command.ts').then((room) => room.edgeCommand),
  gateway: () => import('./cli/gateway-command.ts').then((room) => room.gatewayCommand),
};

const terminal: Console = {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  isTty: process.stdout.isTTY === true,
  env: process.env,
  untilToldToStop,
};

const IMPATIENT_MS = 2_000;

// A terminal's Ctrl-C may arrive twice, from the terminal and from npm; only one that comes later means: at once.
function untilToldToStop(): Promise<string> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const told = (why: string) => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > IMPATIENT_MS) process.exit(1);
      resolve(why);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, told);
    // The toolchain that started this is gone, killed with npm.
    if (process.connected) process.once('disconnect', () => told('its starter is gone'));
  });
}

// A closed pipe (`laba … | head`) ends the command, not with a stack.
process.stdout.on('error', () => process.exit(0));

const HELP_WORDS = new Set(['help', '--help', '-h']);

async function tellHelp(topic: string | undefined): Promise<number> {
  const text = topic === undefined ? HELP : await usageOf(topic);
  if (text === undefined) throw new WrongUsage(`there is no command '${topic}'`);
  terminal.out(text);
  return 0;
}

const version = () => (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    terminal.err(HELP);
    return 2;
  }
  if (HELP_WORDS.has(name)) return tellHelp(rest[0]);
  if (name === '--version') {
    terminal.out(`laba ${version()}`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new WrongUsage(`unknown command '${name}'; there are ${Object.keys(COMMANDS).join(', ')}`);
  if (rest.some((word) => word === '--help' || word === '-h')) return tellHelp(name);
  // The same folder wherever the command is typed.
  const home = process.env['LABA_DATA'] ? {} : { dataDir: DATA_DIR };
  return (await command())({ args: rest, config: readConfig(process.env, home), terminal, parse: parseArgs });
}

function isWrongUsage(error: unknown): error is Error {
  return error instanceof WrongUsage || (error instanceof Error && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS_'));
}

// Node's own words on options go on with advice that does not fit here.
const firstSentence = (text: string) => text.split('\n')[0]!.split('. ')[0]!;

function tellError(error: unknown, name: string | undefined): number {
  if (isWrongUsage(error)) {
    const topic = name !== undefined && Object.hasOwn(COMMANDS, name) ? ` ${name}` : '';
    terminal.err(`laba: ${error instanceof WrongUsage ? error.message : firstSentence(error.message)}. See: laba help${topic}`);
    return 2;
  }
  const refused = error instanceof Refused ? ` (${error.code})` : '';
  terminal.err(`laba: ${error instanceof Error ? error.message : String(error)}${refused}`);
  if (process.env['LABA_LOG_LEVEL'] === 'debug' && error instanceof Error) terminal.err(error.stack ?? '');
  return 1;
}

// What is written here is for this user only: the county's people, its keys, its sounds.
process.umask(0o077);
const args = process.argv.slice(2);
process.exit(await main(args).catch((error: unknown) => tellError(error, args[0])));
