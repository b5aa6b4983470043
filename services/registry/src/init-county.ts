// A county begins: its divisions, its keys, its first officer with a link to set a password. A prefecture's house has no keys: it only watches.
import { LabaError } from '@laba/domain/errors';
import type { Act } from '@laba/runtime/auth';
import { onlyWatches } from '@laba/runtime/config';
import type { Deps } from '@laba/runtime/service';
import { createOfficer, usernameKey } from './create-officer.ts';
import { importCsv } from './import-csv.ts';
import { makeCountyKeys } from './make-county-keys.ts';
import { makeFirstLink } from './make-first-link.ts';
import { findByUsername } from './officer-store.ts';

const BY_HAND: Act = { who: 'system', via: 'cli', once: [] };

export interface CountyDraft {
  /** `code,name,parent_code,level`; of a prefecture's file only the county's rows are taken. */
  divisionsCsv: Buffer;
  /** Six digits; four of a prefecture: the rows of all its counties are taken. */
  county: string;
  adminUsername: string;
}

/**
 * May be repeated until the first officer has set his password; each time the newest link counts.
 * @throws `import-refused`, `bad-input`, `already-done` when the first officer has a password
 */
export async function initCounty(deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'ids' | 'config'>, draft: CountyDraft): Promise<{ nodes: number; token: string }> {
  const present = await findByUsername(deps.db, usernameKey(draft.adminUsername));
  if (present?.passwordHash) throw new LabaError('already-done', 'This county was set up before: its first officer has a password.');
  const { rows } = await importCsv(deps, { kind: 'divisions', bytes: draft.divisionsCsv, dryRun: false, county: draft.county }, BY_HAND);
  const watches = onlyWatches(draft);
  if (!watches) await makeCountyKeys(deps, draft.county, BY_HAND);
  const first = watches ? ({ name: '州（市）值班员', role: 'prefecture-officer' } as const) : ({ name: '县管理员', role: 'county-admin' } as const);
  const officer = present ?? (await createOfficer(deps, { ...first, username: draft.adminUsername, scopes: [draft.county] }, BY_HAND));
  return { nodes: rows, token: await makeFirstLink(deps, officer.id, BY_HAND) };
}
