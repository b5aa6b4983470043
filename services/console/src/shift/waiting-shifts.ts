// Chapter 6, shift log: which shifts nobody has taken over. Nothing runs for this: it follows from the rows.
import { LIMITS } from '@laba/domain/limits';
import type { NowShift } from '@laba/domain/now-view';
import { hasScope, roleMay, type Officer } from '@laba/domain/officer';
import { postOf } from '@laba/domain/shift';
import type { Deps } from '@laba/runtime/service';
import { goingOn, nodeNames, officerNames } from './shift-store.ts';

/** Handed over and not taken over, of every post in his scope; at his own also the one that has run for longer than anybody can. */
export async function waitingShifts({ db }: Pick<Deps, 'db'>, officer: Officer, asOfMs: number): Promise<NowShift[]> {
  if (!roleMay(officer.role, 'shift.read')) return [];
  const { post } = postOf(officer.scopes);
  const sinceOf = (shift: { state: string; post: string; offeredAtMs: number | null; startedAtMs: number }) => {
    if (shift.state === 'offered') return shift.offeredAtMs ?? shift.startedAtMs;
    return shift.post === post && asOfMs - shift.startedAtMs > LIMITS.shiftLongMs ? shift.startedAtMs : undefined;
  };
  const waiting = (await goingOn(db)).flatMap((shift) => {
    const sinceMs = shift.areaCodes.every((code) => hasScope(officer, code)) ? sinceOf(shift) : undefined;
    return sinceMs === undefined ? [] : [{ shift, sinceMs }];
  });
  const [people, places] = await Promise.all([
    officerNames(
      db,
      waiting.map(({ shift }) => shift.officerId),
    ),
    nodeNames(
      db,
      waiting.flatMap(({ shift }) => shift.areaCodes),
    ),
  ]);
  return waiting.map(({ shift: { id, state, areaCodes, officerId }, sinceMs }) => ({
    ...{ id, state, sinceMs, ageMs: asOfMs - sinceMs },
    areas: areaCodes.map((code) => places.get(code) ?? code),
    officerName: people.get(officerId) ?? officerId,
  }));
}
