// A village's own house in a process of its own, with its own box, on a disk that can be full or lose its power; below the county of a town of real processes.
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeLocalPort } from '@laba/engines/server-process';
import { readIdentity } from '@laba/gateway/identity-file';
import { SPOOL } from '@laba/gateway/spool-tables';
import { answers, type Client } from '@laba/host/cli/client';
import { runLaba, type HousePlan } from '@laba/host/demo/house-process';
import type { Database } from '@laba/storage/database';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import type { LoopDisk } from './disks.ts';
import type { Trouble } from './invariants.ts';
import type { OfficersCounty } from './persistent-officer.ts';
import type { RealWitness } from './real-history.ts';
import { isRunning, type PlayLogLine, type RealTown } from './real-town.ts';
import { VILLAGE, type Username } from './small-county.ts';

const SITE = 'site-dasuo';
const DATA = 'village';

/** What lies on the disk of a house that is switched off. */
export interface OnDisk {
  house: SqliteDatabase;
  spool: SqliteDatabase<typeof SPOOL.tables>;
}

export class RealVillage implements OfficersCounty, RealWitness {
  readonly acknowledged: { type: string; subjectId: string }[] = [];
  readonly asked: OfficersCounty['asked'] = [];
  readonly troubles: Trouble[] = [];
  readonly #town: RealTown;
  readonly dataDir: string;
  /** What people hear is on no disk of the village's. */
  readonly #ears: string;
  #plan: HousePlan | undefined;
  #process: ChildProcess | undefined;
  id = '';

  /** `dir`: of the disk on which its data lie. */
  constructor(town: RealTown, dir: string) {
    this.#town = town;
    this.dataDir = join(dir, DATA);
    this.#ears = join(town.dir, 'heard');
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port.port}`;
  }

  get identities() {
    return [readIdentity(join(this.dataDir, 'box'))];
  }

  get #port(): HousePlan {
    if (this.#plan === undefined) throw new Error('The village is not enrolled.');
    return this.#plan;
  }

  /** Enrolled by the county's officer over the town's bad line, and told its ground; its box hangs on it. */
  async enrol(): Promise<this> {
    this.#plan = { dataDir: this.dataDir, port: await freeLocalPort(), mqttPort: await freeLocalPort() };
    const line = await this.#town.startLine();
    const admin = await this.#town.officer('admin');
    const { code } = await admin.post<{ code: string }>('/api/v1/houses/claim-codes', { gridCode: VILLAGE });
    const broker = `mqtt://127.0.0.1:${line.port}`;
    await runLaba(this.#plan, 'edge', 'enrol', '--above', this.#town.url, '--code', code, '--broker', broker, '--site', SITE);
    const { houses } = await admin.get<{ houses: { id: string }[] }>('/api/v1/houses');
    this.id = houses[0]!.id;
    await admin.post(`/api/v1/houses/${this.id}/confirm`);
    for (const folder of [this.#ears, join(this.dataDir, 'box')]) mkdirSync(folder);
    symlinkSync(this.#ears, join(this.dataDir, 'box', 'sounds'));
    await this.start();
    await this.untilAnswers();
    await this.#town.until('the village’s box hangs on its own house', () => existsSync(join(this.dataDir, 'box', 'identity.json')));
    return this;
  }

  /** @returns the officer's code at this house, given at the county */
  async localCode(username: Username): Promise<string> {
    const officer: Client = await this.#town.officer(username);
    const { id: officerId } = (await officer.get<{ officer: { id: string } }>('/api/v1/sessions/current')).officer;
    return (await officer.post<{ code: string }>('/api/v1/local-codes', { officerId, gridCode: VILLAGE })).code;
  }

  /** Switched on; whether it comes up is another matter. */
  async start(): Promise<void> {
    const { port, mqttPort } = this.#port;
    const env = { LABA_PORT: String(port), LABA_MQTT_PORT: String(mqttPort), LABA_DATA: this.dataDir };
    this.#process = await this.#town.startHost({ env, waitReady: false });
  }

  async untilAnswers(): Promise<void> {
    await this.#town.until('the village’s house answers', () => {
      const { exitCode, signalCode } = this.#process!;
      if (!isRunning(this.#process!)) throw new Error(`The village's house ended with ${exitCode ?? signalCode}.`);
      return answers(this.url);
    });
  }

  /** Every thread of it, until `goesOn` or the end. */
  async standsStill(): Promise<void> {
    const child = this.#process!;
    child.kill('SIGSTOP');
    await this.#town.until('it stands still', () => !isRunning(child) || isStill(child.pid!));
  }

  goesOn(): void {
    this.#process!.kill('SIGCONT');
  }

  /** While it stands still. Resolves when its disk is there again, as that left it, and nothing runs on it. */
  async losesPower(disk: LoopDisk): Promise<void> {
    disk.losePower();
    await this.#town.kill(this.#process!);
    disk.powerOn();
  }

  /** Looks into the database of the running house. */
  async read<R>(look: (db: Database) => Promise<R>): Promise<R> {
    const db = SqliteDatabase.open(join(this.dataDir, 'laba.db'), HOUSE);
    try {
      return await look(db);
    } finally {
      await db.close();
    }
  }

  /** All that its box ever played. */
  playLog(): PlayLogLine[] {
    const file = join(this.#ears, 'play-log.jsonl');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as PlayLogLine);
  }
}

/** Looks at the data of a house that is switched off, on the disk in this folder; at a copy of them, for a look mends what a crash left. */
export async function lookAt<R>(diskDir: string, look: (disk: OnDisk) => Promise<R>): Promise<R> {
  const dir = mkdtempSync(join(tmpdir(), 'laba-look-'));
  const copy = (...path: string[]) => {
    const from = join(diskDir, DATA, ...path);
    const to = join(dir, path.at(-1)!);
    for (const part of ['', '-wal']) if (existsSync(from + part)) copyFileSync(from + part, to + part);
    return to;
  };
  const disk: OnDisk = { house: SqliteDatabase.open(copy('laba.db'), HOUSE), spool: SqliteDatabase.open(copy('box', 'spool.db'), SPOOL) };
  try {
    return await look(disk);
  } finally {
    await Promise.all([disk.house.close(), disk.spool.close()]);
    rmSync(dir, { recursive: true });
  }
}

/** A signal reaches one thread after the other. */
function isStill(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.every((thread) => /\) T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
}
