// A town of real processes that things happen to: each fault breaks something now and gives back how it is mended.
import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { silentLog } from '@laba/runtime/log';
import type { ChaosProxy } from '../harness/chaos-proxy.ts';
import { FakeTime, NOTICED_MS } from '../harness/fake-time.ts';
import { isInstalled } from '../harness/installed.ts';
import { PersistentOfficer } from '../harness/persistent-officer.ts';
import { isRunning, PASSWORD, RealTown } from '../harness/real-town.ts';
import type { Pole, Username } from '../harness/small-county.ts';
import type { Fault, LineFault, Room } from './schedule.ts';

const POLES: Record<Room, Pole[]> = { west: ['dasuo-1', 'upper-1'], east: ['across-1', 'office-1'] };
const SLOW_MS = 120;
const FLUSH_MS = 5_000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

type MortalFault = Extract<Fault, { fault: 'kill-host' | 'stop-host' }> | Extract<Fault, { n: number }>;

export const ROOMS: readonly Room[] = ['west', 'east'];

/** As one machine hangs: a server's children answer for it when it alone is stopped. */
function signalAll(pid: number, signal: NodeJS.Signals): void {
  const children = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .stdout.trim()
    .split(/\s+/)
    .filter(Boolean);
  for (const each of [pid, ...children.map(Number)]) {
    try {
      process.kill(each, signal);
    } catch {
      // Gone meanwhile.
    }
  }
}

function flushRedis(url: string): void {
  execFileSync('redis-cli', ['-u', url, '--no-auth-warning', 'FLUSHALL'], { stdio: 'ignore', timeout: FLUSH_MS });
}

export class ChaosTown {
  readonly town: RealTown;
  readonly #rooms = new Map<Room, ChildProcess>();
  readonly #officers = new Map<Username, PersistentOfficer>();
  #host: ChildProcess | undefined;
  #time: FakeTime | undefined;
  #closing = false;
  readonly #broken = new Set<string>();

  constructor(town = new RealTown()) {
    this.town = town;
  }

