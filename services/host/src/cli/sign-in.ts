// Where a command finds its county and who it is: from the environment, or from the demo's own folder.
import type { Config } from '@laba/runtime/config';
import { reachable } from '../reachable.ts';
import { readDemoFile, type DemoLogin } from '../demo/demo-file.ts';
import { readHouseFile } from '../house-file.ts';
import { answers, Client, Refused } from './client.ts';
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
  if (!(await answers(url))) throw new Error(`No Laba answers at ${url}: start it with './laba start', or name another one with LABA_URL.`);
  const { username, password, isDemo } = whoOf(config.dataDir, terminal.env, fallbackUser);
  const client = new Client(url);
  await client.signIn(username, password).catch((error: unknown) => {
    if (!isDemo || !(error instanceof Refused) || error.code !== 'sign-in-failed') throw error;
    throw new Error(`The Laba at ${url} is not the one of ${config.dataDir}: set LABA_URL or LABA_DATA, or say who you are with LABA_USER and LABA_PASSWORD.`);
  });
  return client;
}

function whoOf(dataDir: string, env: Console['env'], fallbackUser: string): { username: string; password: string; isDemo: boolean } {
  const username = env['LABA_USER'] || fallbackUser;
  if (env['LABA_PASSWORD']) return { username, password: env['LABA_PASSWORD'], isDemo: false };
  const login = demoLogins(dataDir)?.find((candidate) => candidate.username === username);
  if (login === undefined) throw new Error(`Say who you are: set LABA_USER and LABA_PASSWORD (only the demo county's own officers are found in ${dataDir}).`);
  return { username, password: login.password, isDemo: true };
}

function demoLogins(dataDir: string): DemoLogin[] | undefined {
  return readHouseFile(dataDir)?.demo === true ? readDemoFile(dataDir).logins : undefined;
}
