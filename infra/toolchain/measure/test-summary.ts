// The tests counted: what this machine lacks, and vitest's result as the lines that people and machines read last.
import { relative } from 'node:path';

interface Optional {
  name: string;
  command: string;
  /** What cannot be tested without it. */
  leavesOut: string;
}

/** Things the tests use when they are there. */
export const OPTIONAL: readonly Optional[] = [
  { name: 'espeak-ng', command: 'espeak-ng', leavesOut: 'the spoken Mandarin of a gateway' },
  { name: 'sox', command: 'sox', leavesOut: 'tones and levels of real sound' },
  { name: 'mosquitto-clients', command: 'mosquitto_pub', leavesOut: 'strangers at the broker' },
  { name: 'chromium', command: 'chromium', leavesOut: 'the pages in a real browser' },
  { name: 'postgres', command: 'initdb', leavesOut: 'everything on PostgreSQL' },
  { name: 'redis', command: 'redis-server', leavesOut: 'everything on Redis' },
  { name: 'mosquitto', command: 'mosquitto', leavesOut: 'everything on Mosquitto' },
  { name: 'nginx', command: 'nginx', leavesOut: 'the clustered profile behind its proxy' },
  { name: 'prometheus', command: 'promtool', leavesOut: 'alert rules and metrics in their own format' },
  { name: 'strace', command: 'strace', leavesOut: 'kill at the n-th fsync' },
  { name: 'faketime', command: 'faketime', leavesOut: 'a wrong clock' },
  { name: 'qemu', command: 'qemu-aarch64', leavesOut: 'the arm64 archive' },
  { name: 'xmllint', command: 'xmllint', leavesOut: 'CAP against its XML schema' },
];

export interface Absence {
  name: string;
  demanded: boolean;
  line: string;
}

/** What is not installed, in words; `demanded` when its absence is a failure. */
export function absences(isInstalled: (command: string) => boolean, required: readonly string[]): Absence[] {
  return OPTIONAL.filter(({ command }) => !isInstalled(command)).map(({ name, leavesOut }) => {
    const demanded = required.includes(name);
    return { name, demanded, line: `${demanded ? 'MISSING  ' : 'left out '} ${leavesOut}: ${name} is not installed` };
  });
}

export function unknownDemands(required: readonly string[]): string[] {
  return required.filter((name) => !OPTIONAL.some((one) => one.name === name));
}

interface Assertion {
  status: string;
  fullName: string;
  /** Of a test that passed: what it said before it was tried again. */
  failureMessages?: string[];
}

/** What this needs of vitest's JSON report. */
export interface VitestResult {
  testResults: { name: string; status: string; message?: string; assertionResults: Assertion[] }[];
}

const NAMES_SHOWN = 20;
/** Real processes on a machine that others use: so many may need a second try. */
const SECOND_TRIES = 2;

/**
 * The last lines of a run. A file that did not load, an error outside every test, an empty run and whatever stands in `extra` count as one failure each:
 * nothing that went wrong may end in "0 failed". What passed only when tried again is named; more than two of them are a failure.
 */
export function summarize(result: VitestResult | undefined, exitCode: number, extra: readonly string[], root: string): { lines: string[]; failed: number } {
  const files = result?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failedTests = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  const unloaded = files.filter((file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'));
  const again = tests.filter(({ status, failureMessages = [] }) => status === 'passed' && failureMessages.length > 0);
  const failures = [...failedTests, ...unloaded.map(({ name }) => `${relative(root, name)} did not run to its end`), ...extra];
  if (again.length > SECOND_TRIES) failures.push(`${again.length} tests needed a second try`);
  if (result === undefined) failures.push('vitest left no result');
  else if (passed + failures.length === 0) failures.push('no test ran');
  else if (exitCode !== 0 && failures.length === extra.length) failures.push('an error outside every test');
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName);
  const tried = again.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages![0]!.split('\n')[0]}`);
  const lines = [
    ...named('failed', failures),
    ...named('again', tried),
    ...named('skipped', skipped),
    `${skipped.length} skipped`,
    `${passed} passed, ${failures.length} failed`,
  ];
  return { lines, failed: failures.length };
}

function named(word: string, names: readonly string[]): string[] {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => `${word.padEnd(9)} ${name}`);
  return names.length > NAMES_SHOWN ? [...shown, `${word.padEnd(9)} and ${names.length - NAMES_SHOWN} more`] : shown;
}
