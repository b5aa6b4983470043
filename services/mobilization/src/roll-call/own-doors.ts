// Chapter 5, roll-call: a helper's own doors, and nobody else's.
import { LabaError } from '@laba/domain/errors';
import { isWithin } from '@laba/domain/grid';
import type { PhoneDoor } from '@laba/domain/phone-page';
import { isAccounted, isConfirmed } from '@laba/domain/rollcall';
import type { Database } from '@laba/storage/database';
import { currentRound } from '@laba/storage/roll-call';
import { findCall } from '../call-out/call-store.ts';
import { doorsOfMember, personsBehind } from './door-store.ts';
import { listedMemberCodes } from '../call-out/member-store.ts';
import { householdVersion, type ListedPerson } from './rollcall-store.ts';

declare const his: unique symbol;

/** Proof that somebody who is no officer may mark this: behind his own doors, in his own group, his own household. Only this file makes one. */
export interface OwnDoors {
  /** Null: the household itself. */
  readonly memberId: string | null;
  readonly [his]: true;
}

/** The doors of the call's own member, in the order of his way, and the round that is going on. */
export async function ownDoors(db: Database, callId: string): Promise<{ round: number; doors: PhoneDoor[] }> {
  const found = await findCall(db, callId);
  if (found === undefined) return { round: 1, doors: [] };
  const { alertId, memberId } = found.call;
  const rows = await doorsOfMember(db, alertId, memberId);
  const ids = rows.map(({ door }) => door.householdId);
  const [round, persons] = await Promise.all([currentRound(db, alertId), ids.length === 0 ? [] : personsBehind(db, alertId, ids)]);
  const behind = Map.groupBy(persons, ({ person }) => person.householdId);
  const doors = rows.map(({ door, doorplate, headName, needs }): PhoneDoor => {
    const listed = behind.get(door.householdId) ?? [];
    const { householdId, gridCode, reason, minutes } = door;
    return {
      ...{ householdId, gridCode, reason, minutes },
      doorplate: doorplate ?? '',
      headName: headName ?? '',
      needs: needs ?? [],
      isOpen: listed.some(({ person }) => !isAccounted(person.status) || !isConfirmed(person, round)),
      version: householdVersion(listed.map(({ person }) => person)),
      persons: listed.map(({ person, name, needs: own }) => ({
        personId: person.personId,
        name: name ?? headName ?? '',
        needs: own ?? [],
        status: person.status,
        round: person.round,
        version: person.version,
      })),
    };
  });
  return { round, doors };
}

type Whose = Pick<ListedPerson, 'householdId' | 'gridCode'>;

/** Who is listed behind his own doors, and who was found where he belongs. The proof throws `out-of-scope` for all others. */
export async function hisDoors(db: Database, alertId: string, memberId: string): Promise<(listed: readonly Whose[]) => OwnDoors> {
  return whoMayMark(db, alertId, memberId, ({ householdId }) => householdId === null);
}

/** As `hisDoors`, and everybody where he belongs: whoever holds a tag in his hand has its owner before him. */
export async function hisDoorsAndGround(db: Database, alertId: string, memberId: string): Promise<(listed: readonly Whose[]) => OwnDoors> {
  return whoMayMark(db, alertId, memberId, () => true);
}

async function whoMayMark(db: Database, alertId: string, memberId: string, byGround: (one: Whose) => boolean): Promise<(listed: readonly Whose[]) => OwnDoors> {
  const [rows, codes] = await Promise.all([doorsOfMember(db, alertId, memberId), listedMemberCodes(db, memberId)]);
  const own = new Set<string | null>(rows.map(({ door }) => door.householdId));
  const mayMark = (one: Whose) => own.has(one.householdId) || (byGround(one) && codes.some((code) => isWithin(code, one.gridCode)));
  return (listed) => {
    if (!listed.every(mayMark)) throw new LabaError('out-of-scope', 'This is not one of your doors: tell the duty officer, or whoever goes there.');
    return { memberId } as OwnDoors;
  };
}

/** A member may add who was found where he belongs. @throws `out-of-scope` */
export async function hisGround(db: Database, memberId: string, gridCode: string): Promise<OwnDoors> {
  const codes = await listedMemberCodes(db, memberId);
  if (!codes.some((code) => isWithin(code, gridCode))) throw new LabaError('out-of-scope', 'This is not your group: tell the duty officer.', { gridCode });
  return { memberId } as OwnDoors;
}

/** A household's own telephone speaks for that household only. */
export function ownHousehold(householdId: string): (listed: readonly Whose[]) => OwnDoors {
  return (listed) => {
    if (!listed.every((one) => one.householdId === householdId)) throw new LabaError('out-of-scope');
    return { memberId: null } as OwnDoors;
  };
}
