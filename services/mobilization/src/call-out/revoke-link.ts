// Chapter 5, member: his personal links of one alert are revoked: a phone was lost, or a link was passed on.
import { LabaError } from '@laba/domain/errors';
import { sharedCodes } from '@laba/domain/grid';
import type { Officer } from '@laba/domain/officer';
import { authorize, type Act } from '@laba/runtime/auth';
import { linkVersion, revokeLinks } from '@laba/runtime/personal-link';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { codesInView } from '../codes-in-view.ts';
import { memberCodes } from './member-store.ts';

/**
 * Every link that the member has for the alert is dead; the next message to him carries a new one.
 * @returns the version of his new links
 * @throws `not-found`, `out-of-scope`, `changed-meanwhile`
 */
export async function revokeLink(
  deps: Pick<Deps, 'db' | 'clock' | 'ids'>,
  of: { alertId: string; memberId: string },
  officer: Officer,
  act: Act,
): Promise<number> {
  const { alertId, memberId } = of;
  await codesInView(deps.db, officer, 'member.revoke-link', alertId, undefined);
  const codes = await memberCodes(deps.db, memberId);
  if (codes.length === 0) throw new LabaError('not-found', 'No member has this id.');
  const [gridCode] = sharedCodes(codes, officer.scopes);
  if (gridCode === undefined) throw new LabaError('out-of-scope', 'This member belongs to no group of your grid scope.');
  authorize(officer, 'member.revoke-link', [gridCode]);
  const version = await linkVersion(deps.db, alertId, memberId);
  const atMs = deps.clock.now();
  await deps.db.atomically([
    revokeLinks({ alertId, memberId, version }, atMs),
    ...act.once,
    ...record(deps.ids, {
      type: 'link.revoked',
      atMs,
      who: act.who,
      via: act.via,
      gridCode,
      alertId,
      subjectId: memberId,
      data: { version: version + 1 },
    }),
  ]);
  return version + 1;
}
