// What a command of the terminal is given.
import type { parseArgs } from 'node:util';
import type { Config } from '@laba/runtime/config';

export interface Console {
  out(line: string): void;
  err(line: string): void;
  isTty: boolean;
  env: Record<string, string | undefined>;
  /** Resolves with the signal's name on SIGINT, SIGTERM or SIGHUP. */
  untilToldToStop(): Promise<string>;
}

export interface Invocation {
  args: readonly string[];
  config: Config;
  terminal: Console;
  parse: typeof parseArgs;
}

/** Resolves to the exit code: 0 done, 1 failed, 2 wrong usage. */
export type Command = (invocation: Invocation) => Promise<number>;
