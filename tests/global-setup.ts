// Before the first test file and after the last: the built pages, and the folder of the servers that test files share.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { SharedEngine } from '@laba/engines/shared-engines.test-kit';

const LOOK_EVERY_MS = 20;

/** Builds the pages as they stand, and gives the run its folder. @returns how to stop all servers that were started in it */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, [join(import.meta.dirname, '../infra/toolchain/pages.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = mkdtempSync(join(tmpdir(), 'laba-engines-'));
  // Servers that run as users of their own must be able to walk through it.
  chmodSync(folder, 0o711);
  project.provide('enginesFolder', folder);
  return async () => {
    const pids = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as SharedEngine).pid);
    for (const pid of pids) tell(pid, 'SIGINT');
    await Promise.all(pids.map(gone));
    rmSync(folder, { recursive: true, force: true });
  };
}

async function gone(pid: number): Promise<void> {
  const giveUpAt = performance.now() + 5_000;
  while (tell(pid, 0)) {
    if (performance.now() > giveUpAt) {
      tell(pid, 'SIGKILL');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function tell(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
