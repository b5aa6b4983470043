// Runs the types and every test that this machine can run, says what it leaves out, and ends with one line: N passed, N failed.
// `npm test -- tests/story` narrows. LABA_REQUIRE=chromium,sox makes a missing thing a failure.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { absences, summarize, unknownDemands } from './measure/test-summary.ts';

const root = join(import.meta.dirname, '..', '..');

// Debian keeps servers out of a plain user's PATH, and PostgreSQL's programs by version.
function serverFolders() {
  const postgres = '/usr/lib/postgresql';
  const versions = existsSync(postgres) ? readdirSync(postgres) : [];
  return ['/usr/sbin', '/usr/local/sbin', ...versions.map((version) => join(postgres, version, 'bin'))];
}

function isInstalled(command) {
  return [...(process.env.PATH ?? '').split(delimiter), ...serverFolders()].some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const GRACE_MS = 5_000;
let child;
let toldToStop = false;

// A signal to npm test must not leave test processes behind: what runs is ended, and nothing more is begun.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    toldToStop = true;
    child?.kill(signal);
    setTimeout(() => child?.kill('SIGKILL'), GRACE_MS).unref();
  });
}

function run(script, args) {
  const colour = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
  child = spawn(process.execPath, [script, ...args], { cwd: root, env: { ...process.env, ...colour, CI: '1' }, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code) => {
      if (toldToStop) process.exit(130);
      resolve(code ?? 1);
    });
  });
}

function readResult(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function runTests(filters) {
  const folder = mkdtempSync(join(tmpdir(), 'laba-test-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'result.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, `--retry=${process.env.LABA_TEST_RETRY ?? 0}`, ...filters];
  const code = await run(join(root, 'node_modules', 'vitest', 'vitest.mjs'), args);
  return { code, result: readResult(file) };
}

const required = (process.env.LABA_REQUIRE ?? '')
  .split(',')
  .map((name) => name.trim())
  .filter(Boolean);
const missing = absences(isInstalled, required);
for (const { line } of missing) console.log(line);
const unknown = unknownDemands(required);
for (const name of unknown) console.log(`unknown   '${name}' in LABA_REQUIRE`);

const typesCode = await run(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), ['-p', '.']);
console.log(`types     ${typesCode === 0 ? 'ok' : 'FAILED'}`);
const { code, result } = await runTests(process.argv.slice(2));
const extra = [
  ...missing.filter((one) => one.demanded).map((one) => `missing: ${one.name}`),
  ...unknown.map((name) => `unknown demand: ${name}`),
  ...(typesCode === 0 ? [] : ['types']),
];
const { lines, failed } = summarize(result, code, extra, root);
for (const line of lines) console.log(line);
process.exitCode = failed > 0 ? 1 : 0;
