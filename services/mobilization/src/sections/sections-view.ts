// Chapter 5, sections: how the groups of an alert stand, needed and have, seat by seat, with who leads and who is out.
import { z } from 'zod';
import type { SectionsView } from '@laba/domain/board-view';
import { capTime } from '@laba/domain/cap';
import { LIMITS } from '@laba/domain/limits';
import { roleMay, type Officer } from '@laba/domain/officer';
import { SAFETY_KIND_NAMES, SAFETY_STATES } from '@laba/domain/safety';
import { REACH_NAMES, REACHES, SECTION_NAMES, SECTIONS, seatReasonWords } from '@laba/domain/section';
import type { Deps } from '@laba/runtime/service';
import { findPolicy } from '@laba/storage/policy';
import { namesOfCodes } from '../grid-node-store.ts';
import { markerNames } from '../roll-call/rollcall-store.ts';
import { listCommanders, type SceneCommander } from './commander-store.ts';
import { listWatches, type Watch } from './safety-store.ts';
import { listGroups, listNamedSeats, listNeeds, type NamedSeat, type SectionGroup, type SectionNeed } from './section-store.ts';

const n = z.number();
const text = z.string();
const words = z.object({ zh: text, en: text });
const section = z.enum(SECTION_NAMES);
const time = text.nullable();

export const seatView = z.object({
  memberId: text,
  name: text.nullable(),
  section: section.nullable(),
  state: z.enum(['held', 'freed', 'stood-down']),
  answer: text.nullable(),
  reasons: z.array(words.extend({ code: text })),
  decidedBy: text,
  version: n,
  words: text.nullable(),
  changedAt: text,
});
export const commanderView = z.object({
  gridCode: text,
  number: n,
  memberId: text,
  namedBy: text,
  namedAt: text,
  acknowledgedBy: text.nullable(),
  acknowledgedAt: time,
});
export const watchView = z.object({
  id: text,
  kind: z.enum(SAFETY_KIND_NAMES),
  gridCode: text,
  state: z.enum(SAFETY_STATES),
  orderedBy: text,
  orderedAt: text,
  dueAt: text,
  overdue: z.boolean(),
  alarms: n,
  heardAt: time,
  heardBy: text.nullable(),
});
/** Who is behind an act: officers by their names, for who may act himself. */
const named = { orderedByName: text.nullable(), heardByName: text.nullable() };
const groupView = z.object({
  code: text,
  name: text,
  households: n,
  persons: n,
  reach: z.enum(REACH_NAMES),
  reachWords: words,
  shortSince: time,
  needed: n,
  have: n,
  sections: z.array(z.object({ section, words, needed: n, have: n, unfillable: z.boolean() })),
  seats: z.array(seatView.extend({ decidedByName: text.nullable() })),
});
export const sectionsView = z.object({
  asOf: text,
  asOfMs: n,
  needed: n,
  have: n,
  groups: z.array(groupView),
  commanders: z.array(commanderView.extend({ name: text.nullable(), namedByName: text.nullable(), leads: z.boolean() })),
  watches: z.array(watchView.extend({ ...named, words: text.nullable(), members: z.array(z.object({ memberId: text, name: text.nullable(), backAt: time })) })),
  /** By how many minutes a pair is to be heard of, and everybody is to be back. */
  minutes: z.object({ checkIn: n, back: n }),
  next: text.nullable(),
});

