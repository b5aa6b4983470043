// Rows of any shared table as life might write them at a village's house and at the county's, drawn from a seed.
import { getTableColumns, type Column } from 'drizzle-orm';
import type { Row } from '@laba/domain/merge';
import { sqliteTables } from '../tables.ts';
import { tableOf, type Secrets, type TableName } from './images.ts';
import { HASH_OF, sharedTable } from './shared-tables.ts';
import { OBJECT_LISTS, TEXT_LISTS } from './storable.ts';

export const COUNTY = '533324';
export const VILLAGE = '533324100201';
const GROUPS = [`${VILLAGE}01`, `${VILLAGE}02`];
const OTHER_VILLAGE = '533324100202';
export const SINCE_MS = 1_782_842_400_000;

/** Alerts by who may decide on them: all of the county, or this village alone. */
export const COUNTY_ALERT = 'alert-county';
export const VILLAGE_ALERT = 'alert-village';

/** Drawn by whoever makes the row, so that no two are the same. */
const ONCE = ['formHash', 'handle', 'callId'];

export type Random = () => number;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!;

/** Words whose order the rules know, by table and column. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'alert.state': ['live', 'over'],
  'call.state': ['queued', 'sent', 'delivered', 'read', 'answered', 'closed'],
  'ladder.state': ['asked', 'answered', 'moving', 'closed'],
  'safetyWatch.state': ['out', 'withdrawn', 'back'],
  'spokenStatus.contact': ['awaited', 'overdue', 'met'],
};

/** Where something lies: the village's house knows only its own ground. */
function placeAt(random: Random, isVillage: boolean): string {
  return pick(random, isVillage ? [VILLAGE, ...GROUPS] : [VILLAGE, ...GROUPS, ...GROUPS, COUNTY, OTHER_VILLAGE]);
}

function valueOf(random: Random, name: TableName, column: string, of: Column, isVillage: boolean, secrets: Secrets): unknown {
  const { notNull, dataType } = of;
  if (!notNull && random() < 0.3) return null;
  if (column.endsWith('AtMs')) return SINCE_MS + Math.floor(random() * 50);
  if (column.endsWith('Cipher')) return secrets.encrypt(`words ${Math.floor(random() * 100)}`);
  if (column === 'alertId') return pick(random, [COUNTY_ALERT, VILLAGE_ALERT]);
  if (/code$|^scope$/i.test(column)) return placeAt(random, isVillage);
  if (column.endsWith('Id')) return `${column}-${Math.floor(random() * 8)}`;
  const words = WORDS[`${name}.${column}`];
  if (words !== undefined) return pick(random, words);
  if (dataType === 'custom' && of.getSQLType() === 'integer') return random() < 0.5;
  if (dataType === 'custom') return jsonOf(column, `${Math.floor(random() * 5)}`);
  return dataType === 'number' ? Math.floor(random() * 5) : `${column}-${Math.floor(random() * 5)}`;
}

function jsonOf(column: string, held: string): unknown {
  if (TEXT_LISTS.has(column)) return [held];
  return OBJECT_LISTS.has(column) ? [{ held }] : { held };
}

function hashesOf(row: Row, secrets: Secrets): Row {
  const given = Object.entries(HASH_OF).filter(([cipher]) => cipher in row);
  return Object.fromEntries(
    given.map(([cipher, { column, purpose }]) => [column, row[cipher] === null ? null : secrets.hash(purpose, secrets.decrypt(row[cipher] as string))]),
  );
}

/** Of whom or what an alert has one such row, wherever. */
const OF: Partial<Record<TableName, string>> = { call: 'memberId', delivery: 'speakerId' };

/** One thing lies in one place, whoever speaks of it. */
function lieWhereItBelongs(random: Random, row: Record<string, unknown>, key: readonly string[], isVillage: boolean): void {
  const places = [VILLAGE, ...GROUPS, VILLAGE, ...(isVillage ? [] : [COUNTY, OTHER_VILLAGE])];
  const number = Math.floor(random() * places.length);
  for (const column of key) if (column !== 'alertId') row[column] = `${column}-${number}`;
  row['gridCode'] = places[number];
}

/** A whole row. Two houses never draw the same identifier. */
export function randomRow(random: Random, name: TableName, isVillage: boolean, secrets: Secrets, number: number): Row {
  const row = Object.fromEntries(
    Object.entries(getTableColumns(tableOf(sqliteTables, name))).map(([column, how]) => [column, valueOf(random, name, column, how, isVillage, secrets)]),
  ) as Record<string, unknown>;
  const key = sharedTable(name)!.key;
  if (key.length === 1 && /^id$|^token$/.test(key[0]!)) row[key[0]!] = `${name}Id-${(number * 2 + Number(isVillage)) % 16}`;
  else if ('gridCode' in row && !key.includes('gridCode')) lieWhereItBelongs(random, row, key, isVillage);
  const of = OF[name];
  if (of !== undefined) lieWhereItBelongs(random, row, [of], isVillage);
  for (const column of ONCE.filter((one) => one in row)) row[column] = `${column}-${isVillage ? 'v' : 'c'}-${number}`;
  // The same work at the same place is given once.
  if ('once' in row) row['once'] = [row['once'], row['gridCode']].join(' ');
  if ('version' in row) row['version'] = 1;
  if (name === 'event') delete row['seq'];
  return { ...row, ...hashesOf(row, secrets) };
}

/** What a change of a row puts into it: never where it lies nor what it belongs to. */
export function randomChange(random: Random, name: TableName, row: Row, secrets: Secrets): Record<string, unknown> {
  const fresh = randomRow(random, name, false, secrets, 0);
  const stays = new Set([...sharedTable(name)!.key, ...ONCE, 'once', 'raisedAtMs']);
  const change = Object.fromEntries(Object.entries(fresh).filter(([column]) => !stays.has(column) && !/(Id|code)$/i.test(column) && random() < 0.6));
  for (const { column } of Object.values(HASH_OF)) delete change[column];
  Object.assign(change, hashesOf(change, secrets));
  if ('version' in row && !stays.has('version')) change['version'] = (row['version'] as number) + 1;
  return change;
}
