// The house rules: types, lint, and everything under measure/. Prints what it measured, ends with 1 when something is forbidden.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { houseRules } from './measure/house-rules.ts';

const root = join(import.meta.dirname, '..', '..');
const FAULTS_SHOWN = 40;

const PROGRAMS = {
  types: ['tsc', '-p', '.'],
  phone: ['tsc', '-p', 'tsconfig.phone.json'],
  console: ['tsc', '-p', 'tsconfig.console.json'],
  lint: ['oxlint'],
  format: ['oxfmt', '--list-different'],
};

function runProgram(name, [program, ...args]) {
  const begun = performance.now();
  const child = spawn(join(root, 'node_modules', '.bin', program), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ name, failed: code !== 0, output: output.trim(), seconds: (performance.now() - begun) / 1000 }));
  });
}

function print(name, failed, told) {
  const [first = '', ...rest] = told.split('\n');
  console.log(`${name.padEnd(8)} ${failed ? 'FAULT' : 'ok   '}  ${first}`);
  for (const line of rest) console.log(`                ${line}`);
}

function printProgram({ name, failed, output, seconds }) {
  print(name, failed, `${PROGRAMS[name].join(' ')}, ${seconds.toFixed(1)} s`);
  if (failed) console.log(output);
}

function printRule({ name, told, faults }) {
  print(name, faults.length > 0, told);
  for (const { path, line, what } of faults.slice(0, FAULTS_SHOWN)) console.log(`  ${path}:${line}: ${what}`);
  if (faults.length > FAULTS_SHOWN) console.log(`  and ${faults.length - FAULTS_SHOWN} more`);
}

const programs = await Promise.all(Object.entries(PROGRAMS).map(([name, command]) => runProgram(name, command)));
for (const program of programs) printProgram(program);
const rules = houseRules(root);
for (const rule of rules) printRule(rule);
const broken = [...programs.filter(({ failed }) => failed), ...rules.filter(({ faults }) => faults.length > 0)].map(({ name }) => name);
console.log(broken.length === 0 ? 'check: everything holds' : `check: broken: ${broken.join(', ')}`);
process.exitCode = broken.length === 0 ? 0 : 1;
