// What this computer knows of time: its wall clock, how long it is on, and whether a battery or a network vouches for it. Linux tells; others keep time.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@laba/runtime/clock';
import type { Machine } from '@laba/runtime/house-clock';

/** A battery's clock that says something else than the wall clock did not set it: a box without a battery begins in 1970. */
const APART_MS = 60_000;
const ASK_MS = 2_000;

const RTC_DIR = '/sys/class/rtc';
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

export function thisMachine(): Machine {
  return {
    bootId: lineIn(BOOT_ID),
    wallMs: () => systemClock.now(),
    monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
    isKept: async () => process.platform !== 'linux' || batteryAgrees(RTC_DIR, systemClock.now()) || (await isSynchronised()),
  };
}

/** Whether one of the clocks in this folder shows `wallMs`. */
export function batteryAgrees(dir: string, wallMs: number): boolean {
  return namesIn(dir).some((name) => {
    const seconds = lineIn(join(dir, name, 'since_epoch'));
    return seconds !== undefined && /^\d+$/.test(seconds) && Math.abs(Number(seconds) * 1000 - wallMs) <= APART_MS;
  });
}

// The kernel's own word, whichever program keeps it so.
function isSynchronised(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('timedatectl', ['show', '--property=NTPSynchronized', '--value'], { timeout: ASK_MS }, (error, out) =>
      resolve(error === null && out.trim() === 'yes'),
    );
  });
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function lineIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
