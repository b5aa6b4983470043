// Where a command finds its county and who it is: from the environment, or from the demo's own folder.
import type { Config } from '@laba/runtime/config';
import { reachable } from '../compose.ts';
import { readDemoFile } from '../demo/seed-demo.ts';
import { answers, Client } from './client.ts';
import type { Console } from './command.ts';

export function countyUrl(config: Config, terminal: Pick<Console, 'env'>): string {
  return terminal.env['LABA_URL'] ?? config.publicUrl ?? `http://${reachable(config.host)}:${config.port}`;
}

/**
 * A signed-in client. In the demo county `fallbackUser` is taken when nobody is named.
 * @throws one line that says how to start the house or how to say who you are
 */
export async function signIn(config: Config, terminal: Pick<Console, 'env'>, fallbackUser: string): Promise<Client> {
  const url = countyUrl(config, terminal);
  if (!(await answers(url))) throw new Error(`No Laba answers at ${url}: start it with 'npm start', or name another one with LABA_URL.`);
  const username = terminal.env['LABA_USER'] ?? fallbackUser;
  const password = terminal.env['LABA_PASSWORD'] ?? demoPassword(config.dataDir, username);
  const client = new Client(url);
  await client.signIn(username, password);
  return client;
}

function demoPassword(dataDir: string, username: string): string {
  const login = readDemoFile(dataDir).logins.find((candidate) => candidate.username === username);
  if (login === undefined) throw new Error(`The demo county has no officer '${username}': set LABA_USER and LABA_PASSWORD.`);
  return login.password;
}
