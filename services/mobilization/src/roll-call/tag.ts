// Chapter 5, roll-call: the printed tag of a household or a person. It names its grid node, and by a keyed hash whom: nothing can be read off it.
import { LabaError } from '@laba/domain/errors';
import { tierOf } from '@laba/domain/grid';
import { sameSecret, type Vault } from '@laba/runtime/vault';
import type { Database } from '@laba/storage/database';
import { registeredIn, type Registered } from './tag-store.ts';

/** Base64url: 72 bits. Who guesses finds one among 10^21. */
const MAC_CHARS = 12;
const FORM = /^([0-9a-z]{4,10})\.([\w-]{12})$/;

/** `{grid code, base 36}.{MAC}`: 23 characters at most. Households and persons have different ones. */
export function tagCode(vault: Vault, tagged: Registered): string {
  const { gridCode, householdId, personId } = tagged;
  const whom = personId === null ? `household ${householdId}` : `person ${personId}`;
  return `${Number(gridCode).toString(36)}.${vault.hash('tag', `${gridCode}\0${whom}`).slice(0, MAC_CHARS)}`;
}

/** Whose the tag is. @throws `link-invalid` when it is nobody's any more or was never printed here; says so when it is another county's */
export async function openTag(deps: { db: Database; vault: Vault; config: { county: string } }, code: string): Promise<Registered> {
  const [, place = '', mac = ''] = FORM.exec(code) ?? [];
  const gridCode = Number.parseInt(place, 36).toString();
  if (tierOf(gridCode) === undefined) throw new LabaError('link-invalid', 'This is not a tag of the roll-call.');
  if (!gridCode.startsWith(deps.config.county)) throw new LabaError('link-invalid', 'This tag belongs to another county.', { county: gridCode.slice(0, 6) });
  const tagged = (await registeredIn(deps.db, gridCode)).find((one) => sameSecret(tagCode(deps.vault, one).slice(-MAC_CHARS), mac));
  if (tagged === undefined) throw new LabaError('link-invalid', 'This tag is not valid any more: print a new one.');
  return tagged;
}
