// The Dasuo night in sections: too few at first, so the village is called as well; one pair is not heard of in time.
import { answerOn, type Night } from './dasuo-people.ts';
import { pagesOf, phoneLines } from './demo-phones.ts';
import { signedIn, until } from './story.ts';

interface Section {
  section: string;
  words: { zh: string; en: string };
  needed: number;
  have: number;
  unfillable: boolean;
}

interface Sections {
  needed: number;
  have: number;
  groups: { code: string; sections: Section[]; seats: { memberId: string; state: string; answer: string | null }[] }[];
  commanders: { name: string | null; leads: boolean }[];
  watches: { id: string; kind: string; state: string; overdue: boolean; alarms: number }[];
}

export interface SectionCounts {
  needed: number;
  have: number;
  bySection: Record<string, { needed: number; have: number }>;
  commander: string | null;
  pairsOverdue: number;
}

interface Policy {
  version: number;
  sections: { widenAfterMinutes: number; checkInMinutes: number };
}

/** The county waits longer than a demo may take: while `night` goes on its clocks for too few people and for pairs run one minute. */
export async function withShortClocks<T>(stage: Parameters<typeof signedIn>[0], night: () => Promise<T>): Promise<T> {
  const admin = await signedIn(stage, 'admin');
  const change = async (sections: Partial<Policy['sections']>) => {
    const { version: _version, ...policy } = await admin.get<Policy>('/api/v1/policy');
    await admin.put('/api/v1/policy', { ...policy, sections: { ...policy.sections, ...sections } });
  };
  const { sections } = await admin.get<Policy>('/api/v1/policy');
  await change({ widenAfterMinutes: 1, checkInMinutes: 1 });
  try {
    return await night();
  } finally {
    await change({ widenAfterMinutes: sections.widenAfterMinutes, checkInMinutes: sections.checkInMinutes });
  }
}

/** Seats follow the answers, also when the process that was at it has died. */
const SEATS_MS = 120_000;

const read = ({ cadre, alertId }: Night) => cadre.get<Sections>(`/api/v1/alerts/${alertId}/sections`);

/** One of those who arrived leads at the scene, two others go up to look at the slope. */
export async function sendPairOut(night: Night, groupCode: string): Promise<string> {
  const { cadre, alertId, say } = night;
  const here = await until('three have seats and are there', SEATS_MS, async () => {
    const { groups } = await read(night);
    const seats = groups.flatMap((group) => group.seats.filter(({ state, answer }) => state === 'held' && answer === 'arrived'));
    return seats.length >= 3 ? seats.map(({ memberId }) => memberId) : undefined;
  });
  const [leader, first, second] = here;
  await cadre.post(`/api/v1/alerts/${alertId}/commanders`, { gridCode: groupCode, memberId: leader, acknowledged: true });
  const { id } = await cadre.post<{ id: string }>(`/api/v1/alerts/${alertId}/pairs`, { memberIds: [first, second], words: '上沟口看水' });
  say('a commander is named at the scene; a pair goes up to look at the gully');
  return id;
}

/** The pair misses its check-in, which alarms; the cadre reaches it by radio, and it comes back. */
export async function pairIsHeardOf(night: Night, pairId: string): Promise<void> {
  const { cadre, alertId, say } = night;
  await until('the missed check-in alarms', 120_000, async () =>
    (await read(night)).watches.some(({ id, alarms }) => id === pairId && alarms > 0) ? true : undefined,
  );
  say('the pair misses its check-in: alarm');
  await cadre.post(`/api/v1/pairs/${pairId}/check-in`, { means: 'radio' });
  const out = await cadre.get<{ watches: { id: string; members: { memberId: string }[] }[] }>(`/api/v1/alerts/${alertId}/sections`);
  for (const { memberId } of out.watches.find(({ id }) => id === pairId)?.members ?? [])
    await cadre.post(`/api/v1/alerts/${alertId}/back`, { memberId, means: 'radio' });
  say('it is reached by radio and comes back');
}

/** Too few after a minute: the village's other groups are called, and come until every seat is filled. */
export async function villageFillsSections(night: Night, known: ReadonlySet<string>): Promise<void> {
  const { say } = night;
  const before = await countSections(night);
  say(`sections: ${before.have} of ${before.needed} seats filled; too few, so the call-out is widened to the village`);
  const answered = new Set(known);
  await until('every section is filled', 180_000, async () => {
    for (const page of pagesOf(phoneLines(night.dataDir, night.raisedAtMs), 'call')) {
      const { have, needed } = await countSections(night);
      if (have >= needed) return true;
      if (answered.has(page)) continue;
      answered.add(page);
      await answerOn(night.url, page, ['coming', 'arrived']);
    }
    return undefined;
  });
  const after = await countSections(night);
  say(`sections: ${after.have} of ${after.needed} seats filled`);
}

export async function countSections(night: Night): Promise<SectionCounts> {
  const { needed, have, groups, commanders, watches } = await read(night);
  const bySection: SectionCounts['bySection'] = {};
  for (const { sections } of groups)
    for (const one of sections) {
      const sum = (bySection[one.section] ??= { needed: 0, have: 0 });
      sum.needed += one.needed;
      sum.have += one.have;
    }
  return {
    needed,
    have,
    bySection,
    commander: commanders.find(({ leads }) => leads)?.name ?? null,
    pairsOverdue: watches.filter(({ overdue }) => overdue).length,
  };
}
