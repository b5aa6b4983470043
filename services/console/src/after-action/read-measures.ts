// Chapter 6, look back: the numbers of one alert: time to first sound, answers over the minutes, ladder times, the roll-call's curve, village by village.
import type { Mode } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import { scoreOf, type LadderTimes } from '@laba/domain/drill-score';
import { isWithin, villageOf, villagesOf } from '@laba/domain/grid';
import { countLadders } from '@laba/domain/ladder-counts';
import { curve, spread } from '@laba/domain/measures';
import type { Measured, MeasuredVillage, MeasuresView } from '@laba/domain/measures-view';
import type { Answer } from '@laba/domain/member';
import { isAccounted, type PersonStatus } from '@laba/domain/rollcall';
import { totalsOf, type Counts } from '@laba/domain/rollcall-totals';
import type { Deps } from '@laba/runtime/service';
import { countList, currentRound } from '@laba/storage/roll-call';
import { laddersOf } from '../ladder-store.ts';
import type { Watching } from '../read-coverage.ts';
import { callsOf, deliveriesOf, measuredEvents, namesOf } from './measures-store.ts';

const VILLAGE_DIGITS = 12;

interface Sound {
  gridCode: string;
  /** ms after the raise; undefined: it never proved that it played. */
  firstMs: number | undefined;
}

interface Call {
  gridCode: string;
  firstMs: number | undefined;
  answer: Answer | undefined;
}

interface Marked {
  gridCode: string;
  atMs: number;
  /** 1: somebody more is accounted for; -1: he is to be looked for again. */
  by: number;
}

interface Seen {
  sounds: Map<string, Sound>;
  calls: Map<string, Call>;
  marks: Marked[];
}

type LadderRow = Awaited<ReturnType<typeof laddersOf>>[number];

/** What every place is measured from. */
interface Material {
  mode: Mode;
  seen: Seen;
  counts: Counts;
}

/** Inside what this officer may see of the alert. Every figure of the whole is the sum of the villages'. */
export async function readMeasures({ db, clock, config }: Deps, { alert, revision, permit, scopes }: Watching): Promise<MeasuresView> {
  const { codes } = permit;
  const inView = (gridCode: string) => codes.some((code) => isWithin(code, gridCode));
  // A widened call-out calls from beyond the area.
  const inScope = (gridCode: string) => inView(gridCode) || scopes.some((code) => isWithin(code, gridCode));
  const asOfMs = clock.now();
  const raisedAtMs = alert.raisedAtMs ?? asOfMs;
  const round = await currentRound(db, alert.id);
  const [seen, rows, counts] = await Promise.all([
    readSeen({ db }, alert.id, raisedAtMs, inView, inScope),
    laddersOf(db, alert.id, villagesOf(codes)),
    countList(db, { alertId: alert.id, codes, round }),
  ]);
  // What had not come when it was over is judged by that moment, not by when somebody looks.
  const ladders = new Map(rows.map((row) => [row.gridCode, ladderTimes(row, raisedAtMs, alert.overAtMs ?? asOfMs)]));
  const every = everyCode(seen, counts);
  const villages = [...new Set([...every, ...ladders.keys()].map(villageOf))].sort();
  const groups = [...new Set(every.filter((code) => code.length > VILLAGE_DIGITS))].sort();
  const names = await namesOf(db, [...villages, ...groups]);
  const material: Material = { mode: alert.mode, seen, counts };
  const placeOf = (code: string, times: LadderTimes[]) => ({
    ...{ code, name: names.get(code) ?? code },
    ...measure(material, (gridCode) => isWithin(code, gridCode), times),
  });
  const at = (ms: number | null) => (ms === null ? null : capTime(ms, config.utcOffsetMinutes));
  return {
    ...{ alertId: alert.id, mode: alert.mode, state: alert.state, title: revision.texts[0]?.title ?? '' },
    ...{ asOf: capTime(asOfMs, config.utcOffsetMinutes), asOfMs, raisedAt: at(alert.raisedAtMs), overAt: at(alert.overAtMs) },
    lastedMs: (alert.overAtMs ?? asOfMs) - raisedAtMs,
    ...measure(material, () => true, [...ladders.values()]),
    ladders: {
      ...countLadders(rows),
      answerTimes: spread(rows.flatMap(({ openedAtMs, answeredAtMs }) => (answeredAtMs === null ? [] : [answeredAtMs - openedAtMs]))),
      movingTimes: spread(rows.flatMap(({ openedAtMs, movingAtMs }) => (movingAtMs === null ? [] : [movingAtMs - openedAtMs]))),
    },
    villages: villages.map((code) => {
      const ladder = ladders.get(code) ?? null;
      return { ...placeOf(code, ladder === null ? [] : [ladder]), ladder };
    }),
    groups: groups.map((code) => placeOf(code, [])),
  };
}

