// Many rows as one parameter: a JSON text becomes a table, so that a statement for thousands of rows stays one statement, prepared once.
import { entityKind, sql, type SQL } from 'drizzle-orm';

/** What a column holds; a key that a row does not have is null. In a `json` column leave out what is null: JSON's own null is a value. */
export type RowType = 'text' | 'int' | 'number' | 'flag' | 'json';

type Value<T extends RowType> = T extends 'text' ? string : T extends 'json' ? unknown : T extends 'flag' ? boolean : number;

/** Goes into `from`; its columns by name. */
export interface RowsOf<C extends Record<string, RowType>> {
  from: SQL;
  columns: { [K in keyof C]: SQL<Value<C[K]>> };
}

const POSTGRES_TYPES: Record<RowType, string> = { text: 'text', int: 'bigint', number: 'double precision', flag: 'boolean', json: 'jsonb' };

/** Whether these tables are PostgreSQL's. */
export function onPostgres(t: { event: object }): boolean {
  return (t.event.constructor as { [entityKind]?: string })[entityKind] === 'PgTable';
}

/**
 * The rows of a JSON array of objects, under the name `alias` (the default is fine for one per statement). `json`: the text or its placeholder.
 */
export function rowsOf<const C extends Record<string, RowType>>(t: { event: object }, json: unknown, columns: C, alias = 'given'): RowsOf<C> {
  const name = sql.identifier(alias);
  const names = Object.keys(columns);
  const fields = Object.fromEntries(names.map((key) => [key, sql`${name}.${sql.identifier(key)}`])) as RowsOf<C>['columns'];
  const inside = (one: (key: string) => SQL) => sql.join(names.map(one), sql`, `);
  const from = onPostgres(t)
    ? // Through text: a driver that knows the parameter as JSON would encode the text once more.
      sql`jsonb_to_recordset(cast(cast(${json} as text) as jsonb)) as ${name}(${inside((key) => sql`${sql.identifier(key)} ${sql.raw(POSTGRES_TYPES[columns[key]!])}`)})`
    : sql`(select ${inside((key) => sql`${sql.raw(`value ${columns[key] === 'json' ? '->' : '->>'} '$.${key}'`)} as ${sql.identifier(key)}`)} from json_each(${json})) as ${name}`;
  return { from, columns: fields };
}
