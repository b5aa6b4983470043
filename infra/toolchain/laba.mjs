// Brings its own Node and pnpm, installs what the lock files name, then runs one task.
// Runs on any Node >= 18 and imports nothing but Node itself, because it runs before anything is installed.
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const tools = join(root, '.tools');
const NODE_FLOOR = 24;

const TASKS = {
  start: ['node', 'services/host/src/main.ts', 'start'],
  test: ['node', 'infra/toolchain/test.mjs'],
  check: ['node', 'infra/toolchain/check.mjs'],
  bench: ['node', 'tests/bench/main.ts'],
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

function run(command, args, cwd, env) {
  const result = spawnSync(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (result.error || result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    fail(`'${command} ${args.join(' ')}' failed${result.error ? `: ${result.error.message}` : ''}. Is the package registry reachable?`);
  }
}

function installToolchain(env) {
  const stamp = join(tools, 'stamp');
  const wanted = sha256(join(here, 'package.json'), join(here, 'package-lock.json'));
  if (stampHolds(stamp, wanted)) return;
  say('installing Node and pnpm into .tools (once)');
  mkdirSync(tools, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(here, name), join(tools, name));
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], tools, env);
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

function installPackages(env) {
  const stamp = join(root, 'node_modules', '.laba-stamp');
  const wanted = sha256(...manifests());
  if (stampHolds(stamp, wanted)) return;
  say('installing the packages of pnpm-lock.yaml');
  run('pnpm', ['install', '--frozen-lockfile', '--reporter=append-only'], root, env);
  writeFileSync(stamp, wanted);
}

function prepare() {
  if (Number(process.versions.node.split('.')[0]) < 18) fail(`Node ${process.versions.node} is too old: install Node 18 or newer.`);
  const env = cleanEnv();
  env.PATH = [...toolPath(), env.PATH ?? ''].join(delimiter);
  installToolchain(env);
  installPackages(env);
  return env;
}

// `npm start` hands SIGTERM to its shell only: forward what arrives, and leave when the parent is gone,
// or the server would be orphaned.
function runTask(command, args, env) {
  const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500);
  watch.unref();
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(signal ? 128 : (code ?? 1)));
}

const [task, ...rest] = process.argv.slice(2);
if (task === 'prepare') {
  const env = prepare();
  process.stdout.write(env.PATH);
} else if (task in TASKS) {
  const [command, ...args] = TASKS[task];
  runTask(command, [...args, ...rest], prepare());
} else {
  fail(`unknown task '${task ?? ''}'. Tasks: ${Object.keys(TASKS).join(', ')}.`);
}
