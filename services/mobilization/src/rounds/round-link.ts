// Peacetime: the personal link of whoever patrols and visits. It opens what he has to look at, and nothing any more when nothing is his.
import { openPersonalLink, linkVersion, personalToken, revokeLinks } from '@laba/runtime/personal-link';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { plansOfWalker, type Plan } from './plan-store.ts';
import { subjectsOf, type Subject } from './subject-store.ts';

/** In the place of an alert: links of rounds are revoked by themselves. */
const ROUNDS = 'rounds';

declare const proven: unique symbol;

/** What the link's own holder has to look at. Only `openRoundLink` makes one. */
export interface OwnRounds {
  walkerId: string;
  plans: Plan[];
  subjects: Map<string, Subject>;
  readonly [proven]: true;
}

/** As whom he acts: as the member that he is, or as the monitor of this point. */
export function whoOf({ subjects }: Pick<OwnRounds, 'subjects'>, plan: Plan): string {
  const memberId = subjects.get(plan.id)?.walkerMemberId ?? null;
  return memberId === null ? `monitor:${plan.subjectId}` : `member:${memberId}`;
}

/** The token of `/w/{token}`. */
export async function roundToken({ db, vault }: Pick<Deps, 'db' | 'vault'>, walkerId: string): Promise<string> {
  return personalToken(vault, 'rounds', walkerId, await linkVersion(db, ROUNDS, walkerId));
}

/** @throws `link-invalid` when it is forged, revoked, or its holder has nothing to look at any more */
export async function openRoundLink(deps: Pick<Deps, 'db' | 'vault' | 'clock'>, token: string): Promise<OwnRounds> {
  const opened = await openPersonalLink(deps, 'rounds', token, async (walkerId) => {
    const plans = await plansOfWalker(deps.db, walkerId);
    if (plans.length === 0) return undefined;
    const subjects = await subjectsOf(deps.db, plans);
    return { alertId: ROUNDS, memberId: walkerId, overAtMs: null, walkerId, plans, subjects };
  });
  return opened as unknown as OwnRounds;
}

/** The link is in wrong hands: it opens nothing any more, and the next one that is read out is another. */
export async function revokeRoundLink(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, plan: Plan & { walkerId: string }, act: Act): Promise<void> {
  const version = await linkVersion(deps.db, ROUNDS, plan.walkerId);
  const atMs = deps.clock.now();
  await deps.db.atomically([
    ...act.once,
    revokeLinks({ alertId: ROUNDS, memberId: plan.walkerId, version }, atMs),
    ...record(deps.ids, {
      type: 'link.revoked',
      atMs,
      who: act.who,
      via: act.via,
      gridCode: plan.gridCode,
      subjectId: plan.subjectId,
      data: { version: version + 1 },
    }),
  ]);
}