function ladderTimes(row: LadderRow, raisedAtMs: number, judgedAtMs: number): NonNullable<MeasuredVillage['ladder']> {
  const { answeredAtMs, answerDueAtMs, movingAtMs, movingDueAtMs, persons } = row;
  const after = (ms: number | null) => (ms === null ? null : ms - raisedAtMs);
  return {
    answeredMs: after(answeredAtMs),
    answeredLate: (answeredAtMs ?? judgedAtMs) > answerDueAtMs,
    movingMs: after(movingAtMs),
    movingLate: movingDueAtMs !== null && (movingAtMs ?? judgedAtMs) > movingDueAtMs,
    persons,
  };
}

/** The same of the whole, of every village and of every group. */
function measure({ mode, seen, counts }: Material, here: (gridCode: string) => boolean, ladders: readonly LadderTimes[]): Measured {
  const { sounds, calls, marks } = seen;
  const inside = <T extends { gridCode: string }>(rows: Iterable<T>) => [...rows].filter(({ gridCode }) => here(gridCode));
  const [speakers, members] = [inside(sounds.values()), inside(calls.values())];
  const times = (rows: readonly { firstMs: number | undefined }[]) => rows.flatMap(({ firstMs }) => (firstMs === undefined ? [] : [firstMs]));
  const steps = (ms: readonly number[]) => curve(ms.map((atMs) => ({ atMs, by: 1 })));
  const answers = { coming: 0, 'on-the-way': 0, arrived: 0, cannot: 0 } satisfies Record<Answer, number>;
  for (const { answer } of members) if (answer !== undefined) answers[answer] += 1;
  const { households, persons, complete } = totalsOf({
    statuses: inside(counts.statuses),
    households: inside(counts.households),
    places: inside(counts.places),
  });
  const measured = {
    firstSound: { speakers: speakers.length, ...spread(times(speakers)), curve: steps(times(speakers)) },
    // The first that each member said; how they stand now is the board's.
    answers: { members: members.length, ...spread(times(members)), byFirst: answers, curve: steps(times(members)) },
    rollCall: { complete, households, persons: { total: persons.total, accounted: persons.accounted }, curve: curve(inside(marks)) },
  };
  return { ...measured, score: mode === 'drill' ? scoreOf(measured, ladders) : null };
}

async function readSeen(
  { db }: Pick<Deps, 'db'>,
  alertId: string,
  raisedAtMs: number,
  inView: (gridCode: string) => boolean,
  inScope: (gridCode: string) => boolean,
): Promise<Seen> {
  const [deliveries, called] = await Promise.all([deliveriesOf(db, alertId), callsOf(db, alertId)]);
  const speakerOf = new Map(deliveries.map(({ id, speakerId }) => [id, speakerId]));
  const sounds = new Map<string, Sound>();
  for (const { speakerId, gridCode } of deliveries) if (inView(gridCode)) sounds.set(speakerId, { gridCode, firstMs: undefined });
  const calls = new Map<string, Call>();
  for (const { id, gridCode, joinCodeId } of called)
    if (joinCodeId === null && inScope(gridCode)) calls.set(id, { gridCode, firstMs: undefined, answer: undefined });
  const marks: Marked[] = [];
  for await (const events of measuredEvents(db, alertId))
    for (const { type, subjectId, gridCode, data, atMs } of events) {
      const afterMs = atMs - raisedAtMs;
      if (type === 'delivery.playing') noteSound(sounds.get(speakerOf.get(subjectId) ?? subjectId), data, afterMs, raisedAtMs);
      else if (type === 'call.answered') noteAnswer(calls.get(subjectId), data, afterMs, raisedAtMs);
      else if (inView(gridCode)) marks.push({ gridCode, atMs: afterMs, by: accountedBy(type, data) });
    }
  return { sounds, calls, marks };
}

// The device's own time, where it knew one: its report may have come hours later.
function noteSound(sound: Sound | undefined, data: Record<string, unknown>, toldMs: number, raisedAtMs: number): void {
  const purpose = data['purpose'] ?? 'alert';
  if (sound === undefined || purpose !== 'alert') return;
  const own = Date.parse(String(data['startTime'] ?? '')) - raisedAtMs;
  const ms = Number.isNaN(own) ? toldMs : Math.min(own, toldMs);
  sound.firstMs = Math.min(sound.firstMs ?? Infinity, Math.max(0, ms));
}

function noteAnswer(call: Call | undefined, data: Record<string, unknown>, toldMs: number, raisedAtMs: number): void {
  const saidAtMs = data['saidAtMs'];
  const ms = Math.max(0, typeof saidAtMs === 'number' ? saidAtMs - raisedAtMs : toldMs);
  if (call === undefined || ms >= (call.firstMs ?? Infinity)) return;
  call.firstMs = ms;
  call.answer = data['answer'] as Answer;
}

function accountedBy(type: 'person.marked' | 'person.found', { status, was }: Record<string, unknown>): number {
  const is = Number(isAccounted(status as PersonStatus));
  return type === 'person.found' ? is : is - Number(isAccounted(was as PersonStatus));
}

function everyCode({ sounds, calls, marks }: Seen, { statuses, households, places }: Counts): string[] {
  return [...sounds.values(), ...calls.values(), ...marks, ...statuses, ...households, ...places].map(({ gridCode }) => gridCode);
}
