// Mosquitto as a child process: tuned as the operator's is, with the county's account; it may be killed, restarted empty, moved under TLS.
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { firstAccounts } from './mosquitto-accounts.ts';
import { mosquittoConf } from './mosquitto-settings.ts';
import { accountWhenRoot, findServer, freeLocalPort, startServer, type ServerProcess } from './server-process.ts';

const PLUGIN = 'mosquitto_dynamic_security.so';
const USER = 'mosquitto';
const LOOK_MS = 1_000;
/** Where this machine reaches what listens on all of its addresses. */
const EVERY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

export interface MosquittoOptions {
  /** A folder of its own: configuration, accounts and log. What is there is used again. */
  dir: string;
  /** A free one when not given. */
  port?: number;
  /** The address it listens on: loopback when not given. */
  host?: string;
  /** Six digits: under whose topics the county's account may speak. */
  county: string;
  /** Of the county's account at first start; from then on it is in the plugin's file. */
  adminPassword: string;
  /** Its user name; `county` when not given. */
  adminName?: string;
  /** The plugin's whole file with which it begins, also where one is: as `accountsText` makes it. Without it, the county's account alone in a new one. */
  accounts?: string;
  tls?: { certFile: string; keyFile: string };
  /** Directives added at the end, or the whole text made into another one: a test may spoil the tuning. */
  change?: (conf: string) => string;
  /** True: it goes also when its starter is killed outright. */
  endsWithStarter?: boolean;
}

export interface MosquittoServer {
  /** With the county's account in it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
  readonly running: boolean;
  stop(): Promise<void>;
  signal(signal: NodeJS.Signals): Promise<void>;
  /** Stops it, in good order or by SIGKILL, and starts it again on the same port. `empty`: it has forgotten all accounts but the county's. */
  restart(how?: { kill?: boolean; empty?: boolean }): Promise<void>;
}

/** Where the program and its plugin are; undefined when either is missing. */
export function findMosquitto(): { command: string; plugin: string } | undefined {
  const command = findServer('mosquitto');
  const plugin = findPlugin();
  return command === undefined || plugin === undefined ? undefined : { command, plugin };
}

// Debian keeps libraries by machine type: x86_64-linux-gnu, aarch64-linux-gnu; others in /usr/lib or /usr/local/lib.
function findPlugin(): string | undefined {
  const types = existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.includes('-linux-')) : [];
  const folders = [...types.map((name) => join('/usr/lib', name)), '/usr/lib', '/usr/lib64', '/usr/local/lib'];
  return folders.map((folder) => join(folder, PLUGIN)).find((file) => existsSync(file));
}

/** @throws one line when Mosquitto or its plugin is missing, or does not start */
export async function startMosquitto(options: MosquittoOptions): Promise<MosquittoServer> {
  const found = findMosquitto();
  if (found === undefined) throw new Error('Mosquitto 2.0 with its dynamic-security plugin is not installed: apt-get install mosquitto');
  const server = new ChildMosquitto(options, found, options.port ?? (await freeLocalPort()));
  await server.start(options.accounts);
  return server;
}

class ChildMosquitto implements MosquittoServer {
  readonly #options: MosquittoOptions;
  readonly #found: { command: string; plugin: string };
  readonly port: number;
  #process!: ServerProcess;

  constructor(options: MosquittoOptions, found: { command: string; plugin: string }, port: number) {
    this.#options = options;
    this.#found = found;
    this.port = port;
  }

  get url(): string {
    const { adminName = 'county', adminPassword, tls } = this.#options;
    const [host, scheme] = tls === undefined ? [this.#reachedAt, 'mqtt'] : ['localhost', 'mqtts'];
    return `${scheme}://${adminName}:${encodeURIComponent(adminPassword)}@${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  get #reachedAt(): string {
    const { host = '127.0.0.1' } = this.#options;
    return EVERY_ADDRESS[host] ?? host;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get logFile(): string {
    return this.#process.logFile;
  }

  get running(): boolean {
    return this.#process.running;
  }

  async start(accounts?: string): Promise<void> {
    const { dir, host = '127.0.0.1', tls, change = (conf) => conf, endsWithStarter = false } = this.#options;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const confFile = join(dir, 'mosquitto.conf');
    const accountsFile = this.#putAccounts(accounts);
    const conf = mosquittoConf({ listener: `${this.port} ${host}`, plugin: this.#found.plugin, accountsFile, ...(tls === undefined ? {} : { tls }) });
    writeFileSync(confFile, change(conf));
    this.#process = await startServer({
      name: 'mosquitto',
      command: this.#found.command,
      args: ['-c', confFile],
      dir,
      userWhenRoot: USER,
      port: this.port,
      endsWithStarter,
      answers: () => listens(this.#reachedAt, this.port),
    });
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  signal(signal: NodeJS.Signals): Promise<void> {
    return this.#process.signal(signal);
  }

  async restart({ kill = false, empty = false }: { kill?: boolean; empty?: boolean } = {}): Promise<void> {
    await (kill ? this.#process.signal('SIGKILL') : this.#process.stop());
    if (empty) rmSync(this.#accountsFile(), { force: true });
    await this.start();
  }

  #putAccounts(accounts: string | undefined): string {
    const { county, adminName = 'county', adminPassword } = this.#options;
    const file = this.#accountsFile();
    const first = accounts ?? (existsSync(file) ? undefined : firstAccounts({ county, username: adminName, password: adminPassword }));
    if (first !== undefined) writeFileSync(file, first, { mode: 0o600 });
    // The plugin writes its accounts only into a file that is its user's.
    const user = accountWhenRoot(USER);
    if (user !== undefined) chownSync(file, user.uid, user.gid);
    return file;
  }

  #accountsFile(): string {
    return join(this.#options.dir, 'dynamic-security.json');
  }
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LOOK_MS });
    const say = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => say(true));
    socket.once('timeout', () => say(false));
    socket.once('error', () => say(false));
  });
}
