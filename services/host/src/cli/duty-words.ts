// What the API answered, as lines that an officer reads in the terminal; `--json` gives the answer itself.

interface Received {
  id: string;
  number: string;
  state: string;
  mergedInto: string | null;
}
interface Report {
  id: string;
  number: string;
  state: string;
  gridCode: string;
  hazardWords: { zh: string; en: string };
  text: string;
  receivedAt: string;
}
interface Decision {
  mayRaise: boolean;
  why: { zh: string; en: string };
}
interface Listed {
  id: string;
  mode: string;
  kind: string;
  level: string | null;
  order: string | null;
  state: string;
  revision: number;
  quiet: boolean;
  title: string;
  areaCodes: string[];
  endTime: string;
}
interface Alert extends Listed {
  revisions: { texts: { language: string; text: string }[]; playTimes: number; intervalSeconds: number; siren: boolean }[];
  waiting: { decision: Decision } | null;
}
interface Template {
  id: string;
  title: string;
  titleEn: string;
  kind: string;
  level: string | null;
  order: string | null;
}
interface Forecast {
  speakers: { total: number; online: number; proven24h: number; counts: Record<string, number> };
  members: { total: number; away: number };
  reach: {
    unreached: number;
    people: { name: string | null; gridCode: string; gridName: string | null; gapWords: { zh: string; en: string } }[];
    unproven: number;
    provenForDays: number;
  };
  households: number;
  persons: number;
  withoutClip: string[];
  quietUntil: string | null;
  decision: Decision;
}
interface Coverage {
  state: string;
  mode: string;
  quiet: boolean;
  ageMs: number;
  totals: { speakers: { total: number; states: Record<string, number> }; members: Record<string, number | null>; sites: { total: number; silent: number } };
  silent: { siteId: string; name: string }[];
  failed: { speakerId: string; name: string; state: string; reason: string | null }[];
}
interface Timeline {
  events: { at: string; whoName: string; zh: string; en: string; subjectName: string; gridName: string }[];
  next: unknown;
}

const MODES: Record<string, string> = { live: '实警 live', drill: '演练 drill', test: '测试 test' };
const WAITING: Record<string, string> = { offline: 'offline', playerFailed: 'player dead', noGateway: 'without a gateway', neverProven: 'never proven' };

const counted = (counts: Readonly<Record<string, number | null>>) =>
  Object.entries(counts)
    .filter(([, count]) => (count ?? 0) > 0)
    .map(([name, count]) => `${count} ${WAITING[name] ?? name}`);
const orNone = (parts: readonly string[]) => (parts.length === 0 ? 'none' : parts.join(', '));
const rankOf = (alert: Listed) => [alert.kind, alert.level ?? alert.order].filter(Boolean).join(' ');
const headOf = (alert: Listed) =>
  `${alert.id}  ${MODES[alert.mode] ?? alert.mode}  ${alert.state}${alert.quiet ? ', quietened' : ''}  ${rankOf(alert)}  ${alert.title}  ${alert.areaCodes.join(',')}`;

export const receivedReport = (report: Received): string[] => [
  `${report.id}  number ${report.number}  ${report.mergedInto === null ? report.state : `merged into ${report.mergedInto}: the same hazard`}`,
  ...(report.mergedInto === null ? [`next: laba report verify ${report.id} --result true`] : []),
];

export const report = (row: Report): string[] => [
  `${row.id}  ${row.receivedAt}  ${row.state}  ${row.hazardWords.zh} ${row.hazardWords.en}  ${row.gridCode}  ${row.text}`,
];

export const reports = ({ reports: rows }: { reports: Report[] }): string[] => (rows.length === 0 ? ['no reports'] : rows.flatMap(report));

export const templates = ({ templates: rows }: { templates: Template[] }): string[] =>
  rows.map((row) => `${row.id.padEnd(28)} ${`${row.kind} ${row.level ?? row.order ?? ''}`.padEnd(16)} ${row.title} ${row.titleEn}`);

export const alerts = ({ alerts: rows }: { alerts: Listed[] }): string[] => (rows.length === 0 ? ['no alerts'] : rows.map(headOf));

export const changed = (row: Alert): string[] => [
  headOf(row),
  ...(row.state === 'raised' ? [`  until ${row.endTime}; watch: laba alert coverage ${row.id}`] : []),
];

export function alert(row: Alert): string[] {
  const newest = row.revisions.at(-1);
  const times = newest?.playTimes === 0 ? `every ${newest.intervalSeconds} s` : `${newest?.playTimes ?? 0} times, ${newest?.intervalSeconds ?? 0} s apart`;
  return [
    headOf(row),
    ...(newest?.texts ?? []).map((text) => `  ${text.language.padEnd(6)} ${text.text}`),
    `  ${newest?.siren === true ? 'siren, then the words' : 'the words, no siren'}, ${times}, until ${row.endTime}`,
    ...(row.waiting === null ? [] : [`  ${row.waiting.decision.why.zh} ${row.waiting.decision.why.en}`]),
  ];
}

