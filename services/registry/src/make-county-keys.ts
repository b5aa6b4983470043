// The county's own keys: one signs live alerts, the other drills and tests, so that neither can pass for the other.
import type { Mode } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { newKeyPair } from '@laba/messaging/envelope';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { insertKey, knownKids } from './key-store.ts';

const BY_HAND: Act = { who: 'system', via: 'cli', once: [] };

function wanted(county: string): { kid: string; modes: Mode[] }[] {
  return [
    { kid: `${county}-live`, modes: ['live'] },
    { kid: `${county}-drill`, modes: ['drill', 'test'] },
  ];
}

/** Makes what is absent and leaves what is there; returns the names of those made. */
export async function makeCountyKeys(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'ids' | 'config'>,
  county: string = deps.config.county,
  act: Act = BY_HAND,
): Promise<string[]> {
  const known = await knownKids(
    deps.db,
    wanted(county).map(({ kid }) => kid),
  );
  const absent = wanted(county).filter(({ kid }) => !known.has(kid));
  if (absent.length === 0) return [];
  const now = deps.clock.now();
  const rows = absent.map(({ kid, modes }) => {
    const pair = newKeyPair();
    return insertKey({ kid, scope: county, modes, publicKey: pair.publicKey, privateCipher: deps.vault.encrypt(pair.privateKey), createdAtMs: now });
  });
  const kids = absent.map(({ kid }) => kid);
  const event = { type: 'keys.made' as const, atMs: now, who: act.who, via: act.via, gridCode: county, subjectId: county, data: { kids } };
  try {
    await deps.db.atomically([...rows, ...record(deps.ids, event), ...act.once]);
  } catch (error) {
    // Another process made them at the same moment.
    if (error instanceof LabaError && error.code === 'changed-meanwhile') return [];
    throw error;
  }
  return kids;
}
