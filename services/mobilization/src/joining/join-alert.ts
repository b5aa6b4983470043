// Chapter 5, joining on the spot: a resident becomes a temporary member of the code's grid node for this alert, and has answered with it.
import { hasSiren } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { JOIN_REFUSALS, type JoinCodeState } from '@laba/domain/join';
import { LIMITS } from '@laba/domain/limits';
import type { Skill } from '@laba/domain/member';
import type { Act } from '@laba/runtime/auth';
import { readSpokenCode } from '@laba/runtime/spoken-code';
import { sameSecret } from '@laba/runtime/vault';
import { record } from '@laba/storage/events';
import { findRaisedRevision, holdAlert, type AlertRevision, type Call } from '../call-out/call-store.ts';
import { runsOutAtMs } from '../call-out/record-answer.ts';
import { decidedAgain } from '../decided-again.ts';
import { findCodeByHandle, takePlace, writeCode, type FoundCode, type JoinCode } from './join-code-store.ts';
import { findJoiner, groupsUnder, insertJoiner, isOnLists, type Joiner } from './joiner-store.ts';
import { handleOf, stateOf, type JoinDeps } from './keep-codes.ts';

/** He is here, or on his way. */
export const JOIN_ANSWERS = ['arrived', 'coming'] as const;

export interface Joining {
  name: string;
  /** Normalised. */
  phone: string | undefined;
  gridCode: string | undefined;
  household: string | undefined;
  skills: Skill[];
  answer: (typeof JOIN_ANSWERS)[number];
  /** Made with the form: sent twice, it is one member. */
  form: string;
}

export interface OpenCode extends FoundCode {
  revision: AlertRevision;
  groups: { code: string; name: string }[];
}

const PUBLIC: Act = { who: 'public', via: 'http', once: [] };
const unknown = () => new LabaError('join-code-unknown');

/**
 * The code as it was typed, when it may be joined by. A wrong one that begins like a right one counts against that one.
 * @throws `join-code-unknown`, `-locked`, `-closed`, `-expired`, `-moved`, `-full`, `join-over`
 */
export async function openCodeOf(deps: JoinDeps, typed: string): Promise<OpenCode> {
  const { state, ...code } = await codeOf(deps, typed);
  if (state !== 'open') throw new LabaError(JOIN_REFUSALS[state]);
  return code;
}

function codeOf(deps: JoinDeps, typed: string): Promise<OpenCode & { state: JoinCodeState }> {
  const spoken = readSpokenCode(typed);
  if (spoken === undefined) throw unknown();
  return decidedAgain(async () => {
    const found = await findCodeByHandle(deps.db, handleOf(spoken));
    if (found === undefined) throw unknown();
    if (!sameSecret(found.code.codeHash, deps.vault.hash('join-code', spoken))) throw await wrong(deps, found.code);
    const [revision, groups] = await Promise.all([findRaisedRevision(deps.db, found.alert.id), groupsUnder(deps.db, found.code.gridCode)]);
    if (revision === undefined) throw unknown();
    return { ...found, revision, groups, state: stateOf(deps, found, revision.areaCodes) };
  });
}

async function wrong(deps: JoinDeps, code: JoinCode): Promise<LabaError> {
  if (code.wrongTries >= LIMITS.joinWrongTries) return new LabaError('join-code-locked');
  const wrongTries = code.wrongTries + 1;
  const locked = wrongTries >= LIMITS.joinWrongTries;
  const { id: subjectId, gridCode, alertId } = code;
  const told = { atMs: deps.clock.now(), who: PUBLIC.who, via: PUBLIC.via, gridCode, alertId, subjectId } as const;
  await deps.db.atomically([writeCode(code, { wrongTries }), ...record(deps.ids, { ...told, type: 'join-code.tried', data: { wrongTries, locked } })]);
  return locked ? new LabaError('join-code-locked') : unknown();
}

/**
 * His call, new, or that which the same form made before.
 * @throws as `openCodeOf`; `number-known` when a member of the lists has the number, `number-joined` when somebody joined with it before:
 * whoever types a number gets no link to its owner's page
 */
export function joinAlert(deps: JoinDeps, typed: string, joining: Joining): Promise<{ callId: string }> {
  return decidedAgain(async () => {
    const { code, alert, revision, groups, state } = await codeOf(deps, typed);
    const formHash = deps.vault.hash('join-form', joining.form);
    const before = await findJoiner(deps.db, alert.id, { formHash });
    // Also when he took the last place himself.
    if (before !== undefined) return { callId: before.callId };
    if (state !== 'open') throw new LabaError(JOIN_REFUSALS[state]);
    const phoneHash = joining.phone === undefined ? null : deps.vault.hash('phone', joining.phone);
    if (phoneHash !== null) await refuseKnown(deps, alert.id, phoneHash);
    const gridCode = joining.gridCode ?? code.gridCode;
    if (gridCode !== code.gridCode && !groups.some((group) => group.code === gridCode))
      throw new LabaError('unknown-code', 'gridCode: this group is not of the place that the code is for.', { gridCode });
    const joiner = joinerOf(deps, joining, { alertId: alert.id, gridCode, formHash, phoneHash });
    const call = await answeredCall(deps, joiner, code, revision, joining.answer);
    const { memberId, callId, joinedAtMs: atMs } = joiner;
    await deps.db.atomically([
      holdAlert(alert.id),
      takePlace(code.id, atMs),
      ...insertJoiner(joiner, call),
      ...record(deps.ids, {
        ...{ type: 'member.joined', atMs, who: `member:${memberId}`, via: 'http', gridCode, alertId: alert.id, subjectId: callId },
        data: { memberId, joinCodeId: code.id, answer: joining.answer },
        urgent: hasSiren(alert),
      }),
    ]);
    return { callId };
  });
}

async function refuseKnown(deps: JoinDeps, alertId: string, phoneHash: string): Promise<void> {
  if (await isOnLists(deps.db, phoneHash)) throw new LabaError('number-known');
  if ((await findJoiner(deps.db, alertId, { phoneHash })) !== undefined) throw new LabaError('number-joined');
}

function joinerOf(deps: JoinDeps, joining: Joining, of: Pick<Joiner, 'alertId' | 'gridCode' | 'formHash' | 'phoneHash'>): Joiner {
  const { name, phone, household, skills } = joining;
  const sealed = (words: string | undefined) => (words === undefined ? null : deps.vault.encrypt(words));
  return {
    ...{ ...of, memberId: deps.ids(), callId: deps.ids(), skills, joinedAtMs: deps.clock.now() },
    ...{ nameCipher: deps.vault.encrypt(name), phoneCipher: sealed(phone), householdCipher: sealed(household) },
  };
}

async function answeredCall(deps: JoinDeps, joiner: Joiner, code: JoinCode, revision: AlertRevision, answer: Joining['answer']): Promise<Call> {
  const { callId: id, alertId, memberId, gridCode, joinedAtMs } = joiner;
  return {
    ...{ id, alertId, revision: revision.revision, memberId, gridCode, mode: revision.mode, widening: null, joinCodeId: code.id },
    ...{ state: 'answered', answer, answeredAtMs: joinedAtMs, saidAtMs: null, answeredBy: 'page', helpAtMs: null, helpWordsCipher: null },
    ...{ step: 0, nextAtMs: await runsOutAtMs(deps, answer, joinedAtMs), reason: null, changedAtMs: joinedAtMs, version: 1 },
  };
}