export const draft = (row: Alert): string[] => [
  ...alert(row),
  ...(row.waiting === null ? [] : [`next: laba alert forecast ${row.id}, laba alert raise ${row.id}`]),
];

export function forecast(seen: Forecast): string[] {
  const { speakers, members } = seen;
  return [
    `speakers    ${speakers.online} of ${speakers.total} online, ${speakers.proven24h} proven to sound within a day; ${orNone(counted(speakers.counts))} in doubt`,
    `members     ${members.total} called, ${members.away} of them away`,
    `numbers     ${seen.reach.unreached} people without a working channel; ${seen.reach.unproven} others have not proven theirs within ${seen.reach.provenForDays} days`,
    ...seen.reach.people.map((one) => `  unreached  ${one.gridName ?? one.gridCode}  ${one.name ?? '-'}  ${one.gapWords.zh} ${one.gapWords.en}`),
    `households  ${seen.households}, ${seen.persons} persons`,
    ...(seen.quietUntil === null ? [] : [`quiet       免打扰时段 the speakers refuse it until ${seen.quietUntil}; members are called all the same`]),
    ...(seen.withoutClip.length === 0 ? [] : [`languages   no recording for ${seen.withoutClip.join(', ')}`]),
    `            ${seen.decision.why.zh} ${seen.decision.why.en}`,
  ];
}

export function coverage(seen: Coverage): string[] {
  const { speakers, members, sites } = seen.totals;
  const { total, changedAtMs: _changed, ...answers } = members;
  return [
    `${MODES[seen.mode] ?? seen.mode}  ${seen.state}${seen.quiet ? ', quietened' : ''}`,
    `speakers  ${speakers.total}: ${orNone(counted(speakers.states))}`,
    `members   ${total ?? 0}: ${orNone(counted(answers))}`,
    `sites     ${sites.total}, ${sites.silent} silent`,
    ...seen.silent.map((site) => `  silent  ${site.siteId}  ${site.name}`),
    ...seen.failed.map(({ state, speakerId, name, reason }) => `  ${state}  ${speakerId}  ${name}${reason === null ? '' : `: ${reason}`}`),
  ];
}

interface Clock {
  at: string | null;
  dueAt: string | null;
  overdueSince: string | null;
}

interface Ladders {
  counts: { total: number; answered: number; moving: number; waiting: number; overdue: number; persons: number };
  ladders: { gridCode: string; gridName: string; state: string; answer: Clock; moving: Clock & { persons: number | null } }[];
}

const clockOf = ({ at, dueAt, overdueSince }: Clock) =>
  at !== null ? at : overdueSince !== null ? `overdue since ${overdueSince}` : dueAt === null ? '-' : `due by ${dueAt}`;

interface RollCall {
  complete: boolean;
  households: { total: number; accounted: number };
  persons: { total: number; accounted: number; unconfirmed: number; byStatus: Record<string, number> };
  places: { total: number; expected: number; counted: number };
  groups: { code: string; name: string; households: { total: number; accounted: number }; persons: { total: number; accounted: number } }[];
}

const share = ({ accounted, total }: { accounted: number; total: number }) => `${accounted} of ${total}`;

export const rollcall = ({ complete, households, persons, places, groups }: RollCall): string[] => [
  complete ? 'complete: nobody is left to be found' : 'open: somebody is to be found or counted again',
  `households  ${share(households)}`,
  `persons     ${share(persons)}: ${orNone(counted(persons.byStatus))}${persons.unconfirmed === 0 ? '' : `; ${persons.unconfirmed} to be counted again`}`,
  `places      ${places.total}, ${places.counted} of ${places.expected} people counted`,
  ...groups.map((group) => `  ${group.code}  ${group.name}  households ${share(group.households)}, persons ${share(group.persons)}`),
];

export const ladders = ({ counts, ladders: rows }: Ladders): string[] => [
  `villages  ${counts.total}: ${counts.answered} answered, ${counts.moving} moving (${counts.persons} people), ${counts.waiting} waiting, ${counts.overdue} overdue`,
  ...rows.map(
    (row) =>
      `  ${row.gridCode}  ${row.gridName}  ${row.state}  answer ${clockOf(row.answer)}  moving ${clockOf(row.moving)}${row.moving.persons === null ? '' : `, ${row.moving.persons} people`}`,
  ),
];

export const timeline = ({ events, next }: Timeline): string[] => [
  ...events.map((event) => `${event.at}  ${event.zh} ${event.en}  ${event.gridName}  ${event.whoName}`),
  ...(next === null ? [] : ['… more: the page or the API has the rest']),
];
