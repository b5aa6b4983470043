// The house measured: how long functions and files are, against the aims of the house.
import { isTest, nameOf, walk, type Fault, type Node, type Source } from './source.ts';

export const AIMS = { functionLines: 40, functionLinesHard: 70, fileLines: 200, fileLinesHard: 400, lineChars: 160 } as const;

/** Longer than the hard limit and better so; the reason is printed with every check. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'packages/storage/src/tables/registry.ts registryTables': 'a list of tables: no branches, read by name',
  'packages/storage/src/tables/alerting.ts alertingTables': 'a list of tables: no branches, read by name',
  'packages/storage/src/tables/ladder.ts ladderTables': 'a list of tables: no branches, read by name',
  'packages/storage/src/tables/dispatch.ts dispatchTables': 'a list of tables: no branches, read by name',
  'services/gateway/src/spool-tables.ts defineSpoolTables': 'a list of tables: no branches, read by name',
};

export interface Size {
  name: string;
  path: string;
  line: number;
  lines: number;
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

const CLOSURE = '(closure)';

/** The functions that have a name: what a reader counts. */
export function namedFunctions(sizes: readonly Size[]): Size[] {
  return sizes.filter((size) => size.name !== CLOSURE);
}

/** Every function of the files, closures too, with the lines from its first to its last character. */
export function functionSizes(sources: readonly Source[]): Size[] {
  return sources.flatMap((source) => {
    const found: Size[] = [];
    walk(source.program, (node, parents) => {
      if (!FUNCTIONS.has(node.type) || !node['body']) return;
      const line = source.lineAt(node.start);
      found.push({ name: functionName(node, parents), path: source.path, line, lines: source.lineAt(node.end - 1) - line + 1 });
    });
    return found;
  });
}

function functionName(node: Node, parents: readonly Node[]): string {
  const holder = parents.at(-1);
  return nameOf(node['id'] as Node) ?? nameOf((holder?.['key'] ?? holder?.['id']) as Node) ?? CLOSURE;
}

export function fileSizes(sources: readonly Pick<Source, 'path' | 'text'>[]): Size[] {
  return sources.map(({ path, text }) => ({ name: '', path, line: 1, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) }));
}

export interface Spread {
  count: number;
  median: number;
  longest: Size | undefined;
  aboveAim: number;
}

export function spreadOf(sizes: readonly Size[], aim: number): Spread {
  const sorted = [...sizes].sort((a, b) => a.lines - b.lines);
  return {
    count: sorted.length,
    median: sorted[Math.floor(sorted.length / 2)]?.lines ?? 0,
    longest: sorted.at(-1),
    aboveAim: sorted.filter((size) => size.lines > aim).length,
  };
}

/** Functions (of the product), files and lines beyond the hard limits. */
export function sizeFaults(sources: readonly Source[]): Fault[] {
  const functions = functionSizes(sources.filter(({ path }) => !isTest(path)))
    .filter((size) => size.lines > AIMS.functionLinesHard && EXCEPTIONS[`${size.path} ${size.name}`] === undefined)
    .map((size) => ({ path: size.path, line: size.line, what: `${size.name} has ${size.lines} lines, more than ${AIMS.functionLinesHard}` }));
  const files = fileSizes(sources)
    .filter((size) => size.lines > AIMS.fileLinesHard && EXCEPTIONS[size.path] === undefined)
    .map((size) => ({ path: size.path, line: size.lines, what: `${size.lines} lines, more than ${AIMS.fileLinesHard}` }));
  return [...functions, ...files];
}
