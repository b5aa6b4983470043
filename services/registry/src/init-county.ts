// A county begins: its divisions, its keys, its first officer with a link to set a password.
import { LabaError } from '@laba/domain/errors';
import type { Act } from '@laba/runtime/auth';
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
  await makeCountyKeys(deps, draft.county, BY_HAND);
  const officer =
    present ?? (await createOfficer(deps, { username: draft.adminUsername, name: '县管理员', role: 'county-admin', scopes: [draft.county] }, BY_HAND));
  return { nodes: rows, token: await makeFirstLink(deps, officer.id, BY_HAND) };
}
