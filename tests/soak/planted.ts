// A copy of the house with one fault planted in it: what the suite must find, or it is no suite. The tree itself is never touched.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Plant {
  name: string;
  file: string;
  /** What stands there, once, and what is put in its place. */
  from: string;
  to: string;
}

export interface PlantedBug extends Plant {
  /** The test that must fail for it: file, and a part of its name. */
  foundBy: { file: string; test: string };
}

const PROMISES = 'tests/failure/promises.test.ts';

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'outbox: only the first consumer’s job is written in the commit',
    file: 'packages/storage/src/events.ts',
    from: 'return [one(insertEvent, { values }), ...jobs];',
    to: 'return [one(insertEvent, { values }), ...jobs.slice(0, 1)];',
    foundBy: { file: PROMISES, test: 'outbox' },
  },
  {
    name: 'idempotency: the key is not looked up and not kept',
    file: 'packages/runtime/src/http.ts',
    from: "if (request.method !== 'POST' || key === undefined) return;",
    to: "if (request.method !== 'NEVER' || key === undefined) return;",
    foundBy: { file: PROMISES, test: 'idempotency' },
  },
  {
    name: 'group commit: callers are told before COMMIT',
    file: 'packages/storage/src/sqlite.ts',
    from: '      this.#steps.commit.run();\n',
    to: '      tell(groups, outcomes);\n      setTimeout(() => this.#driver.inTransaction && this.#steps.commit.run(), 20);\n',
    foundBy: { file: PROMISES, test: 'group commit' },
  },
  {
    name: 'tombstone: a stop leaves none',
    file: 'services/gateway/src/accept-command.ts',
    from: '    ...graves,\n    ...ones.map((one) => box.spool.close(one)),',
    to: '    ...graves.slice(0, 0),\n    ...ones.map((one) => box.spool.close(one)),',
    foundBy: { file: 'tests/failure/gateway.test.ts', test: 'a cancel that overtakes its alert' },
  },
  {
    name: 'replay memory: nothing of it is written down',
    file: 'services/gateway/src/spool-store.ts',
    from: 'return one(insertSeen, { values: { gatewayId: this.gatewayId, commandId, expMs } });',
    to: 'return this.raise({});',
    foundBy: { file: PROMISES, test: 'replay memory' },
  },
];

/** In what makes one truth of two houses and a box; the night of this seed finds it. */
export const PLANTED_IN_VILLAGES: readonly (Plant & { seed: number })[] = [
  {
    name: 'conflict rule: what the other house says stands, whatever is here',
    file: 'packages/domain/src/merge.ts',
    from: '  return !changedHere || isLater(by, columns, theirs, mine);',
    to: '  return !changedHere || by.length > 0;',
    seed: 17,
  },
  {
    name: 'tombstone: none is kept',
    file: 'services/gateway/src/spool-store.ts',
    from: 'return one(upsertTombstone, { values: { ...tombstone, gatewayId: this.gatewayId } });',
    to: 'return this.raise({});',
    seed: 64,
  },
  {
    name: 'replay memory: nothing of it is written down',
    file: 'services/gateway/src/spool-store.ts',
    from: 'return one(insertSeen, { values: { gatewayId: this.gatewayId, commandId, expMs } });',
    to: 'return this.raise({});',
    seed: 6,
  },
  {
    name: 'cursor: a page is taken that does not follow what is held',
    file: 'packages/storage/src/sharing/take.ts',
    from: 'if (isOld || page.after !== heldUpTo || ',
    to: 'if (isOld || ',
    seed: 17,
  },
];

const ROOT = join(import.meta.dirname, '../..');
const COPIED = [
  'packages',
  'services',
  'tests',
  'infra',
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'tsconfig.base.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** A workspace of its own under the system's temporary folder; what is installed is shared. */
export class Copy {
  readonly dir = mkdtempSync(join(tmpdir(), 'laba-planted-'));

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.dir, name), { recursive: true, verbatimSymlinks: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.dir, 'node_modules'));
  }

  /** Plants the bug, runs the test that must find it, and pulls it out again. @throws when the tree no longer has the place for it */
  async finds(bug: PlantedBug): Promise<boolean> {
    return this.planted(bug, async () => (await this.run(bug.foundBy)).failed);
  }

  /** While `act` runs, the bug is in the copy. @throws when the tree no longer has the place for it */
  async planted<T>(bug: Plant, act: () => Promise<T>): Promise<T> {
    const file = join(this.dir, bug.file);
    const sound = readFileSync(file, 'utf8');
    if (sound.split(bug.from).length !== 2) throw new Error(`${bug.file} does not have, once: ${bug.from}`);
    writeFileSync(
      file,
      sound.replace(bug.from, () => bug.to),
    );
    try {
      return await act();
    } finally {
      writeFileSync(file, sound);
    }
  }

  /** Plays nights of a village in the copy. @returns the seeds of those that broke a promise. @throws when they could not be played */
  async playNights(seeds: readonly number[]): Promise<number[]> {
    const play = `(await import('./tests/soak/soak-villages.ts')).soakVillages(${JSON.stringify(seeds)})`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', play], { cwd: this.dir, env: bareEnv(), stdio: ['ignore', 'pipe', 'ignore'] });
    const said = await text(child.stdout);
    const sum = said.split('\n').find((line) => line.startsWith('{"nights"'));
    if (sum === undefined) throw new Error(`No nights were played: ${said}`);
    return (JSON.parse(sum) as { broken: number[] }).broken;
  }

  /** @returns whether the test ran and failed; with what it said. @throws when no test ran at all */
  async run(what: { file: string; test: string }): Promise<{ failed: boolean; said: string }> {
    const report = join(this.dir, 'result.json');
    rmSync(report, { force: true });
    const args = ['run', what.file, '-t', what.test, '--reporter=json', `--outputFile=${report}`];
    const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: this.dir, env: bareEnv(), stdio: 'ignore' });
    await new Promise((resolve) => child.once('exit', resolve));
    const said = readFileSync(report, 'utf8');
    const { numPassedTests, numFailedTests } = JSON.parse(said) as { numPassedTests: number; numFailedTests: number };
    if (numPassedTests + numFailedTests !== 1) throw new Error(`${what.test}: ${numPassedTests} passed and ${numFailedTests} failed, not one test.`);
    return { failed: numFailedTests === 1, said };
  }

  discard(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The test is to fail here: what never comes is not waited for as long as elsewhere. */
const PATIENCE_MS = 40_000;

// A vitest inside a vitest must not take itself for a worker of the outer one, nor tell its faults to the report.
function bareEnv(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|TINYPOOL|LABA_FAULT_REPORT|NODE_OPTIONS)/.test(name));
  return { ...Object.fromEntries(own), LABA_TEST_PATIENCE_MS: String(PATIENCE_MS) };
}
