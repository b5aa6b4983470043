// The house measured: who writes which table, and who touches the database's driver.
import { roomOf } from './rooms.ts';
import { findAll, isTest, nameOf, type Fault, type Node, type Source } from './source.ts';

const WRITES = new Set(['insert', 'update', 'delete']);
const DRIVER_CALLS = new Set(['run', 'all', 'get', 'execute', 'exec', 'pragma', 'transaction']);
const DRIVERS = /^(better-sqlite3|node:sqlite|pg|postgres|drizzle-orm\/(better-sqlite3|node-postgres|postgres-js|sqlite-core|pg-core)(\/.*)?)$/;
const STATEMENTS = /^(select|selectDistinct|insert|update|delete)$/;
/** The only files of a service that build SQL. */
const STORE = /-store\.ts$/;
/** The gateway's spool is a database of its own, in its own file; these tables are not the house's. */
const SPOOL_ROOM = 'gateway';

interface Write {
  table: string;
  line: number;
}

/** The `q.insert(t.table)`, `q.update(t.table)`, `q.delete(t.table)` of one file. */
export function writesOf(source: Source): Write[] {
  return findAll(source.program, 'CallExpression').flatMap((call) => {
    const callee = call['callee'] as Node;
    const [target] = call['arguments'] as Node[];
    if (callee.type !== 'MemberExpression' || !WRITES.has(nameOf(callee) ?? '') || target?.type !== 'MemberExpression') return [];
    // Sets and maps are deleted from too: `pending.delete(job.id)` is no statement. A statement speaks to a query builder.
    if (!isBuilder(callee['object'] as Node)) return [];
    return [{ table: nameOf(target)!, line: source.lineAt(call.start) }];
  });
}

function isBuilder(node: Node): boolean {
  return node.type === 'Identifier' && /^(q|query|sql|db|tx|#?drizzle)$/i.test(nameOf(node) ?? '');
}

/** Writes to tables that another room owns. `owners` is storage/src/ownership.ts. Test files may set the scene. */
export function foreignWrites(sources: readonly Source[], owners: Readonly<Record<string, string>>): Fault[] {
  return sources
    .filter(({ path }) => !isTest(path))
    .flatMap((source) =>
      writesOf(source).flatMap(({ table, line }) => {
        const here = roomOf(source.path);
        const owner = owners[table];
        if (owner === here || (owner === undefined && here === SPOOL_ROOM)) return [];
        return [{ path: source.path, line, what: `writes ${table}, which ${owner === undefined ? 'nobody owns' : `belongs to ${owner}`}` }];
      }),
    );
}

/** Statements of a service that are built outside its stores. (The host's demo fills a county as an import would.) */
export function strayStatements(sources: readonly Source[]): Fault[] {
  const product = sources.filter(({ path }) => path.startsWith('services/') && roomOf(path) !== 'host' && !isTest(path) && !STORE.test(path));
  return product.flatMap((source) =>
    findAll(source.program, 'CallExpression')
      .map((call) => ({ call, callee: call['callee'] as Node }))
      .filter(({ callee }) => callee.type === 'MemberExpression' && STATEMENTS.test(nameOf(callee) ?? '') && nameOf(callee['object'] as Node) === 'q')
      .map(({ call }) => ({ path: source.path, line: source.lineAt(call.start), what: 'builds a statement outside a store: only *-store.ts files build SQL' })),
  );
}

/** Raw statements, `.run/.all/.get` on a built query, or an engine's own module outside storage. */
export function driverUses(sources: readonly Source[]): Fault[] {
  return sources.filter(({ path }) => roomOf(path) !== 'storage' && !isTest(path)).flatMap((source) => [...driverImports(source), ...rawCalls(source)]);
}

// The gateway defines its spool's tables with the engine's column kit; the statements still go through the port.
function driverImports(source: Source): Fault[] {
  return source.imports
    .filter(({ from }) => DRIVERS.test(from) && !(roomOf(source.path) === SPOOL_ROOM && from === 'drizzle-orm/sqlite-core'))
    .map(({ from, line }) => ({ path: source.path, line, what: `imports ${from}: an engine's own module stays inside storage` }));
}

function rawCalls(source: Source): Fault[] {
  return findAll(source.program, 'CallExpression').flatMap((call) => {
    const callee = call['callee'] as Node;
    const verb = nameOf(callee) ?? '';
    if (callee.type !== 'MemberExpression') return [];
    const fault = (what: string) => [{ path: source.path, line: source.lineAt(call.start), what }];
    if (verb === 'raw' && nameOf(callee['object'] as Node) === 'sql' && !STORE.test(source.path)) return fault('sql.raw stays inside storage and the stores');
    return DRIVER_CALLS.has(verb) && isStatement(callee['object'] as Node) ? fault(`.${verb}() on a statement stays inside storage`) : [];
  });
}

/** A chain that begins at a query builder: `q.select().from(…)`. */
function isStatement(node: Node): boolean {
  if (node.type === 'CallExpression') return isStatement(node['callee'] as Node);
  if (node.type === 'MemberExpression') return isStatement(node['object'] as Node);
  return node.type === 'Identifier' && /^(q|tx|drizzle|driver|sqlite)$/.test(nameOf(node)!);
}
