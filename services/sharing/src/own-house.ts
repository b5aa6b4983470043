// The village alone: who this house is to others. Its id is the mark of its own key, so that nobody else can be it.
import { createHash } from 'node:crypto';
import { newKeyPair } from '@laba/messaging/envelope';
import { newSealKeyPair, type OwnKeys, type TheirKeys } from '@laba/messaging/letter';
import type { Deps } from '@laba/runtime/service';
import { findOwnKeys, insertOwnKeys, type HouseKeyRow } from './house-store.ts';

export interface OwnHouse {
  id: string;
  keys: OwnKeys;
  public: TheirKeys;
}

/** `h-` and 22 characters, of the key that it signs with. */
export function houseIdOf(signKey: string): string {
  return `h-${createHash('sha256').update(signKey).digest('base64url').slice(0, 22)}`;
}

/** A house that nobody knows yet. */
export function newHouse(): OwnHouse {
  const [sign, seal] = [newKeyPair(), newSealKeyPair()];
  return {
    id: houseIdOf(sign.publicKey),
    public: { signKey: sign.publicKey, sealKey: seal.publicKey },
    keys: { signKey: sign.privateKey, sealKey: seal.privateKey },
  };
}

/** Of two that are kept at once one stays. */
export async function keepHouse({ db, vault }: Pick<Deps, 'db' | 'vault'>, house: OwnHouse): Promise<void> {
  const { signKey, sealKey } = house.public;
  await db.atomically([insertOwnKeys({ signKey, sealKey, signCipher: vault.encrypt(house.keys.signKey), sealCipher: vault.encrypt(house.keys.sealKey) })]);
}

/** Made when it is first asked for. */
export async function ownHouse(deps: Pick<Deps, 'db' | 'vault'>): Promise<OwnHouse> {
  const known = await findOwnKeys(deps.db);
  if (known !== undefined) return opened(known, deps.vault);
  await keepHouse(deps, newHouse());
  return ownHouse(deps);
}

function opened(row: HouseKeyRow, vault: Deps['vault']): OwnHouse {
  const { signKey, sealKey } = row;
  return { id: houseIdOf(signKey), public: { signKey, sealKey }, keys: { signKey: vault.decrypt(row.signCipher), sealKey: vault.decrypt(row.sealCipher) } };
}
