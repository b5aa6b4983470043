// The house measured: every rule of the house over the whole tree, as the check prints them and the architecture tests hold them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { READMES, tableFaults } from './marked-tables.ts';
import { clockFaults, nameFaults, wordFaults } from './names.ts';
import { readmeTables } from './readme.ts';
import { measureRepeats, REPEATS } from './repeats.ts';
import { importCycles, roomFaults } from './rooms.ts';
import { AIMS, EXCEPTIONS, fileSizes, functionSizes, namedFunctions, sizeFaults, spreadOf, type Spread } from './sizes.ts';
import { isTest, listFiles, readTree, type Fault, type Source } from './source.ts';
import { deafConsumers, strangeEvents, untoldEvents, unusedErrors } from './story.ts';
import { driverUses, foreignWrites, strayStatements, writesOf } from './writes.ts';
import { ERRORS } from '../../../packages/domain/src/errors.ts';
import { EVENTS } from '../../../packages/domain/src/events.ts';
import { OWNERS } from '../../../packages/storage/src/ownership.ts';

export interface Rule {
  name: string;
  /** What was looked at, in one line. */
  told: string;
  faults: readonly Fault[];
}

const CODE = ['packages', 'services', 'tests', 'infra'];
const WRITTEN = ['.ts', '.mjs', '.js', '.css', '.html', '.json', '.md', '.yml', '.service'];
const ROOT_FILES = ['README.md', 'README.zh-CN.md', 'docker-compose.yml', 'package.json', 'vitest.config.ts'];

export function readHouse(root: string): Source[] {
  return readTree(root, CODE);
}

/** Every rule but types, lint and format, which are other programs. */
export function houseRules(root: string, sources: readonly Source[] = readHouse(root)): Rule[] {
  return [rooms(sources), writes(sources), sizes(sources), names(root, sources), story(sources), repeats(root), readme(root)];
}

function rooms(sources: readonly Source[]): Rule {
  const rings = importCycles(sources);
  const imports = sources.reduce((sum, source) => sum + source.imports.length, 0);
  const faults = [
    ...roomFaults(sources),
    ...rings.map((ring) => ({ path: ring[0]!, line: 1, what: `imports itself by way of ${ring.slice(1).join(', ') || 'itself'}` })),
  ];
  return { name: 'rooms', told: `${sources.length} files, ${imports} imports, ${rings.length} rings`, faults };
}

function writes(sources: readonly Source[]): Rule {
  const product = sources.filter(({ path }) => !isTest(path));
  const count = product.reduce((sum, source) => sum + writesOf(source).length, 0);
  return {
    name: 'writes',
    told: `${count} writing statements on ${Object.keys(OWNERS).length} tables`,
    faults: [...foreignWrites(sources, OWNERS), ...driverUses(sources), ...strayStatements(sources)],
  };
}

function sizes(sources: readonly Source[]): Rule {
  const product = sources.filter(({ path }) => !isTest(path));
  const functions = spreadOf(namedFunctions(functionSizes(product)), AIMS.functionLines);
  const files = spreadOf(fileSizes(sources), AIMS.fileLines);
  const excepted = Object.entries(EXCEPTIONS).map(([where, why]) => `excepted: ${where} (${why})`);
  const wide = sources.reduce((sum, { text }) => sum + text.split('\n').filter((line) => line.length > AIMS.lineChars).length, 0);
  const told = [
    `functions ${toldSpread(functions, AIMS.functionLines)}`,
    `files ${toldSpread(files, AIMS.fileLines)}`,
    `lines wider than ${AIMS.lineChars}: ${wide} (not held)`,
    ...excepted,
  ].join('\n');
  return { name: 'sizes', told, faults: sizeFaults(sources) };
}

function toldSpread({ count, median, longest, aboveAim }: Spread, aim: number): string {
  return `${count}: median ${median}, longest ${longest?.lines ?? 0} (${longest?.path ?? ''} ${longest?.name ?? ''}), ${aboveAim} above the aim of ${aim}`;
}

function names(root: string, sources: readonly Source[]): Rule {
  const paths = [...listFiles(root, [...CODE, '.ci'], WRITTEN), ...ROOT_FILES];
  const files = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  return { name: 'names', told: `${files.length} files`, faults: [...nameFaults(sources), ...wordFaults(files), ...clockFaults(sources)] };
}

function story(sources: readonly Source[]): Rule {
  const codes = Object.keys(ERRORS);
  const faults = [...untoldEvents(sources, EVENTS), ...strangeEvents(sources, EVENTS), ...deafConsumers(sources, EVENTS), ...unusedErrors(sources, codes)];
  return { name: 'story', told: `${Object.keys(EVENTS).length} events, ${codes.length} refusals`, faults };
}

function repeats(root: string): Rule {
  const { percent, places } = measureRepeats(root, ['packages', 'services']);
  const what = `${percent} % of the product's lines stand twice, more than ${REPEATS.limitPercent} %`;
  const told = [`${percent} % of the product's lines stand twice (limit ${REPEATS.limitPercent} %)`, ...places.slice(0, 3)].join('\n');
  return { name: 'repeats', told, faults: percent > REPEATS.limitPercent ? [{ path: 'packages, services', line: 1, what }] : [] };
}

function readme(root: string): Rule {
  const faults = Object.entries(READMES).flatMap(([language, path]) =>
    tableFaults(path, readFileSync(join(root, path), 'utf8'), readmeTables(language as 'en' | 'zh')),
  );
  return { name: 'readme', told: 'tables of refusals and settings, in both languages', faults };
}
