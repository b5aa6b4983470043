// Tests that need a program of the machine: left out where it is missing, unless the run demands it.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * True when `command` is there; for `describe.skipIf(!installed(…))`. `npm test` prints what was left out.
 * @throws when LABA_REQUIRE names `what` and the command is missing: then its absence is a failure
 */
export function installed(what: string, command: string, env: Record<string, string | undefined> = process.env): boolean {
  const found = (env['PATH'] ?? '').split(delimiter).some((folder) => mayRun(join(folder, command)));
  const demanded = (env['LABA_REQUIRE'] ?? '').split(',').some((name) => name.trim() === what);
  if (!found && demanded) throw new Error(`LABA_REQUIRE asks for ${what}, but ${command} is not installed.`);
  return found;
}

function mayRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