  /** @throws when it does not start; then nothing of it is left running. */
  async open(): Promise<this> {
    try {
      return await this.#open();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #open(): Promise<this> {
    await this.town.layOut();
    await this.town.startLine();
    if (this.town.profile === 'clustered') await this.town.startCluster();
    else {
      if (isInstalled('faketime', 'faketime')) this.#time = new FakeTime(join(this.town.dir, 'faketime'));
      await this.#startHost();
    }
    await Promise.all(ROOMS.map((room) => this.#startRoom(room, true)));
    for (const username of ['cadre1', 'cadre2'] as const) {
      this.#officers.set(username, await new PersistentOfficer(this.town, username, PASSWORD).signIn());
    }
    return this;
  }

  officer(username: 'cadre1' | 'cadre2'): PersistentOfficer {
    return this.#officers.get(username)!;
  }

  /** Ends every process and keeps the folder. */
  async stop(): Promise<void> {
    this.#closing = true;
    await this.town.stop();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.town.close();
  }

  async #startHost(): Promise<void> {
    const host = await this.town.startHost({ death: {}, ...(this.#time === undefined ? {} : { env: this.#time.env }), waitReady: false });
    await this.town.untilHostAnswers(host);
    // Not before: a host that is still starting cannot be told when to die.
    this.#host = host;
  }

  async #startRoom(room: Room, waitReady: boolean): Promise<void> {
    this.#rooms.set(room, await this.town.startGateways(room, POLES[room], { waitReady }));
  }

  /** Breaks it, waits, mends it. Two faults of one kind may overlap: who comes later finds it broken, and leaves it. */
  async suffer(fault: Fault): Promise<void> {
    if (fault.fault === 'line') return this.#badLine(this.town.line, fault.how, fault.forMs);
    if ('room' in fault) return fault.fault === 'kill-room' ? this.#killRoom(fault.room, fault.forMs) : this.#stopped(this.#rooms.get(fault.room), fault.forMs);
    if (fault.fault === 'stop-host') return this.#stopped(this.#host, fault.forMs);
    if (fault.fault === 'duplicate-client') return this.#duplicate(fault.forMs);
    if (fault.fault === 'host-clock') return this.#clock(fault.seconds, fault.forMs);
    if (fault.fault === 'engine') return this.#engine(fault);
    if ('copy' in fault) return this.#copy(fault);
    return this.#hostDies(fault);
  }

  async #hostDies(fault: MortalFault): Promise<void> {
    const host = this.#host;
    if (host === undefined || !isRunning(host)) return pause(fault.forMs);
    this.#host = undefined;
    if ('n' in fault) {
      this.town.decree(host, fault.fault === 'die-after-commit' ? { afterCommit: fault.n } : { insteadOfPublish: fault.n });
      await Promise.race([new Promise((resolve) => host.once('exit', resolve)), pause(fault.forMs)]);
    }
    await this.town.kill(host);
    if (!('n' in fault)) await pause(fault.forMs);
    if (!this.#closing) await this.#startHost();
  }

  // Whoever supervises the copies starts a dead one again.
  async #copy({ fault, copy, forMs }: Extract<Fault, { copy: number }>): Promise<void> {
    const members = [...this.town.cluster.members.values()];
    const member = members[copy % members.length]!;
    member.signal(fault === 'kill-copy' ? 'SIGKILL' : 'SIGSTOP');
    await pause(forMs);
    if (fault === 'stop-copy') member.signal('SIGCONT');
    else await member.untilReady();
  }

  async #engine({ engine, how, forMs }: Extract<Fault, { fault: 'engine' }>): Promise<void> {
    const { postgres, redis, mosquitto } = this.town.cluster.engines;
    if (how === 'flush') return flushRedis(this.town.config.redisUrl ?? '');
    const server = { database: postgres, redis, broker: mosquitto }[engine];
    if (this.#broken.has(engine)) return pause(forMs);
    this.#broken.add(engine);
    try {
      if (how === 'stop') {
        signalAll(server.pid, 'SIGSTOP');
        await pause(forMs);
        signalAll(server.pid, 'SIGCONT');
      } else if (engine === 'broker') await mosquitto.restart({ kill: true, empty: true });
      else {
        signalAll(server.pid, 'SIGKILL');
        await pause(forMs);
        await server.restart();
      }
    } finally {
      this.#broken.delete(engine);
    }
  }

  async #killRoom(room: Room, forMs: number): Promise<void> {
    const fleet = this.#rooms.get(room);
    if (fleet === undefined) return pause(forMs);
    this.#rooms.delete(room);
    await this.town.kill(fleet);
    await pause(forMs);
    if (!this.#closing) await this.#startRoom(room, false);
  }

  async #stopped(child: ChildProcess | undefined, forMs: number): Promise<void> {
    child?.kill('SIGSTOP');
    await pause(forMs);
    child?.kill('SIGCONT');
  }

  async #badLine(line: ChaosProxy, how: LineFault, forMs: number): Promise<void> {
    const breaks: Record<LineFault, () => void> = {
      freeze: () => line.freeze(),
      'one-way-up': () => line.freeze('down'),
      'one-way-down': () => line.freeze('up'),
      reset: () => line.reset(),
      cut: () => line.cut(),
      'half-open': () => line.halfOpen(),
      slow: () => line.slow(SLOW_MS),
    };
    breaks[how]();
    await pause(forMs);
    line.heal();
  }

  // Somebody with the box's own credentials: a copied memory card.
  async #duplicate(forMs: number): Promise<void> {
    const { gatewayId, password } = this.town.identity('dasuo-1');
    const url = `mqtt://127.0.0.1:${this.town.config.mqttPort}`;
    const copy = connectMqtt({ url, clientId: gatewayId, username: gatewayId, password }, { log: silentLog, reconnectMs: 200 });
    await pause(forMs);
    await copy.close();
  }

  async #clock(seconds: number, forMs: number): Promise<void> {
    this.#time?.jumpTo(`${seconds > 0 ? '+' : ''}${seconds}s`);
    await pause(NOTICED_MS + forMs);
    this.#time?.jumpTo('+0s');
  }
}
