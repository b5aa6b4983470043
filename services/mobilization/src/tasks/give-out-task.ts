// Chapter 5, tasks: an officer gives out a task by hand.
import { LabaError } from '@laba/domain/errors';
import { hasScope, type Officer } from '@laba/domain/officer';
import type { TaskKind } from '@laba/domain/task';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import type { Database } from '@laba/storage/database';
import { isGridNode } from '../grid-node-store.ts';
import { putDown, taskRows } from './new-tasks.ts';
import { findOwner } from './task-owner-store.ts';

export interface GivenTask {
  kind: TaskKind;
  gridCode: string;
  title: string;
  words?: string | undefined;
  /** ms since 1970. */
  dueAt: number;
  memberId?: string | undefined;
  officerId?: string | undefined;
  /** The alert or drill whose after-action found it. Its task is real work, of no alert, also when that was a drill. */
  findingOf?: string | undefined;
}

/** Its owner is who is named, or whose work it is by post. @returns its id @throws `unknown-code`, `bad-time`, `bad-input` about the owner */
export async function giveOut(deps: Deps, given: GivenTask, { officer }: Permit<'task.act'>, act: Act): Promise<string> {
  const { kind, gridCode, title, words, dueAt, memberId, officerId, findingOf } = given;
  if (!(await isGridNode(deps.db, gridCode))) throw new LabaError('unknown-code', `No grid node has the code ${gridCode}.`, { gridCode });
  if (dueAt <= deps.clock.now()) throw new LabaError('bad-time', 'dueAt: the deadline must lie ahead.', { field: 'dueAt' });
  const id = deps.ids();
  const draft = { alertId: null, mode: 'live' as const, kind, gridCode, zh: title, en: title, words, dueAtMs: dueAt };
  const from = findingOf === undefined ? ({ source: 'officer', sourceId: act.who } as const) : ({ source: 'finding', sourceId: findingOf } as const);
  const [byPost] = await taskRows(deps, [{ ...draft, ...from, once: `officer/${id}` }]);
  const owner = { memberId: memberId ?? null, officerId: officerId ?? null };
  const isNamed = memberId !== undefined || officerId !== undefined;
  if (isNamed) await assertMayOwn(deps.db, gridCode, owner, officer);
  const task = { ...byPost!, id, ...(isNamed ? { ownerMemberId: owner.memberId, ownerOfficerId: owner.officerId } : {}) };
  await deps.db.atomically([...act.once, ...(await putDown(deps, [task], { ...act, urgent: false }))]);
  return id;
}

/**
 * `by`: who gives it; a member of another place is for him as if there were nobody.
 * @throws `bad-input` when both or nobody is named, when there is no such person, or the officer may not act there
 */
export async function assertMayOwn(
  db: Database,
  gridCode: string,
  owner: { memberId: string | null; officerId: string | null },
  by: Pick<Officer, 'scopes'>,
): Promise<void> {
  const field = owner.officerId === null ? 'memberId' : 'officerId';
  if ((owner.memberId === null) === (owner.officerId === null))
    throw new LabaError('bad-input', `${field}: name a member or an officer, and only one.`, { field });
  const found = await findOwner(db, owner, by.scopes);
  if (found === undefined) throw new LabaError('bad-input', `${field}: there is nobody of this id.`, { field });
  if (found.scopes !== null && !hasScope({ scopes: found.scopes }, gridCode))
    throw new LabaError('bad-input', 'officerId: this officer’s scope does not hold the place of the task.', { field });
}
