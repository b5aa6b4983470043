// Runs the failure suite once and writes what each fault did into REPORT.md: `node tests/failure/write-report.ts`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPORT_FOLDER, type FaultLine } from '../harness/fault-report.ts';

const root = join(import.meta.dirname, '../..');
const folder = process.env[REPORT_FOLDER] ?? mkdtempSync(join(tmpdir(), 'laba-faults-'));
const only = process.argv.slice(2);
const run = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...(only.length > 0 ? only : ['tests/failure', 'tests/soak'])], {
  cwd: root,
  env: { ...process.env, [REPORT_FOLDER]: folder },
  stdio: ['ignore', 'inherit', 'inherit'],
});

const lines = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
  .map((line) => JSON.parse(line) as FaultLine)
  .sort((a, b) => a.profile.localeCompare(b.profile) || a.fault.localeCompare(b.fault));
const seconds = (ms: number) => (ms / 1_000).toFixed(1);
const text = `<!-- Written by tests/failure/write-report.ts from a run of the failure suite. -->

# What each fault did

Written ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}). Every line is one fault on real
processes while a live alert was on; after each, the invariants I1–I5, I7–I9 and I11 were checked over everything that had happened, and held
unless the suite says otherwise (this run: ${run.status === 0 ? 'every test passed' : 'tests FAILED, see its output'}). Recovery is the time from the
end of the fault until every speaker of the live alert had reported or stopped as it should.

| fault | profile | what was seen | recovery, s |
|---|---|---|---|
${lines.map((line) => `| ${line.fault} | ${line.profile} | ${line.seen} | ${seconds(line.recoveryMs)} |`).join('\n')}
`;
writeFileSync(join(import.meta.dirname, 'REPORT.md'), text);
if (process.env[REPORT_FOLDER] === undefined) rmSync(folder, { recursive: true, force: true });
console.log(`${lines.length} faults written to tests/failure/REPORT.md`);
process.exitCode = run.status ?? 1;
