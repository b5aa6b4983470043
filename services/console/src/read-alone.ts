// Chapter 6, look back: which places were alone and when, and of one of them what happened there, from its own word and in order.
import type { AlonePlace, AloneSpell, AloneView } from '@laba/domain/alone-view';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Permit } from '@laba/runtime/auth';
import type { EventRow } from '@laba/runtime/event-tail';
import type { Deps } from '@laba/runtime/service';
import { happenedAtMs, inCausalOrder, silencesOf, spellsOf, type Placed, type Spell } from './alone.ts';
import {
  eventsBetween,
  eventsHere,
  eventsThere,
  modesOf,
  placeNames,
  silenceEvents,
  toldByHouses,
  whoCanBeSilent,
  type CanBeSilent,
  type When,
} from './alone-store.ts';
import { maySee, tellEvents } from './event-view.ts';

/** What was kept in a gateway's journal is written down when it is back, within this time. */
const JOURNAL_MS = 3_600_000;

type AloneDeps = Pick<Deps, 'db' | 'clock' | 'config'>;

/** Every time alone of the places inside these codes since then, the latest first. */
export async function listAlone(deps: AloneDeps, codes: readonly string[], sinceMs: number): Promise<AlonePlace[]> {
  const subjects = await whoCanBeSilent(deps.db, codes);
  const silences = await silencesHere(deps, subjects, sinceMs);
  const byPlace = Map.groupBy(silences, ({ gridCode }) => gridCode);
  const names = await placeNames(deps.db, [...byPlace.keys()]);
  const all = [...byPlace].flatMap(([code, own]) =>
    spellsOf(own).map((spell) => ({ code, name: names.get(code) ?? code, ...viewSpell(deps, spell, subjects) })),
  );
  return all.sort((a, b) => b.fromMs - a.fromMs).slice(0, LIMITS.silencesShown);
}

const idsOf = (subjects: readonly CanBeSilent[]) => subjects.map(({ id }) => id);
const housesOf = (subjects: readonly CanBeSilent[]) => idsOf(subjects.filter(({ kind }) => kind === 'house'));

/** As this house heard it: what a house below did not hear of its own gateways does not make the place alone. */
async function silencesHere({ db }: AloneDeps, subjects: readonly CanBeSilent[], sinceMs: number) {
  const events = await silenceEvents(db, idsOf(subjects), sinceMs);
  const told = await toldByHouses(
    db,
    housesOf(subjects),
    events.map(({ id }) => id),
  );
  return silencesOf(events.filter(({ id, type }) => type === 'gateway.revoked' || !told.has(id)));
}

function viewSpell({ config }: AloneDeps, { fromMs, backMs, subjectIds }: Spell, subjects: readonly CanBeSilent[]): AloneSpell {
  const at = (ms: number) => capTime(ms, config.utcOffsetMinutes);
  const of = subjects.filter(({ id }) => subjectIds.includes(id)).map(({ kind, name }) => ({ kind, name }));
  return { fromMs, from: at(fromMs), backMs, back: backMs === null ? null : at(backMs), of };
}

/**
 * One place: the times when it or what serves it was silent, and what is known of one of them; the latest when none is named.
 * @throws `unknown-code`, `not-found` when it was not alone at the time that is named
 */
export async function readAlone(deps: AloneDeps, code: string, fromMs: number | undefined, { officer }: Permit<'alert.read'>): Promise<AloneView> {
  const name = (await placeNames(deps.db, [code])).get(code);
  if (name === undefined) throw new LabaError('unknown-code', `No grid node has the code ${code}.`, { gridCode: code });
  const subjects = await whoCanBeSilent(deps.db, [code]);
  const spells = spellsOf(await silencesHere(deps, subjects, 0)).slice(0, LIMITS.silencesShown);
  const spell = fromMs === undefined ? spells[0] : spells.find((one) => one.fromMs === fromMs);
  if (fromMs !== undefined && spell === undefined) throw new LabaError('not-found', 'This place was not alone at that time.');
  const { events, more } = spell === undefined ? { events: [], more: false } : await happened(deps, code, spell, subjects);
  const told = await tellEvents(
    deps.db,
    events.map(({ row }) => row),
    deps.config.utcOffsetMinutes,
  );
  const modes = await modesOf(
    deps.db,
    events.map(({ row }) => row.alertId),
  );
  return {
    code,
    name,
    asOfMs: deps.clock.now(),
    spells: spells.map((one) => viewSpell(deps, one, subjects)),
    spell: spell === undefined ? null : viewSpell(deps, spell, subjects),
    events: events.flatMap(({ row, origin, isClockOff, happenedAtMs: ms }, i) => {
      const one = told[i]!;
      const when = { isClockOff, happenedAtMs: ms, happenedAt: capTime(ms, deps.config.utcOffsetMinutes) };
      const view = { ...one.view, ...when, isFromThere: origin !== null, mode: modes.get(row.alertId ?? '') ?? null };
      return maySee(officer, one) ? [view] : [];
    }),
    more,
  };
}

async function happened({ db, clock }: AloneDeps, gridCode: string, { fromMs, backMs }: Spell, subjects: readonly CanBeSilent[]) {
  const when = { gridCode, fromMs, toMs: backMs ?? clock.now() };
  const houseIds = housesOf(subjects);
  const [here, there] = await Promise.all([eventsHere(db, { ...when, toMs: when.toMs + JOURNAL_MS }), eventsThere(db, houseIds, when)]);
  const theirs = new Set(there.map(({ row }) => row.id));
  const inTime = (row: EventRow) => happenedAtMs(row) >= fromMs && happenedAtMs(row) <= when.toMs;
  const placed: Placed[] = [
    ...here.filter((row) => !theirs.has(row.id) && inTime(row)).map((row) => ({ row, origin: isOfBox(row) ? row.who : null })),
    ...there.map(({ row, houseId }) => ({ row, origin: houseId })),
    ...(await astray(db, houseIds, there, when)),
  ];
  return { events: inCausalOrder(placed).slice(0, LIMITS.aloneEvents), more: Math.max(here.length, there.length, placed.length) > LIMITS.aloneEvents };
}

const isOfBox = ({ who, type }: EventRow) => who.startsWith('gateway:') && !type.startsWith('site.');

/** What came among the others and says another time: the clock there was wrong. */
async function astray(db: Deps['db'], houseIds: readonly string[], there: readonly { row: EventRow }[], when: When): Promise<Placed[]> {
  const [first, last] = [there[0], there.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rows = await eventsBetween(db, [first.row.seq, last.row.seq], when);
  const told = await toldByHouses(
    db,
    houseIds,
    rows.map(({ id }) => id),
  );
  return rows.flatMap((row) => {
    const origin = told.get(row.id);
    return origin === undefined ? [] : [{ row, origin }];
  });
}
