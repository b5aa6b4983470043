// Chapter 5, sections: a group's seats follow the answers: filled, freed, and who is not needed stands down. One commit, as often as it is run.
import { LabaError } from '@laba/domain/errors';
import { villageOf } from '@laba/domain/grid';
import { fillSections, maySit, type Candidate, type HeldSeat, type Need, type Reach, type Seat } from '@laba/domain/section';
import type { Deps } from '@laba/runtime/service';
import type { Database, Op } from '@laba/storage/database';
import { fact, recordFacts } from '@laba/storage/events';
import { queueMessages } from '@laba/storage/messages';
import { findAlert } from '../alert-store.ts';
import { isReached, nearestReach, reachCodes, type ReachCodes } from './reach.ts';
import { gridNames } from '../grid-node-store.ts';
import { type Alert } from '../call-out/call-store.ts';
import { messageTo, type Told } from './section-message.ts';
import {
  findCallOf,
  findGroup,
  listComing,
  listNeeds,
  listSeats,
  neighboursOf,
  writeGroup,
  writeSeat,
  type Coming,
  type SectionGroup,
  type SectionSeat,
} from './section-store.ts';

export type SectionDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

/** A group as it stands, and what the rule says of it. */
export interface Decision {
  group: SectionGroup;
  gridName: string;
  reach: ReachCodes;
  coming: ReadonlyMap<string, Coming>;
  seats: readonly Seat[];
  freed: readonly HeldSeat[];
  open: readonly Need[];
  standDown: readonly Candidate[];
  held: ReadonlyMap<string, SectionSeat>;
}

const TRIES = 20;

/** Decides on what is there and writes it, again when somebody was faster. Nothing happens when all is as it should be. */
export async function settleGroup(deps: SectionDeps, alertId: string, gridCode: string): Promise<void> {
  for (let tried = 1; ; tried++) {
    const [alert, group] = await Promise.all([findAlert(deps.db, alertId), findGroup(deps.db, alertId, gridCode)]);
    if (group === undefined || alert?.state !== 'raised') return;
    const ops = await settlingOps(deps, alert, await decideGroup(deps.db, group, group.reach));
    if (ops.length === 0) return;
    try {
      await deps.db.atomically(ops);
      return;
    } catch (error) {
      if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile' || tried === TRIES) throw error;
    }
  }
}

/** What the rule would do if people were taken from as far as `upTo`. */
export async function decideGroup(db: Database, group: SectionGroup, upTo: Reach): Promise<Decision> {
  const { alertId, gridCode } = group;
  const village = villageOf(gridCode);
  const reach = reachCodes(gridCode, await neighboursOf(db, [gridCode, village]));
  const [[gridName = gridCode], needs, seats, coming] = await Promise.all([
    gridNames(db, [gridCode]),
    listNeeds(db, alertId, [village]),
    listSeats(db, alertId, [village]),
    listComing(db, alertId, [village, ...reach[upTo]], gridCode),
  ]);
  const codesOf = (member: Coming) => member.memberships.map((membership) => membership.gridCode);
  const isHere = (seat: SectionSeat | null) => seat?.state === 'held' && seat.gridCode === gridCode;
  const free = coming.filter(({ seat }) => isHere(seat) || isFree(seat));
  const reached = free.filter((member) => isHere(member.seat) || isReached(reach, upTo, codesOf(member)));
  const candidate = ({ memberId, skills, answer, joined, memberships }: Coming): Candidate => {
    const posts = memberships.flatMap(({ post }) => (post === null ? [] : [post]));
    return {
      memberId,
      skills,
      answer,
      joined,
      posts: [...new Set(posts)],
      near: nearestReach(
        reach,
        memberships.map((one) => one.gridCode),
      ),
    };
  };
  const here = seats.filter(isHere);
  const filled = fillSections(
    needs.filter((need) => need.gridCode === gridCode),
    reached.map(candidate),
    here.map(({ memberId, section }) => ({ memberId, section: section! })),
  );
  const elsewhere = needs.filter((need) => need.gridCode !== gridCode && missing(need, seats) > 0);
  const chosen = new Set(filled.seats.map(({ memberId }) => memberId));
  // Whoever is of another village may be needed there: only who was called for this group is told that it has enough.
  const isOurs = (member: Coming) => member.widening?.startsWith(`${gridCode} `) === true || codesOf(member).some((code) => code.startsWith(village));
  const waiting = free.filter((member) => !isHere(member.seat) && member.seat?.state !== 'stood-down' && !chosen.has(member.memberId) && isOurs(member));
  return {
    group,
    gridName,
    reach,
    coming: new Map(coming.map((member) => [member.memberId, member])),
    ...filled,
    standDown: waiting.map(candidate).filter((one) => ![...filled.open, ...elsewhere].some((need) => maySit(need, one))),
    held: new Map(here.map((seat) => [seat.memberId, seat])),
  };
}

