// The house measured: one parsed source file, and the way through its syntax tree.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, visitorKeys } from 'oxc-parser';

/** A node of the syntax tree (ESTree with TypeScript), read by name. Offsets count UTF-16 units. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export interface Import {
  from: string;
  line: number;
}

export interface Source {
  /** From the root of the repository, with `/`. */
  path: string;
  text: string;
  program: Node;
  /** Static, dynamic, type-only imports and re-exports alike. */
  imports: readonly Import[];
  lineAt(offset: number): number;
}

/** Something the house forbids, and where. */
export interface Fault {
  path: string;
  line: number;
  what: string;
}

const SKIPPED = new Set(['node_modules', 'coverage', 'fixtures', 'data', 'dist']);

/** Every file under the folders (from the root), sorted; hidden and foreign folders left out. */
export function listFiles(root: string, folders: readonly string[], ends: readonly string[]): string[] {
  const found: string[] = [];
  const enter = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.')) enter(path);
      if (entry.isFile() && ends.some((end) => entry.name.endsWith(end))) found.push(path);
    }
  };
  for (const folder of folders) enter(folder);
  return found.sort();
}

/** Parses one file. @throws when it is not valid TypeScript. */
export function parseSource(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const starts = lineStarts(text);
  const lineAt = (offset: number) => starts.findLastIndex((start) => start <= offset) + 1;
  const imports = [
    ...module.staticImports.map((one) => ({ from: one.moduleRequest.value, line: lineAt(one.start) })),
    ...module.staticExports.flatMap((one) =>
      one.entries.filter((entry) => entry.moduleRequest).map((entry) => ({ from: entry.moduleRequest!.value, line: lineAt(one.start) })),
    ),
    ...module.dynamicImports.map((one) => ({ from: unquoted(text.slice(one.moduleRequest.start, one.moduleRequest.end)), line: lineAt(one.start) })),
  ];
  return { path, text, program: program as unknown as Node, imports: [...imports, ...typeImports(program as unknown as Node, lineAt)], lineAt };
}

/** Reads and parses every TypeScript file of the rooms, tests and tools. */
export function readTree(root: string, folders: readonly string[]): Source[] {
  return listFiles(root, folders, ['.ts', '.tsx', '.mts']).map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
}

export function isTest(path: string): boolean {
  return /\.(test|contract|test-kit)\.tsx?$|\/(test|fake)-[^/]+\.ts$/.test(path) || path.startsWith('tests/');
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function unquoted(text: string): string {
  return text.replace(/^['"`]|['"`]$/g, '');
}

// `import('./x.ts').Name` in a type draws a file in as surely as a statement does.
function typeImports(program: Node, lineAt: (offset: number) => number): Import[] {
  return findAll(program, 'TSImportType').map((node) => ({ from: nameOf(node['source'] as Node) ?? '', line: lineAt(node.start) }));
}

/** Calls `visit` on every node, parents first; `parents` holds the way down, nearest last. */
export function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => void, parents: readonly Node[] = []): void {
  visit(node, parents);
  const below = [...parents, node];
  for (const key of visitorKeys[node.type] ?? []) {
    const child = node[key] as Node | (Node | null)[] | null | undefined;
    for (const one of Array.isArray(child) ? child : [child]) if (one) walk(one, visit, below);
  }
}

export function findAll(node: Node, type: string): Node[] {
  const found: Node[] = [];
  walk(node, (one) => {
    if (one.type === type) found.push(one);
  });
  return found;
}

/** The name of an identifier or of a member's last part: `name` of `name`, `a.name`, `a['name']`; undefined otherwise. */
export function nameOf(node: Node | null | undefined): string | undefined {
  if (!node) return undefined;
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return String(node['name']);
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  return node.type === 'MemberExpression' ? nameOf(node['property'] as Node) : undefined;
}
