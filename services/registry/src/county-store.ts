// Chapter 0, place and people: which county a database belongs to, written by the first house that opened it.
import { eq } from 'drizzle-orm';
import { any, type Database, type Op } from '@laba/storage/database';

const NAME = 'county';
const HOUSE = 'house-id';

export interface CountyMark {
  county: string;
  /** The county's code in the cipher of its secret: another secret cannot read it. */
  sealed: string;
}

export async function findCountyMark(db: Database): Promise<CountyMark | undefined> {
  const [row] = await db.read((q, t) => q.select({ value: t.setting.value }).from(t.setting).where(eq(t.setting.name, NAME)));
  return row?.value as CountyMark | undefined;
}

/** Keeps the mark that is there. */
export function insertCountyMark(mark: CountyMark): Op {
  return any((q, t) => q.insert(t.setting).values({ name: NAME, value: mark }).onConflictDoNothing().returning({ name: t.setting.name }));
}

/** What all processes of one house share, and no other house has. */
export async function findHouseId(db: Database): Promise<string | undefined> {
  const [row] = await db.read((q, t) => q.select({ value: t.setting.value }).from(t.setting).where(eq(t.setting.name, HOUSE)));
  return row?.value as string | undefined;
}

/** Keeps the one that is there. */
export function insertHouseId(id: string): Op {
  return any((q, t) => q.insert(t.setting).values({ name: HOUSE, value: id }).onConflictDoNothing().returning({ name: t.setting.name }));
}

/** For rows that came out of a backup: the house that wrote them may run still, and this is another, named at its first start. */
export function forgetHouseId(): Op {
  return any((q, t) => q.delete(t.setting).where(eq(t.setting.name, HOUSE)).returning({ name: t.setting.name }));
}
