// Chapter 0, place and people: one database, one county, one secret; anything else is refused before it can do harm.
import type { Deps } from '@laba/runtime/service';
import { findCountyMark, findHouseId, insertCountyMark, insertHouseId } from './county-store.ts';

/** Marks a new database as this county's. @throws one line when it belongs to another county, or was written with another secret */
export async function assertSameCounty({ db, vault, config }: Pick<Deps, 'db' | 'vault' | 'config'>): Promise<void> {
  const mark = (await findCountyMark(db)) ?? { county: config.county, sealed: vault.encrypt(config.county) };
  await db.atomically([insertCountyMark(mark)]);
  const held = (await findCountyMark(db)) ?? mark;
  if (held.county !== config.county)
    throw new Error(`This database holds county ${held.county}, not ${config.county}: name another database, or the folder of county ${held.county}.`);
  if (!isOpened(held.sealed, vault))
    throw new Error(`This database was written with another secret: put the county's own secret.key in place (LABA_SECRET_FILE).`);
}

function isOpened(sealed: string, vault: Deps['vault']): boolean {
  try {
    vault.decrypt(sealed);
    return true;
  } catch {
    return false;
  }
}

/** By what one house is told from another of the same county's code; made once, kept in its database. */
export async function houseId({ db, ids }: Pick<Deps, 'db' | 'ids'>): Promise<string> {
  const known = await findHouseId(db);
  if (known !== undefined) return known;
  const made = ids();
  await db.atomically([insertHouseId(made)]);
  return (await findHouseId(db)) ?? made;
}