/** `after`: the last group of the page before. Commanders and who is out come with every page. */
export async function readSections(
  deps: Deps,
  officer: Officer,
  alertId: string,
  codes: readonly string[],
  after = '',
): Promise<z.infer<typeof sectionsView> & SectionsView> {
  const [groups, needs, seats, commanders, watches, names, { policy }] = await Promise.all([
    listGroups(deps.db, alertId, codes),
    listNeeds(deps.db, alertId, codes),
    listNamedSeats(deps.db, alertId, codes),
    listCommanders(deps.db, alertId, codes),
    listWatches(deps.db, alertId, codes),
    namesOfCodes(deps.db, codes),
    findPolicy(deps.db, deps.config.county),
  ]);
  const asOfMs = deps.clock.now();
  const page = groups.filter(({ gridCode }) => gridCode > after).slice(0, LIMITS.sectionGroupsPerPage);
  const mayManage = roleMay(officer.role, 'section.manage');
  const acted = [
    ...seats.map(({ seat }) => seat.decidedBy),
    ...commanders.map(({ namedBy }) => namedBy),
    ...watches.flatMap(({ orderedBy, heardBy }) => [orderedBy, heardBy]),
  ];
  const actors = mayManage ? await markerNames(deps.db, acted) : new Map<string, string>();
  const actorOf = (who: string | null) => actors.get(who ?? '') ?? null;
  // Ordered by number: the last one who said yes leads.
  const leads = new Map(commanders.filter(({ acknowledgedAtMs }) => acknowledgedAtMs !== null).map(({ gridCode, number }) => [gridCode, number]));
  return {
    asOf: capTime(asOfMs, deps.config.utcOffsetMinutes),
    asOfMs,
    needed: needs.reduce((sum, { needed }) => sum + needed, 0),
    have: seats.filter(({ seat }) => seat.state === 'held').length,
    groups: page.map((group) => viewGroup(deps, group, needs, seats, names, { mayManage, actorOf })),
    commanders: commanders.map(({ name, ...one }) => ({
      ...viewCommander(deps, one),
      name,
      namedByName: actorOf(one.namedBy),
      leads: leads.get(one.gridCode) === one.number,
    })),
    watches: watches.map((watch) => ({
      ...viewWatch(deps, watch),
      orderedByName: actorOf(watch.orderedBy),
      heardByName: actorOf(watch.heardBy),
      words: mayManage && watch.wordsCipher !== null ? deps.vault.decrypt(watch.wordsCipher) : null,
      members: watch.members.map(({ backAtMs, ...member }) => ({ ...member, backAt: timeOf(deps, backAtMs) })),
    })),
    minutes: { checkIn: policy.sections.checkInMinutes, back: policy.sections.backWithinMinutes },
    next: page.length === LIMITS.sectionGroupsPerPage ? (page.at(-1)?.gridCode ?? null) : null,
  };
}

function viewGroup(
  deps: Deps,
  group: SectionGroup,
  allNeeds: readonly SectionNeed[],
  allSeats: readonly NamedSeat[],
  names: ReadonlyMap<string, string>,
  { mayManage, actorOf }: { mayManage: boolean; actorOf: (who: string) => string | null },
): z.infer<typeof groupView> {
  const needs = allNeeds.filter(({ gridCode }) => gridCode === group.gridCode);
  const seats = allSeats.filter(({ seat }) => seat.gridCode === group.gridCode);
  const have = (of: string) => seats.filter(({ seat }) => seat.state === 'held' && seat.section === of).length;
  return {
    code: group.gridCode,
    name: names.get(group.gridCode) ?? group.gridCode,
    households: group.households,
    persons: group.persons,
    reach: group.reach,
    reachWords: REACHES[group.reach],
    shortSince: timeOf(deps, group.shortSinceMs),
    needed: needs.reduce((sum, { needed }) => sum + needed, 0),
    have: seats.filter(({ seat }) => seat.state === 'held').length,
    sections: needs.map((need) => ({
      section: need.section,
      words: SECTIONS[need.section],
      needed: need.needed,
      have: have(need.section),
      unfillable: group.exhaustedAtMs !== null && have(need.section) < need.needed,
    })),
    seats: seats.map((one) => ({ ...viewSeat(deps, one, mayManage), decidedByName: actorOf(one.seat.decidedBy) })),
  };
}

export function viewSeat(deps: Deps, { seat, name, answer }: NamedSeat, mayManage: boolean): z.infer<typeof seatView> {
  return {
    memberId: seat.memberId,
    name,
    section: seat.section,
    state: seat.state,
    answer,
    reasons: seat.reasons.map((code) => ({ code, ...seatReasonWords(code) })),
    decidedBy: seat.decidedBy,
    version: seat.version,
    words: mayManage && seat.wordsCipher !== null ? deps.vault.decrypt(seat.wordsCipher) : null,
    changedAt: capTime(seat.changedAtMs, deps.config.utcOffsetMinutes),
  };
}

export function viewCommander(deps: Deps, one: SceneCommander): z.infer<typeof commanderView> {
  const { gridCode, number, memberId, namedBy, namedAtMs, acknowledgedBy, acknowledgedAtMs } = one;
  return { gridCode, number, memberId, namedBy, namedAt: timeOf(deps, namedAtMs)!, acknowledgedBy, acknowledgedAt: timeOf(deps, acknowledgedAtMs) };
}

export function viewWatch(deps: Deps, watch: Omit<Watch, 'members'>): z.infer<typeof watchView> {
  const { id, kind, gridCode, state, orderedBy, alarms, heardBy } = watch;
  return {
    ...{ id, kind, gridCode, state, orderedBy, alarms, heardBy },
    orderedAt: timeOf(deps, watch.orderedAtMs)!,
    dueAt: timeOf(deps, watch.dueAtMs)!,
    overdue: state === 'out' && deps.clock.now() >= watch.dueAtMs,
    heardAt: timeOf(deps, watch.heardAtMs),
  };
}

const timeOf = (deps: Deps, atMs: number | null) => (atMs === null ? null : capTime(atMs, deps.config.utcOffsetMinutes));
