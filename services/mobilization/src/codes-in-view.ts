// Chapter 5, member: what of an alert an officer may look at.
import { LabaError } from '@laba/domain/errors';
import { sharedCodes, tierOf } from '@laba/domain/grid';
import type { Action, Officer } from '@laba/domain/officer';
import { authorize } from '@laba/runtime/auth';
import type { Database } from '@laba/storage/database';
import { alertAreas } from './call-out/call-store.ts';
import { widenedTo } from './sections/section-store.ts';

/** The grid codes of this alert that this officer may see, narrowed to `group`. @throws `not-found`, `out-of-scope`, `unknown-code` */
export async function codesInView(db: Database, officer: Officer, action: Action, id: string, group: string | undefined): Promise<readonly string[]> {
  const areas = [...(await alertAreas(db, id)), ...(action === 'member.read' ? await widenedTo(db, id) : [])];
  if (areas.length === 0) throw new LabaError('not-found', 'No alert has this id.');
  const shared = sharedCodes(areas, officer.scopes);
  if (shared.length === 0) throw new LabaError('out-of-scope', 'This alert does not touch your grid scope.');
  if (group === undefined) return authorize(officer, action, shared).codes;
  if (tierOf(group) === undefined) throw new LabaError('unknown-code', `${group} is not a grid code.`);
  const inside = sharedCodes(shared, [group]);
  return inside.length === 0 ? authorize(officer, action, [group]).codes : authorize(officer, action, inside).codes;
}
