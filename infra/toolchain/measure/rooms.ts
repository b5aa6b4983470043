// The house measured: who imports whom. Rooms, their doors, and rings of files.
import { dirname, join, normalize } from 'node:path/posix';
import type { Fault, Source } from './source.ts';

const PACKAGES = ['domain', 'storage', 'messaging', 'runtime', 'photos'];
const TEST = /\.test(-kit)?\.ts$/;
const BEHIND: Record<string, readonly string[]> = {
  domain: [],
  engines: ['domain'],
  storage: ['domain'],
  messaging: ['domain'],
  runtime: ['domain', 'storage', 'messaging'],
  photos: ['domain', 'storage', 'runtime'],
};
const BROWSER = /^services\/console\/src\/web\/browser\//;
/** Built for browsers: the members' phone page, the officers' console. */
const BUILT = /^services\/(mobilization\/phone|console\/web)\//;

/** The room a file lies in: `domain`, `dispatch`, `host`, `tests`, `infra`. */
export function roomOf(path: string): string {
  const [top, room] = path.split('/');
  return (top === 'packages' || top === 'services' ? room : top) ?? '';
}

/** The file that an import names, from the root, or undefined when it is not one of ours. */
export function resolveImport(importer: string, from: string, rooms: ReadonlyMap<string, string>): string | undefined {
  if (from.startsWith('.')) return normalize(join(dirname(importer), from));
  const ours = /^@laba\/([^/]+)\/(.+)$/.exec(from);
  const folder = ours ? rooms.get(ours[1]!) : undefined;
  return folder && ours ? `${folder}/src/${ours[2]}.ts` : undefined;
}

/** Room name to folder, from the files themselves. */
export function roomFolders(sources: readonly Source[]): Map<string, string> {
  const folders = sources.map((source) => source.path.split('/')).filter(([top]) => top === 'packages' || top === 'services');
  return new Map(folders.map(([top, room]) => [room!, `${top}/${room}`]));
}

/**
 * Imports that go through a wall: domain imports nothing of ours; storage, messaging and engines import domain; runtime those three; photos what it keeps and takes them by; a service packages
 * only; host everything but tests; nobody but tests imports host; files that run in a browser import only their neighbours, built pages domain too.
 */
export function roomFaults(sources: readonly Source[]): Fault[] {
  const rooms = roomFolders(sources);
  return sources.flatMap((source) =>
    source.imports.flatMap(({ from, line }) => {
      const why = faultOf(source.path, from, rooms);
      return why === undefined ? [] : [{ path: source.path, line, what: `imports ${from}: ${why}` }];
    }),
  );
}

function faultOf(path: string, from: string, rooms: ReadonlyMap<string, string>): string | undefined {
  if (BROWSER.test(path)) return browserFault(path, from);
  if (BUILT.test(path) && !TEST.test(path)) return builtFault(path, from);
  return wallFault(path, from, rooms);
}

function builtFault(path: string, from: string): string | undefined {
  const isNear = from.startsWith('.') ? BUILT.test(normalize(join(dirname(path), from))) : !from.startsWith('@laba/') || from.startsWith('@laba/domain/');
  return isNear ? undefined : 'a built page imports its neighbours and domain';
}

function browserFault(path: string, from: string): string | undefined {
  const target = normalize(join(dirname(path), from));
  return from.startsWith('.') && BROWSER.test(target) ? undefined : 'what runs in the browser imports only its neighbours';
}

function wallFault(path: string, from: string, rooms: ReadonlyMap<string, string>): string | undefined {
  const target = resolveImport(path, from, rooms);
  if (target === undefined) return from.startsWith('@laba/') ? 'there is no such room' : undefined;
  const here = roomOf(path);
  const there = roomOf(target);
  if (here === there || here === 'tests') return undefined;
  if (from.startsWith('.') && here !== 'infra') return 'another room is imported by its name, not by a path';
  if (there === 'tests') return 'nothing but tests imports tests';
  if (there === 'host') return 'nothing but tests imports host';
  if (here === 'host' || here === 'infra') return undefined;
  if (there === 'engines' && TEST.test(path)) return undefined;
  const allowed = BEHIND[here] ?? PACKAGES;
  return allowed.includes(there) ? undefined : `${here} may import ${allowed.length > 0 ? allowed.join(', ') : 'nothing of ours'}`;
}

/** Rings of files that import one another, type imports counted; each ring sorted, so that it reads the same on every run. */
export function importCycles(sources: readonly Source[]): string[][] {
  const rooms = roomFolders(sources);
  const known = new Set(sources.map((source) => source.path));
  const edges = new Map(
    sources.map(({ path, imports }) => {
      const targets = imports.map(({ from }) => resolveImport(path, from, rooms)).filter((target) => target !== undefined && known.has(target));
      return [path, [...new Set(targets as string[])]];
    }),
  );
  return components(edges)
    .filter((ring) => ring.length > 1 || edges.get(ring[0]!)!.includes(ring[0]!))
    .map((ring) => ring.sort());
}

interface Mark {
  index: number;
  low: number;
  open: boolean;
}

// Tarjan's strongly connected components.
function components(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const marks = new Map<string, Mark>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): Mark => {
    const mark = { index: marks.size, low: marks.size, open: true };
    marks.set(path, mark);
    stack.push(path);
    for (const next of edges.get(path) ?? []) {
      const seen = marks.get(next);
      if (seen === undefined) mark.low = Math.min(mark.low, visit(next).low);
      else if (seen.open) mark.low = Math.min(mark.low, seen.index);
    }
    if (mark.low === mark.index) {
      const ring = stack.splice(stack.indexOf(path));
      for (const one of ring) marks.get(one)!.open = false;
      found.push(ring);
    }
    return mark;
  };
  for (const path of edges.keys()) if (!marks.has(path)) visit(path);
  return found;
}
