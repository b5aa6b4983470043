// Brings its own Node and pnpm, installs what the lock files name, builds the pages, then runs one task.
// Runs on any Node >= 18 and imports nothing but Node itself and what keeps to that, because it runs before anything is installed.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stalePages } from './pages.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const tools = join(root, '.tools');
const NODE_FLOOR = 24;
const ORIGIN_WATCH_MS = 500;
const PARENT = process.ppid;
// Who asked for this: under `npm start` that is npm, and only a shell stands between, which outlives a killed npm.
const ORIGIN = process.env.npm_lifecycle_event === undefined ? PARENT : parentOf(PARENT);

const TASKS = {
  start: ['node', 'services/host/src/main.ts', 'start'],
  test: ['node', 'infra/toolchain/test.mjs'],
  check: ['node', 'infra/toolchain/check.mjs'],
  bench: ['node', 'tests/bench/main.ts'],
  soak: ['node', 'tests/soak/main.ts'],
  archive: ['node', 'infra/archive/main.ts'],
  laba: ['node', 'services/host/src/main.ts'],
};

function fail(line) {
  process.stderr.write(`laba: ${line}\n`);
  process.exit(1);
}

function say(line) {
  if (process.stderr.isTTY || process.env.LABA_QUIET !== '1') process.stderr.write(`laba: ${line}\n`);
}

function sha256(...files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}

function stampHolds(file, value) {
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

// The npm_* variables of `npm start` would reach pnpm and change what it installs.
function cleanEnv() {
  const env = {};
  for (const [key, value] of Object.entries(process.env)) if (!/^npm_/i.test(key)) env[key] = value;
  return env;
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces and brackets.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

function originIsGone() {
  return process.ppid !== PARENT || (ORIGIN !== PARENT && parentOf(PARENT) !== ORIGIN);
}

let child;
let toldToStop;

function stop(signal) {
  toldToStop ??= signal;
  child?.kill(signal);
}

// A signal to npm reaches its shell only, and a killed npm tells nobody: pass on what arrives, and leave with the one who asked,
// also in the middle of an install, or something would be left running.
function followOrigin() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
  const watch = setInterval(() => {
    if (!originIsGone()) return;
    clearInterval(watch);
    stop('SIGTERM');
  }, ORIGIN_WATCH_MS);
  watch.unref();
}

function ended(command, args, options) {
  return new Promise((resolve) => {
    child = spawn(command, args, options);
    child.on('error', (error) => resolve({ error }));
    child.on('close', (code, signal) => resolve({ code: signal === null ? code : 128 + (constants.signals[signal] ?? 0) }));
  });
}

async function run(command, args, cwd, env) {
  if (toldToStop !== undefined) process.exit(1);
  const outcome = ended(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const { code, error } = await outcome;
  if (toldToStop !== undefined) process.exit(1);
  if (code === 0) return said.trim();
  process.stderr.write(said);
  fail(
    `'${command} ${args.join(' ')}' failed${error ? `: ${error.message}` : ''}. ${command === 'node' ? 'The pages cannot be built.' : 'Is the package registry reachable?'}`,
  );
}

async function installToolchain(env) {
  const stamp = join(tools, 'stamp');
  const wanted = sha256(join(here, 'package.json'), join(here, 'package-lock.json'));
  if (stampHolds(stamp, wanted)) return;
  say('installing Node and pnpm into .tools (once)');
  mkdirSync(tools, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(here, name), join(tools, name));
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], tools, env);
  writeFileSync(stamp, wanted);
}

function toolPath() {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  const dirs = [join(tools, 'node_modules', '@pnpm', `exe.linux-${arch}`)];
  if (Number(process.versions.node.split('.')[0]) < NODE_FLOOR) {
    dirs.unshift(join(tools, 'node_modules', `node-linux-${arch}`, 'bin'));
  }
  return dirs;
}

function manifests() {
  const found = [join(root, 'package.json'), join(root, 'pnpm-workspace.yaml'), join(root, 'pnpm-lock.yaml')];
  for (const room of ['packages', 'services']) {
    for (const name of readdirSync(join(root, room)).sort()) {
      const file = join(root, room, name, 'package.json');
      if (existsSync(file)) found.push(file);
    }
  }
  if (existsSync(join(root, 'tests', 'package.json'))) found.push(join(root, 'tests', 'package.json'));
  return found;
}

async function installPackages(env) {
  const stamp = join(root, 'node_modules', '.laba-stamp');
  const wanted = sha256(...manifests());
  if (stampHolds(stamp, wanted)) return;
  say('installing the packages of pnpm-lock.yaml');
  await run('pnpm', ['install', '--frozen-lockfile', '--reporter=append-only'], root, env);
  writeFileSync(stamp, wanted);
}

// An image is built with the tools and runs without them: what was built before is then taken as it is.
async function buildPages(env) {
  for (const { builder, done } of stalePages()) {
    say(await run('node', [builder], root, env));
    done();
  }
}

async function prepare() {
  if (Number(process.versions.node.split('.')[0]) < 18) fail(`Node ${process.versions.node} is too old: install Node 18 or newer.`);
  const bare = cleanEnv();
  // By the machine's own Node: one that an interrupted install left half written must not run its own repair.
  await installToolchain(bare);
  const env = { ...bare, PATH: [...toolPath(), bare.PATH ?? ''].join(delimiter) };
  await installPackages(env);
  await buildPages(env);
  return env;
}

// The channel tells the task when this process is gone, however it went.
async function runTask(command, args, env) {
  if (toldToStop !== undefined || originIsGone()) process.exit(1);
  const { code, error } = await ended(command, args, { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  if (error) fail(error.message);
  process.exit(code);
}

const [task, ...rest] = process.argv.slice(2);
followOrigin();
if (task === 'prepare') {
  const env = await prepare();
  process.stdout.write(env.PATH);
} else if (task in TASKS) {
  const [command, ...args] = TASKS[task];
  await runTask(command, [...args, ...rest], await prepare());
} else {
  fail(`unknown task '${task ?? ''}'. Tasks: ${Object.keys(TASKS).join(', ')}.`);
}
