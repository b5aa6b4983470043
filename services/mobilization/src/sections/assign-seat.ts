// Chapter 5, sections: an officer gives somebody a seat, moves him, or takes him off it, and says why.
import { LabaError } from '@laba/domain/errors';
import { READY_ANSWERS, type ReadyAnswer, type Section } from '@laba/domain/section';
import type { Act, Permit } from '@laba/runtime/auth';
import { fact, recordFacts } from '@laba/storage/events';
import { queueMessages } from '@laba/storage/messages';
import { findAlert } from '../alert-store.ts';
import { gridNames } from '../grid-node-store.ts';
import { type Alert, type Call } from '../call-out/call-store.ts';
import { decidedAgain } from '../decided-again.ts';
import { messageTo, type Told } from './section-message.ts';
import { refuseOtherSeat } from './seen.ts';
import { findCallOf, findGroup, findSeat, writeGroup, writeSeat, type SectionGroup, type SectionSeat } from './section-store.ts';
import { settleGroup, type SectionDeps } from './settle-sections.ts';

export interface Assignment {
  memberId: string;
  gridCode: string;
  section: Section;
  /** In the officer's words; kept encrypted. */
  words: string;
  /** The version of his seat that the officer saw; 0: none. */
  seen?: number | undefined;
}

/** Whether the permit covers the groups that gain and lose somebody. */
type Allow = (codes: readonly string[]) => Permit<'section.manage'>;

/** The seat, also beyond what the group needs: an officer's word stands. @throws `not-found`, `out-of-scope`, `bad-input`, `transition-refused`, `changed-meanwhile` */
export async function assignSeat(deps: SectionDeps, alertId: string, given: Assignment, allow: Allow, act: Act): Promise<SectionSeat> {
  const { memberId, gridCode, section, words } = given;
  const { seat, left } = await decidedAgain(async () => {
    const { alert, call, before } = await whoIsIt(deps, alertId, memberId);
    const group = await groupOf(deps, alertId, gridCode);
    const from = before?.state === 'held' && before.gridCode !== gridCode ? await groupOf(deps, alertId, before.gridCode) : undefined;
    allow(from === undefined ? [gridCode] : [gridCode, from.gridCode]);
    await refuseOtherSeat(deps.db, before, given.seen);
    if (!READY_ANSWERS.includes(call.answer as ReadyAnswer) || call.state !== 'answered')
      throw new LabaError('bad-input', 'memberId: he has not said that he comes; record his answer first.', { field: 'memberId' });
    if (before?.state === 'held' && before.gridCode === gridCode && before.section === section) return { seat: before, left: undefined };
    const atMs = deps.clock.now();
    const row = { alertId, memberId, gridCode, section, state: 'held' as const, reasons: ['by-hand' as const], decidedBy: act.who, changedAtMs: atMs };
    const by = { atMs, who: act.who, via: act.via, alertId, subjectId: call.id } as const;
    const wordsCipher = deps.vault.encrypt(words);
    const [place = gridCode] = await gridNames(deps.db, [gridCode]);
    await deps.db.atomically([
      writeGroup(group, {}),
      ...(from === undefined ? [] : [writeGroup(from, {})]),
      writeSeat({ ...row, wordsCipher }, before ?? null),
      ...act.once,
      ...recordFacts(deps.ids, [
        ...(before?.state === 'held'
          ? [fact({ ...by, type: 'section.freed', gridCode: before.gridCode, data: { section: before.section!, why: 'moved' } })]
          : []),
        fact({ ...by, type: 'section.filled', gridCode, data: { section, reasons: ['by-hand'] } }),
      ]),
      ...queueMessages([messageTo(deps, alert, toldOf(call, gridCode, before, { what: 'seat', section, place }), atMs)]),
    ]);
    return { seat: { ...row, wordsCipher, version: (before?.version ?? 0) + 1 }, left: from?.gridCode };
  });
  for (const code of new Set([gridCode, left ?? gridCode])) await settleGroup(deps, alertId, code);
  return seat;
}

/** He is off his seat, and the rule does not choose him again. @throws `not-found`, `out-of-scope`, `transition-refused`, `changed-meanwhile` */
export async function freeSeat(
  deps: SectionDeps,
  alertId: string,
  given: Pick<Assignment, 'memberId' | 'words' | 'seen'>,
  allow: Allow,
  act: Act,
): Promise<SectionSeat> {
  const seat = await decidedAgain(async () => {
    const { alert, call, before } = await whoIsIt(deps, alertId, given.memberId);
    if (before !== undefined) {
      allow([before.gridCode]);
      await refuseOtherSeat(deps.db, before, given.seen);
    }
    if (before?.state !== 'held') throw new LabaError('not-found', 'He has no seat in this alert.');
    const { gridCode, version } = before;
    const section = before.section!;
    const group = await groupOf(deps, alertId, gridCode);
    const atMs = deps.clock.now();
    const row = { ...before, state: 'freed' as const, decidedBy: act.who, wordsCipher: deps.vault.encrypt(given.words), changedAtMs: atMs };
    const by = { atMs, who: act.who, via: act.via, alertId, subjectId: call.id, gridCode } as const;
    await deps.db.atomically([
      writeGroup(group, {}),
      writeSeat(row, before),
      ...act.once,
      ...recordFacts(deps.ids, [fact({ ...by, type: 'section.freed', data: { section, why: 'officer' } })]),
      ...queueMessages([messageTo(deps, alert, toldOf(call, gridCode, before, { what: 'freed', section }), atMs)]),
    ]);
    return { ...row, version: version + 1 };
  });
  await settleGroup(deps, alertId, seat.gridCode);
  return seat;
}

function toldOf(call: Call, gridCode: string, before: SectionSeat | undefined, facts: Told['facts']): Told {
  return {
    purpose: 'section',
    subjectId: `seat:${call.id}`,
    step: (before?.version ?? 0) + 1,
    memberId: call.memberId,
    gridCode,
    facts: { ...facts, callId: call.id },
  };
}

async function whoIsIt(deps: SectionDeps, alertId: string, memberId: string): Promise<{ alert: Alert; call: Call; before: SectionSeat | undefined }> {
  const [alert, call, before] = await Promise.all([findAlert(deps.db, alertId), findCallOf(deps.db, alertId, memberId), findSeat(deps.db, alertId, memberId)]);
  if (alert === undefined) throw new LabaError('not-found', 'No alert has this id.');
  if (alert.state !== 'raised') throw new LabaError('transition-refused', `The alert is over (${alert.state}).`, { state: alert.state });
  if (call === undefined) throw new LabaError('not-found', 'This member was not called for this alert.');
  return { alert, call, before };
}

async function groupOf(deps: SectionDeps, alertId: string, gridCode: string): Promise<SectionGroup> {
  const group = await findGroup(deps.db, alertId, gridCode);
  if (group === undefined)
    throw new LabaError('not-found', `No sections are planned for ${gridCode}: name a group of this alert where people live.`, { gridCode });
  return group;
}
