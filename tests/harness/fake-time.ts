// The machine's wall clock in a test's hands: one process believes a file, and the file may change while it runs.
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const LIBRARIES = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`);

/** The process looks at the file once a second. */
export const NOTICED_MS = 1_100;

/** Elapsed time goes on as it is: a step of the wall clock is all that happens. */
export class FakeTime {
  readonly #file: string;

  /** `file`: where the offset stands; it may not exist yet. */
  constructor(file: string) {
    this.#file = file;
    this.jumpTo('+0s');
  }

  /** As `+3h`, `-2000d`. */
  jumpTo(offset: string): void {
    // Whole at any moment: it may be read just now.
    writeFileSync(`${this.#file}.new`, offset);
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** For the environment of the process. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: LIBRARIES.find((file) => existsSync(file)) ?? '',
      FAKETIME_TIMESTAMP_FILE: this.#file,
      // A look at the file on every call, under the library's lock, brings a busy process to a standstill.
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }
}

/** The library keeps a lock under the process's number, and a killed process leaves it: whoever gets the number next would wait for ever. */
export function forgetFakeTimeOf(pid: number | undefined): void {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) rmSync(`/dev/shm/${name}`, { force: true });
}
