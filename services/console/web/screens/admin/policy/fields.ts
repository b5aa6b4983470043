// The policy's own schema as a form: which values there are, of what kind, and within which limits. A new value of the schema is a new field.
import './no-eval.ts';
import { DEFAULT_POLICY, policySchema } from '@laba/domain/policy';
import { toJSONSchema } from 'zod';

export const POLICY = '/api/v1/policy';

export type Path = readonly (string | number)[];
export type Value = string | number | boolean | null | undefined | Value[] | { [name: string]: Value };

export type Field =
  | { kind: 'number'; least: number; most: number; mayBeOff: boolean }
  | { kind: 'choice'; options: readonly (string | number)[]; mayBeOff: boolean }
  | { kind: 'choices'; options: readonly (string | number)[] }
  | { kind: 'texts' }
  | { kind: 'text'; most: number | undefined; mayBeOff: boolean }
  | { kind: 'yes' }
  | { kind: 'rows'; row: Group }
  | Group;
export interface Group {
  kind: 'group';
  fields: readonly (readonly [name: string, field: Field])[];
}

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  enum?: (string | number)[];
  const?: string | number;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

const MONTHS = 12;

function choicesOf(item: Schema): Field {
  if (item.enum !== undefined) return { kind: 'choices', options: item.enum };
  if (item.type === 'integer') return { kind: 'choices', options: Array.from({ length: item.maximum ?? MONTHS }, (_, at) => at + 1) };
  return item.type === 'object' ? { kind: 'rows', row: groupOf(item) } : { kind: 'texts' };
}

const groupOf = ({ properties = {} }: Schema): Group => ({
  kind: 'group',
  fields: Object.entries(properties).map(([name, schema]) => [name, fieldOf(schema)] as const),
});

function fieldOf(schema: Schema, mayBeOff = false): Field {
  const { anyOf, type, items } = schema;
  if (anyOf !== undefined) {
    const some = anyOf.filter((one) => one.type !== 'null');
    const isOff = mayBeOff || some.length < anyOf.length;
    if (some.every((one) => one.const !== undefined)) return { kind: 'choice', options: some.map((one) => one.const!), mayBeOff: isOff };
    return fieldOf(some[0]!, isOff);
  }
  if (schema.enum !== undefined) return { kind: 'choice', options: schema.enum, mayBeOff };
  if (type === 'object') return groupOf(schema);
  if (type === 'array') return choicesOf(items ?? {});
  if (type === 'boolean') return { kind: 'yes' };
  if (type === 'integer') return { kind: 'number', least: schema.minimum ?? 0, most: schema.maximum ?? Number.MAX_SAFE_INTEGER, mayBeOff };
  return { kind: 'text', most: schema.maxLength, mayBeOff };
}

export const FORM = groupOf(toJSONSchema(policySchema, { io: 'output' }) as Schema);

/** The value as it is called in the words: the same in each row, and the same for the rows of a house that is alone. */
export function nameOf(path: Path): string {
  const [first, ...rest] = path.map((part) => (typeof part === 'number' ? '[]' : part));
  return [first === 'alone' && rest.length > 0 ? 'rows' : first, ...rest].join('.');
}

/** Every value that can be set, as it is called in the words. */
export function namesIn(field: Field, path: Path = []): string[] {
  const own = path.length === 0 ? [] : [nameOf(path)];
  if (field.kind === 'group') return [...own, ...field.fields.flatMap(([name, one]) => namesIn(one, [...path, name]))];
  return field.kind === 'rows' ? [...own, ...namesIn(field.row, [...path, 0]).slice(1)] : own;
}

export const at = (value: Value, path: Path): Value =>
  path.reduce<Value>((inner, part) => (inner === null || typeof inner !== 'object' ? undefined : (inner as Record<string | number, Value>)[part]), value);

export function withValue(value: Value, [part, ...rest]: Path, becomes: Value): Value {
  if (part === undefined) return becomes;
  if (Array.isArray(value)) return value.map((one, index) => (index === part ? withValue(one, rest, becomes) : one));
  const before = value as { [name: string]: Value };
  return { ...before, [part]: withValue(before[part], rest, becomes) };
}

export interface Change {
  path: Path;
  was: Value;
  becomes: Value;
}

const isRow = (value: Value): value is { [name: string]: Value } => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSame = (a: Value, b: Value) => JSON.stringify(a) === JSON.stringify(b);

/** What differs, each value by itself; a list that has more or fewer rows is one change. */
export function changesOf(was: Value, becomes: Value, path: Path = []): Change[] {
  if (isSame(was, becomes)) return [];
  if (isRow(was) && isRow(becomes))
    return [...new Set([...Object.keys(was), ...Object.keys(becomes)])].flatMap((name) => changesOf(was[name], becomes[name], [...path, name]));
  if (Array.isArray(was) && Array.isArray(becomes) && was.length === becomes.length && was.some(isRow))
    return was.flatMap((one, index) => changesOf(one, becomes[index], [...path, index]));
  return [{ path, was, becomes }];
}

/** My changes on what another one wrote meanwhile; where he gave a list more or fewer rows, mine stands as a whole. */
export function carriedOver(seen: Value, mine: Value, now: Value): Value {
  return changesOf(seen, mine).reduce((onto, { path, becomes }) => {
    const row = path.findIndex((part) => typeof part === 'number');
    const list = row === -1 ? path : path.slice(0, row);
    const [before, after] = [at(seen, list), at(onto, list)];
    const isOther = Array.isArray(before) && Array.isArray(after) && before.length !== after.length;
    return isOther ? withValue(onto, list, at(mine, list)) : withValue(onto, path, becomes);
  }, now);
}

/** What the county starts with; of a row, nothing: rows are the county's own. */
export const defaultOf = (path: Path): Value => (path.some((part) => typeof part === 'number') ? undefined : at(DEFAULT_POLICY as unknown as Value, path));

export interface Wrong {
  code: 'small' | 'big' | 'empty' | 'time' | 'twice' | 'shape';
  n: number | undefined;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const CODES: Readonly<Record<string, Wrong['code']>> = { too_small: 'small', too_big: 'big', invalid_type: 'empty', custom: 'twice' };

/** What the house would refuse, by its place in the policy. */
export function wrongIn(draft: Value): Map<string, Wrong> {
  const wrong = new Map<string, Wrong>();
  for (const issue of policySchema.safeParse(draft).error?.issues ?? []) {
    const { code, path } = issue;
    const n = code === 'too_small' ? Number(issue.minimum) : code === 'too_big' ? Number(issue.maximum) : undefined;
    const isHour = code === 'invalid_format' && /From|to|from|zeroAt|by/.test(String(path.findLast((part) => typeof part === 'string')));
    wrong.set(path.map(String).join('.'), { code: isHour ? 'time' : (CODES[code] ?? 'shape'), n });
  }
  for (const name of ['from', 'to']) {
    const hour = at(draft, ['quietHours', name]);
    if (typeof hour !== 'string' || !TIME.test(hour)) wrong.set(`quietHours.${name}`, { code: 'time', n: undefined });
  }
  return wrong;
}

/** A row as a new one begins. */
export function freshRow(row: Group): Value {
  const empty = (field: Field): Value => {
    if (field.kind === 'choices' || field.kind === 'texts' || field.kind === 'rows') return [];
    if (field.kind === 'yes') return false;
    if (field.kind === 'number') return field.least;
    if (field.kind === 'choice') return field.options[0];
    return field.kind === 'group' ? freshRow(field) : '';
  };
  return Object.fromEntries(row.fields.map(([name, field]) => [name, empty(field)]));
}
