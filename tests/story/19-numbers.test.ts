// Chapter 5, numbers: each number is proven by somebody who answers, by day and when nothing else is on; what does not work is named before the button.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importCsv } from '@laba/registry/import-csv';
import { BareCaller, jsonOf } from '../harness/bare-caller.ts';
import type { Received } from '../harness/fake-phones.ts';
import { ACROSS, COUNTY, DASUO, MEMBERS_CSV, NEIGHBOUR, TOWNSHIP, UPPER, VILLAGE } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';

const TEST = '这是号码测试，不是警报';

interface Numbers {
  counts: Record<string, number>;
  villages: { code: string; name: string; counts: Record<string, number> }[];
  numbers: { memberId: string; name: string; channel: string | null; result: string; reason: string | null; tries: number; provenDaysAgo: number | null }[];
  rounds: { id: string; gridCode: string }[];
}

describe('the numbers', () => {
  let town: Town;
  afterEach(() => town.close());

  async function policy(numbers: object, changed: object = {}): Promise<void> {
    const { api } = await town.officer('admin');
    const { version: _version, ...now } = await api.get<{ version: number; numbers: object }>('/api/v1/policy');
    await api.put('/api/v1/policy', { ...now, ...changed, numbers: { ...now.numbers, ...numbers } });
  }

  async function starts(gridCode: string, more: object = {}): Promise<{ id: string; people: number; numbers: number }> {
    const { api } = await town.officer('cadre1');
    const round = await api.post<{ id: string; people: number; numbers: number }>('/api/v1/numbers/rounds', { gridCode, ...more });
    await town.clock.settle();
    return round;
  }

  const numbers = async (query = '', who: 'cadre1' | 'duty1' | 'cadre2' = 'cadre1') => (await town.officer(who)).api.get<Numbers>(`/api/v1/numbers${query}`);
  const results = async (query = '') => (await numbers(query)).numbers.map((one) => `${one.memberId} ${one.channel ?? '-'} ${one.result}`);
  const channels = (messages: readonly Received[]) => messages.map(({ channel }) => channel);
  const wordsOfTests = () => town.phones.received.filter(({ words }) => words.includes(TEST));

  describe('by day', () => {
    beforeEach(async () => {
      town = await openTown('day');
    });

    it('are asked one by one in words that nobody takes for an alert, and proven by whatever comes back, by each channel', async () => {
      const { people, numbers: open } = await starts(DASUO);
      expect([people, open]).toEqual([3, 6]);
      for (const member of ['m-ayi', 'm-bo', 'm-chun']) {
        const [message] = await town.phone(member).receives(TEST);
        expect(message).toMatchObject({ channel: 'sms', urgent: false, link: undefined });
        expect(message!.words).not.toMatch(/转移！|立即|预警/);
      }
      expect(await results('?result=waiting')).toEqual(['m-ayi sms waiting', 'm-bo sms waiting', 'm-chun sms waiting']);
      await town.phone('m-ayi').replies('１。');
      await town.phone('m-bo').replies('你是谁');
      await town.clock.pass('2 min');
      expect(channels(await town.phone('m-ayi').receives(TEST))).toEqual(['sms', 'voice']);
      await town.phone('m-ayi').presses('1');
      expect(await results('?result=proven')).toEqual(['m-ayi sms proven', 'm-ayi voice proven', 'm-bo sms proven']);
      expect((await town.toldOf('reply.read')).map(({ data }) => [data['outcome'], data['purpose']])).toEqual([
        ['answered', 'number-check'],
        ['answered', 'number-check'],
        ['answered', 'number-check'],
      ]);
      await town.phone('m-bo').receives(TEST);
      await town.nothingElseWasSent();
      expect(await town.brokenPromises()).toEqual([]);
    });

    it('who does not answer is asked again, then named with what is known; the round ends and says so', async () => {
      await policy({ channels: ['sms'], tries: 2, repeatAfterMinutes: 10 });
      const { id } = await starts(UPPER);
      const [test] = await town.phone('m-dao').receives(TEST);
      await town.phone('m-dao').reportsOn(test!, 'delivered');
      await town.clock.pass('12 min');
      const [, again] = await town.phone('m-dao').receives(TEST);
      const [, chun] = await town.phone('m-chun').receives(TEST);
      await town.phone('m-dao').reportsOn(again!, 'delivered');
      await town.phone('m-chun').reportsOn(chun!, 'failed');
      await town.clock.pass('12 min');
      expect(await results(`?grid=${UPPER}`)).toEqual(['m-chun sms dead', 'm-dao sms delivered']);
      expect((await numbers()).numbers.find((one) => one.result === 'dead')).toMatchObject({ name: '演示丙', reason: 'not-delivered', tries: 2 });
      expect((await town.toldOf('numbers.round-ended')).map(({ subjectId }) => subjectId)).toEqual([id]);
      expect((await numbers()).rounds).toEqual([]);
      await town.nothingElseWasSent();
      expect(await town.brokenPromises()).toEqual([]);
    });

    it('tests wait while an alert stands, and an answer to its call is never one to a test', async () => {
      await policy({ channels: ['sms'], perMinute: 1 });
      await starts(DASUO);
      expect(wordsOfTests()).toHaveLength(1);
      const cadre = await town.officer('cadre1');
      const alert = await cadre.orders({ at: [DASUO], level: 'yellow' });
      await town.clock.pass('9 min');
      expect(wordsOfTests()).toHaveLength(1);
      await town.phone('m-ayi').receives('集结 黄色预警');
      await town.phone('m-ayi').replies('3');
      expect(await cadre.answers(alert)).toMatchObject({ answered: 1, arrived: 1 });
      // His answer came from his number, whatever it was an answer to.
      expect(await results('?result=proven')).toEqual(['m-ayi sms proven']);
      await cadre.ends(alert);
      await town.clock.pass('8 min');
      expect(wordsOfTests().length).toBeGreaterThan(1);
      expect(await town.brokenPromises()).toEqual([]);
    });

    it('whoever answers while an alert stands answers the alert, also when the word on his test came last', async () => {
      await policy({ channels: ['sms'] });
      await starts(DASUO);
      const [test] = await town.phone('m-ayi').receives(TEST);
      const cadre = await town.officer('cadre1');
      const alert = await cadre.orders({ at: [DASUO], level: 'yellow' });
      await town.clock.pass('1 min');
      const [call] = await town.phone('m-ayi').receives('集结 黄色预警');
      // His telephone was off: both arrive now.
      await town.phone('m-ayi').reportsOn(call!, 'delivered');
      await town.clock.pass('1 min');
      await town.phone('m-ayi').reportsOn(test!, 'delivered');
      await town.phone('m-ayi').replies('1');
      expect(await cadre.answers(alert)).toMatchObject({ answered: 1, coming: 1 });
      expect(await results('?result=proven')).toEqual(['m-ayi sms proven']);
      expect(await town.brokenPromises()).toEqual([]);
    });

    it('a number that is changed on the lists has proven nothing', async () => {
      await policy({ channels: ['sms'] });
      await starts(VILLAGE);
      await town.phone('m-bo').replies('收到');
      expect(await results('?result=proven')).toEqual(['m-bo sms proven']);
      const bytes = Buffer.from(MEMBERS_CSV.replaceAll('+8610000000002', '+8610000000092'));
      const given = { kind: 'members', bytes, dryRun: false, county: COUNTY } as const;
      await importCsv(town.house.deps, given, { who: 'system', via: 'cli', once: [] });
      expect(await results('?result=proven')).toEqual([]);
      await town.clock.pass('2 min');
      expect(wordsOfTests().filter(({ phone }) => phone === '10000000092')).toHaveLength(1);
      expect(await town.brokenPromises()).toEqual([]);
    });

    it('a county is seen by villages, an officer sees and asks his own only, and bad input is refused by name', async () => {
      const county = await numbers('', 'duty1');
      expect(county.villages.map(({ code, name }) => [code, name])).toEqual([
        [VILLAGE, '芒孜村委会'],
        [NEIGHBOUR, '茨开村委会'],
      ]);
      expect(county.counts).toMatchObject({ never: 12, none: 1, proven: 0 });
      const neighbours = await numbers('', 'cadre2');
      expect(neighbours.numbers.map(({ memberId }) => memberId)).toEqual(['m-er', 'm-er', 'm-fang']);
      const caller = await new BareCaller(() => town.house.url()).signIn('cadre2', PASSWORD);
      const refuses = async (path: string, body?: object) =>
        jsonOf<{ code: string }>(body === undefined ? await caller.get(path) : await caller.post(path, body)).code;
      expect(await refuses(`/api/v1/numbers?grid=${VILLAGE}`)).toBe('out-of-scope');
      expect(await refuses('/api/v1/numbers?grid=abc')).toBe('unknown-code');
      expect(await refuses('/api/v1/numbers?result=perhaps')).toBe('bad-input');
      expect(await refuses('/api/v1/numbers/rounds', { gridCode: TOWNSHIP })).toBe('out-of-scope');
      expect(await refuses('/api/v1/numbers/rounds', { gridCode: '12' })).toBe('unknown-code');
      expect(await refuses('/api/v1/numbers/rounds', { gridCode: ACROSS, olderThanDays: 1.5 })).toBe('bad-input');
      expect(await refuses('/api/v1/numbers/rounds', {})).toBe('bad-input');
      await town.nothingElseWasSent();
    });

    it('before the button: who has no working channel is named, responsible persons first, and after a dead number he too', async () => {
      const forecast = async (at: string[]) => {
        const { api } = await town.officer('duty1');
        const body = { mode: 'live', kind: 'order', order: 'move-now', areaCodes: at, templateId: 'debris-flow-move-now', durationMinutes: 60 };
        return (
          await api.post<{ reach: { unreached: number; unproven: number; people: { name: string; isRung: boolean; gap: string }[] } }>(
            '/api/v1/alerts/forecast',
            body,
          )
        ).reach;
      };
      expect(await forecast([NEIGHBOUR])).toMatchObject({ unreached: 1, people: [{ name: '演示庚', isRung: true, gap: 'no-channel' }] });
      expect(await forecast([DASUO])).toMatchObject({ unreached: 0, people: [] });
      await policy({ perMinute: 1 });
      await starts(DASUO);
      await town.phone('m-ayi').replies('1');
      await town.clock.pass('1 min');
      await town.phone('m-ayi').presses('1');
      for (const channel of ['sms', 'voice'] as const) town.phones.providerSays(channel, { outcome: 'failed-for-good', reason: 'provider-refused' });
      await town.clock.pass('9 min');
      expect(await forecast([DASUO])).toMatchObject({
        unreached: 2,
        people: [
          { name: '演示乙', isRung: true, gap: 'dead' },
          { name: '演示丙', isRung: false, gap: 'dead' },
        ],
      });
      expect(await town.brokenPromises()).toEqual([]);
    });
  });

  it('nobody is asked at night, whatever an officer starts', async () => {
    town = await openTown();
    await policy({}, { quietHours: { from: '21:30', to: '03:10' } });
    await starts(UPPER);
    await town.clock.pass('9 min');
    await town.nothingElseWasSent();
    await town.clock.pass('2 min');
    await town.phone('m-dao').receives(TEST);
    await town.phone('m-chun').receives(TEST);
    await town.nothingElseWasSent();
  });
});