// Whom an officer took off his seat, the rule does not put on another.
function isFree(seat: SectionSeat | null): boolean {
  return seat === null || (seat.state !== 'held' && !(seat.state === 'freed' && seat.decidedBy !== 'rule'));
}

function missing(need: { gridCode: string; section: string; needed: number }, seats: readonly SectionSeat[]): number {
  return need.needed - seats.filter((seat) => seat.state === 'held' && seat.gridCode === need.gridCode && seat.section === need.section).length;
}

/** The writes of a decision; none when it changes nothing. */
export async function settlingOps(deps: SectionDeps, alert: Alert, decision: Decision): Promise<Op[]> {
  const { group, open, seats, freed, standDown } = decision;
  const atMs = deps.clock.now();
  const shortSinceMs = open.length === 0 ? null : (group.shortSinceMs ?? atMs);
  const changed = seats.length + freed.length + standDown.length > 0;
  if (!changed && shortSinceMs === group.shortSinceMs) return [];
  return [writeGroup(group, { shortSinceMs }), ...(await freeing(deps, decision, atMs)), ...seating(deps, alert, decision, atMs)];
}

async function freeing(deps: SectionDeps, { group, freed, held }: Decision, atMs: number): Promise<Op[]> {
  const { alertId, gridCode } = group;
  const by = { atMs, who: 'system', via: 'job', alertId, gridCode } as const;
  const rows = await Promise.all(
    freed.map(async ({ memberId, section }) => {
      const call = await findCallOf(deps.db, alertId, memberId);
      const why = call?.answer === 'cannot' ? ('cannot' as const) : ('expired' as const);
      const before = held.get(memberId)!;
      const { version: _, ...seat } = before;
      return {
        write: writeSeat({ ...seat, state: 'freed', decidedBy: 'rule', changedAtMs: atMs }, before),
        told: fact({ ...by, type: 'section.freed', subjectId: call?.id ?? memberId, data: { section, why } }),
      };
    }),
  );
  return [
    ...rows.map(({ write }) => write),
    ...recordFacts(
      deps.ids,
      rows.map(({ told }) => told),
    ),
  ];
}

function seating(deps: SectionDeps, alert: Alert, { group, gridName, seats, standDown, coming }: Decision, atMs: number): Op[] {
  const { alertId, gridCode } = group;
  const by = { atMs, who: 'system', via: 'job', alertId, gridCode } as const;
  const row = { alertId, gridCode, decidedBy: 'rule', wordsCipher: null, changedAtMs: atMs };
  const told = (memberId: string, facts: Told['facts']): Told => {
    const { callId, seat } = coming.get(memberId)!;
    return { purpose: 'section', subjectId: `seat:${callId}`, step: (seat?.version ?? 0) + 1, memberId, gridCode, facts: { ...facts, callId } };
  };
  return [
    ...seats.map((seat) => writeSeat({ ...row, ...seat, state: 'held' }, coming.get(seat.memberId)!.seat)),
    ...standDown.map(({ memberId }) => writeSeat({ ...row, memberId, section: null, state: 'stood-down', reasons: [] }, coming.get(memberId)!.seat)),
    ...recordFacts(deps.ids, [
      ...seats.map(({ section, reasons, memberId }) =>
        fact({ ...by, type: 'section.filled', subjectId: coming.get(memberId)!.callId, data: { section, reasons } }),
      ),
      ...standDown.map(({ memberId }) => fact({ ...by, type: 'member.stood-down', subjectId: coming.get(memberId)!.callId, data: {} })),
    ]),
    ...queueMessages(
      [
        ...seats.map(({ memberId, section }) => told(memberId, { what: 'seat', section, place: gridName })),
        ...standDown.map(({ memberId }) => told(memberId, { what: 'stand-down' })),
      ].map((one) => messageTo(deps, alert, one, atMs)),
    ),
  ];
}
