// The one entry: `laba <command>`. The only file that reads the environment or ends the process.
import { parseArgs } from 'node:util';
import { readConfig, type Config } from '@laba/runtime/config';
import { demoCommand } from './cli/demo-command.ts';
import { gatewayCommand } from './cli/gateway-command.ts';
import { importCommand } from './cli/import-command.ts';
import { initCommand } from './cli/init-command.ts';
import { alertCommand, reportCommand } from './cli/duty-commands.ts';
import { startCommand } from './cli/start-command.ts';
import { Refused } from './cli/client.ts';
import type { Command, Console } from './cli/command.ts';

const COMMANDS: Record<string, Command> = {
  start: startCommand,
  init: initCommand,
  import: importCommand,
  report: reportCommand,
  alert: alertCommand,
  demo: demoCommand,
  gateway: gatewayCommand,
};

const USAGE = `Laba 喇叭: from a hazard report to a sounding loudspeaker and a counted answer.

  laba start                                start the house (first start without init: the demo county)
  laba init --divisions FILE --county CODE  start a real county: no demo people; prints a link for its first officer
  laba import KIND FILE [--dry-run]         groups, sites, members, households, persons, places as CSV
  laba report new|list|verify …             hazard reports
  laba alert draft|forecast|raise|… …       the life of an alert; see: laba alert --help
  laba demo dasuo [--json]                  the Dasuo night, from report to all-clear
  laba demo county [--with-faults] [--json] county-wide red by two officers, then cancel
  laba gateway try [--device NAME]          enrol and run one real gateway on this machine

Environment: LABA_PORT (8080), LABA_MQTT_PORT (1883), LABA_HOST (127.0.0.1), LABA_DATA (data), LABA_TIME_ZONE (Asia/Shanghai), LABA_LOG_LEVEL.
For commands against a running house: LABA_URL, LABA_USER, LABA_PASSWORD (in the demo county they are found in LABA_DATA).
`;

const terminal: Console = {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  isTty: process.stdout.isTTY === true,
  env: process.env,
  untilToldToStop: () => new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(signal));
  }),
};

// A closed pipe (`laba … | head`) ends the command, not with a stack.
process.stdout.on('error', () => process.exit(0));

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help') {
    terminal.out(USAGE);
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS[name];
  if (command === undefined) {
    terminal.err(`laba: unknown command '${name}'. See: laba help`);
    return 2;
  }
  const config: Config = readConfig(process.env);
  return command({ args: rest, config, terminal, parse: parseArgs });
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  const refused = error instanceof Refused ? ` (${error.code})` : '';
  terminal.err(`laba: ${error instanceof Error ? error.message : String(error)}${refused}`);
  if (process.env['LABA_LOG_LEVEL'] === 'debug' && error instanceof Error) terminal.err(error.stack ?? '');
  process.exit(1);
}
