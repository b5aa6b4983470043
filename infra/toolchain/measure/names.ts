// The house measured: names of files, their first line, and words that may not stand anywhere.
import { basename } from 'node:path/posix';
import { findAll, isTest, type Fault, type Source } from './source.ts';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const EMPTY_WORDS = /^(utils?|helpers?|managers?|base|common|misc)$/;
// Tools ask for a default export in their own configuration.
const CONFIGURATION = /(^|\/)[a-z.-]+\.config\.ts$/;

/** Kebab-case, no name that says nothing, no barrels, no default exports, no enums, first line a comment. */
export function nameFaults(sources: readonly Source[]): Fault[] {
  return sources.flatMap((source) => {
    const { path } = source;
    const stem = basename(path).replace(/\.(m?ts|tsx)$/, '');
    const faults = [
      ...(KEBAB.test(stem) ? [] : ['the file name is not kebab-case']),
      ...(stem === 'index' ? ['a barrel: import from the file itself'] : []),
      ...(stem.split(/[.-]/).some((word) => EMPTY_WORDS.test(word)) ? ['the file name says nothing: name what it does'] : []),
      ...(/^(\/\/ |\/\*\*? )\S/.test(source.text) ? [] : ['the first line does not say which part of the story this is']),
      ...(!CONFIGURATION.test(path) && findAll(source.program, 'ExportDefaultDeclaration').length > 0 ? ['default export'] : []),
      ...(findAll(source.program, 'TSEnumDeclaration').length > 0 ? ['enum'] : []),
    ];
    return faults.map((what) => ({ path, line: 1, what }));
  });
}

// Written so that this file does not find itself.
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\b(TO|FIX)(DO|ME)\b/, 'a note to do something later'],
  [/@ts-(ignore|expect-error|nocheck)\b/, 'a silenced type error'],
  [/\bvi\.(mock|doMock)\(/, 'a module mock means a hidden dependency'],
  [/(?<![\w./-])\/(work|root)\/[\w.]/, 'a path of one machine'],
];

/** Words that may stand in no file of the house, by line. */
export function wordFaults(files: readonly Pick<Source, 'path' | 'text'>[]): Fault[] {
  return files
    .filter(({ path }) => !path.endsWith('measure/names.ts'))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, i) => FORBIDDEN.filter(([pattern]) => pattern.test(line)).map(([, what]) => ({ path, line: i + 1, what }))),
    );
}

/** The present time asked past the Clock. (Timers, `Date.now` and `process.env` are the linter's.) */
export function clockFaults(sources: readonly Source[]): Fault[] {
  const product = sources.filter(({ path }) => /^(packages|services)\//.test(path) && !isTest(path));
  return product.flatMap((source) =>
    findAll(source.program, 'NewExpression')
      .filter((node) => (node['callee'] as { name?: string }).name === 'Date' && (node['arguments'] as unknown[]).length === 0)
      .map((node) => ({ path: source.path, line: source.lineAt(node.start), what: 'asks the time past the Clock' })),
  );
}
