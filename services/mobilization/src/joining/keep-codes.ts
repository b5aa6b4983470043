// Chapter 5, joining on the spot: an officer opens a code for a village or group and an alert, and closes it.
import { LabaError } from '@laba/domain/errors';
import { isWithin, tierOf } from '@laba/domain/grid';
import { joinCodeState, type JoinCodeState } from '@laba/domain/join';
import { LIMITS } from '@laba/domain/limits';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { newSpokenCode } from '@laba/runtime/spoken-code';
import { record } from '@laba/storage/events';
import { findAlert } from '../alert-store.ts';
import { findRaisedRevision } from '../call-out/call-store.ts';
import { decidedAgain } from '../decided-again.ts';
import { gridNames } from '../grid-node-store.ts';
import { findCode, insertCode, writeCode, type FoundCode, type JoinCode } from './join-code-store.ts';

export type JoinDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

export interface Opening {
  gridCode: string;
  mostJoins: number;
  hours: number;
}

/** The half by which a code is found. */
export const handleOf = (code: string): string => code.slice(0, 4);

/** @throws `not-found`, `transition-refused` (over, or a test), `unknown-code`, `bad-input` */
export async function openCode(deps: JoinDeps, alertId: string, opening: Opening, _permit: Permit<'member.admit'>, act: Act): Promise<FoundCode> {
  const { gridCode, mostJoins, hours } = opening;
  const [alert, revision, [gridName]] = await Promise.all([findAlert(deps.db, alertId), findRaisedRevision(deps.db, alertId), gridNames(deps.db, [gridCode])]);
  if (alert === undefined) throw new LabaError('not-found', 'No alert has this id.');
  if (alert.state !== 'raised' || alert.mode === 'test')
    throw new LabaError('transition-refused', 'Nobody is called by this alert: there is nothing to join.', { state: alert.state, mode: alert.mode });
  if (gridName === undefined) throw new LabaError('unknown-code', `No grid node has the code ${gridCode}.`, { gridCode });
  if (!['village', 'group'].includes(tierOf(gridCode) ?? ''))
    throw new LabaError('bad-input', 'gridCode: people join a village or a group.', { field: 'gridCode' });
  if (!isCovered(revision?.areaCodes, gridCode)) throw new LabaError('bad-input', 'gridCode: this alert does not cover the grid node.', { field: 'gridCode' });
  return decidedAgain(async () => {
    const spoken = newSpokenCode();
    const nowMs = deps.clock.now();
    const code: JoinCode = {
      ...{ id: deps.ids(), handle: handleOf(spoken), codeHash: deps.vault.hash('join-code', spoken), codeCipher: deps.vault.encrypt(spoken) },
      ...{ alertId, gridCode, openedBy: act.who, openedAtMs: nowMs, expiresAtMs: nowMs + Math.round(hours * 3_600_000) },
      ...{ mostJoins, joins: 0, wrongTries: 0, closedAtMs: null, version: 1 },
    };
    const told = { atMs: nowMs, who: act.who, via: act.via, gridCode, alertId, subjectId: code.id } as const;
    await deps.db.atomically([
      insertCode(code),
      ...act.once,
      ...record(deps.ids, { ...told, type: 'join-code.opened', data: { mostJoins, expiresAtMs: code.expiresAtMs } }),
    ]);
    return { code, alert, gridName };
  });
}

/** Nobody joins by it any more; who did stays. Closed again, nothing happens. @throws `not-found`, `out-of-scope` */
export function closeCode(deps: JoinDeps, id: string, allow: (code: string) => void, act: Act): Promise<FoundCode> {
  return decidedAgain(async () => {
    const found = await findCode(deps.db, id);
    if (found === undefined) throw new LabaError('not-found', 'No join code has this id.');
    const { code } = found;
    allow(code.gridCode);
    if (code.closedAtMs !== null) return found;
    const closedAtMs = deps.clock.now();
    const told = { atMs: closedAtMs, who: act.who, via: act.via, gridCode: code.gridCode, alertId: code.alertId, subjectId: id } as const;
    await deps.db.atomically([
      writeCode(code, { closedAtMs }),
      ...act.once,
      ...record(deps.ids, { ...told, type: 'join-code.closed', data: { joins: code.joins } }),
    ]);
    return { ...found, code: { ...code, closedAtMs, version: code.version + 1 } };
  });
}

const isCovered = (areaCodes: readonly string[] | undefined, gridCode: string) => areaCodes?.some((area) => isWithin(area, gridCode)) ?? false;

/** How the code stands now. `areaCodes`: of the alert's newest revision. */
export function stateOf(deps: Pick<Deps, 'clock'>, { code, alert, gridName }: FoundCode, areaCodes: readonly string[] | undefined): JoinCodeState {
  const facts = { ...code, isRaised: alert.state === 'raised', isCovered: gridName !== null && isCovered(areaCodes, code.gridCode) };
  return joinCodeState({ ...facts, isShut: code.closedAtMs !== null }, deps.clock.now(), LIMITS.joinWrongTries);
}
