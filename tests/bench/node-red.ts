// The peer: what a county would wire up in Node-RED. HTTP in → function → MQTT out, and every gateway's answer counted by a function. Nothing is kept.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { topics } from '@laba/domain/gateway-protocol';
import { freeLocalPort } from '@laba/engines/server-process';
import { COUNTY } from './bench-county.ts';
import { freshCommand } from './fresh-command.ts';
import { now } from './process-talk.ts';

const run = promisify(execFile);
const VERSION = '5.0.7';
const READY_MS = 60_000;

/** It is no dependency of the house: fetched when it is asked for, and kept with the machine's temporary files. */
async function installed(): Promise<string> {
  const dir = join(tmpdir(), `laba-bench-node-red-${VERSION}`);
  const program = join(dir, 'node_modules', 'node-red', 'red.js');
  if (existsSync(program)) return program;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', `node-red@${VERSION}`, '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: dir }).catch((error: unknown) => {
    throw new Error(`Node-RED ${VERSION} could not be fetched from the npm registry: ${String((error as { stderr?: string }).stderr ?? error).trim()}`);
  });
  return program;
}

/** The answer to the POST is held back until the last gateway has reported. */
function flows(count: number, brokerPort: number) {
  const begin = `context.flow.seen = new Set(); context.flow.asked = { req: msg.req, res: msg.res }; return { topic: ${JSON.stringify(topics.areaCommand(COUNTY, COUNTY))}, payload: msg.payload.wire };`;
  const counted = `const { seen, asked } = context.flow; for (const { state } of JSON.parse(msg.payload).reports) if (state === 'received') seen.add(msg.topic); return seen.size === ${count} ? { ...asked, payload: { received: seen.size } } : null;`;
  const made = (type: string, id: string, more: object, to?: string) => ({ id, type, z: 'flow', x: 0, y: 0, wires: to === undefined ? [] : [[to]], ...more });
  return [
    { id: 'flow', type: 'tab', label: 'raise' },
    {
      id: 'broker',
      type: 'mqtt-broker',
      broker: '127.0.0.1',
      port: String(brokerPort),
      clientid: 'county',
      protocolVersion: '5',
      keepalive: '60',
      cleansession: true,
    },
    made('http in', 'button', { url: '/raise', method: 'post' }, 'begin'),
    made('function', 'begin', { func: inFlow(begin), outputs: 1 }, 'publish'),
    made('mqtt out', 'publish', { broker: 'broker', topic: '', qos: '1', retain: '' }),
    made('mqtt in', 'reports', { broker: 'broker', topic: topics.gatewayReport(COUNTY, '+'), qos: '1', datatype: 'utf8', inputs: 0 }, 'count'),
    made('function', 'count', { func: inFlow(counted), outputs: 1 }, 'shown'),
    made('http response', 'shown', { statusCode: '200' }),
  ];
}

// One object for both functions: what Node-RED calls the flow's context, without its copies.
const inFlow = (body: string) => `const context = { flow: flow.get('state') ?? {} }; flow.set('state', context.flow); ${body}`;

export class NodeRed {
  readonly #child: ChildProcess;
  readonly #dir: string;
  readonly #url: string;

  private constructor(child: ChildProcess, dir: string, url: string) {
    this.#child = child;
    this.#dir = dir;
    this.#url = url;
  }

  /** Resolves when its page answers; its line to the broker comes up by itself. */
  static async start({ count, brokerPort, password }: { count: number; brokerPort: number; password: string }): Promise<NodeRed> {
    const program = await installed();
    const dir = mkdtempSync(join(tmpdir(), 'laba-bench-node-red-'));
    const port = await freeLocalPort();
    const settings = { uiPort: port, uiHost: '127.0.0.1', credentialSecret: false, httpAdminRoot: false, flowFile: 'flows.json', apiMaxLength: '1mb' };
    writeFileSync(join(dir, 'settings.js'), `module.exports = ${JSON.stringify({ ...settings, logging: { console: { level: 'error' } } })};\n`);
    writeFileSync(join(dir, 'flows.json'), JSON.stringify(flows(count, brokerPort)));
    writeFileSync(join(dir, 'flows_cred.json'), JSON.stringify({ broker: { user: 'county', password } }));
    const child = spawn(process.execPath, [program, '--userDir', dir, '--settings', join(dir, 'settings.js')], { stdio: ['ignore', 'ignore', 'inherit'] });
    const peer = new NodeRed(child, dir, `http://127.0.0.1:${port}`);
    await peer.#ready();
    return peer;
  }

  async #ready(): Promise<void> {
    for (const endAt = now() + READY_MS; ;) {
      const answer = await fetch(`${this.#url}/raise`).catch(() => undefined);
      if (answer !== undefined) return;
      if (now() > endAt || this.#child.exitCode !== null) throw new Error('Node-RED did not start.');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** ms from the button until the last gateway's answer was counted. */
  async raise(): Promise<number> {
    const begun = now();
    const answer = await fetch(`${this.#url}/raise`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ wire: freshCommand() }),
    });
    if (!answer.ok) throw new Error(`Node-RED answered ${answer.status}`);
    return now() - begun;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
