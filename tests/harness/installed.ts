// What a test needs of the machine: left out by name where it is missing, a failure where LABA_REQUIRE asks for it.
import { execFileSync } from 'node:child_process';

/** Whether the command is there. `tool`: its name in LABA_REQUIRE. @throws when it is required and missing */
export function isInstalled(command: string, tool: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    if ((process.env['LABA_REQUIRE'] ?? '').split(',').includes(tool)) throw new Error(`${command} is missing, and LABA_REQUIRE asks for ${tool}.`);
    return false;
  }
}
