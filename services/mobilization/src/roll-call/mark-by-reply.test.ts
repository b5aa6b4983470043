// Chapter 5, roll-call: short messages mark the list, as far as their sender may; what is not clear marks nobody and is said back.
import { beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { any } from '@laba/storage/database';
import { queueMessages } from '@laba/storage/messages';
import { COUNTY, GROUP_A, GROUP_B, Town } from '../town.test-kit.ts';

describe('marks by short message', () => {
  let town: Town;
  let alertId: string;
  let sent = 0;
  beforeEach(async () => {
    town = await Town.found();
    await town.member('m1', [GROUP_A]);
    await town.member('m2', [GROUP_B]);
    await town.household('h01', GROUP_A, ['p1', 'p2']);
    await town.household('h02', GROUP_A, ['p3']);
    await town.household('h65', GROUP_B, []);
    await town.place('pl1', GROUP_A, 6);
    await town.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.household)
          .set({ phoneHash: town.deps.vault.hash('phone', '13800000011') })
          .where(eq(t.household.id, 'h01'))
          .returning({ id: t.household.id }),
      ),
    ]);
    alertId = await town.raised([COUNTY]);
    await town.callMembers(alertId, [COUNTY]);
    await town.freeze(alertId, [COUNTY]);
    await town.react('mobilization.assign-doors', 'rollcall.frozen', alertId, {});
  });

  /** A message as dispatch has taken it in; `again`: the job runs once more. */
  const sms = async (from: { memberId?: string; phone?: string; messageId?: string }, words: string, channel: 'sms' | 'voice' = 'sms', again = 0) => {
    const id = `in-${sent++}`;
    const row = {
      id,
      channel,
      providerId: id,
      fromCipher: from.phone === undefined ? null : town.deps.vault.encrypt(from.phone),
      memberId: from.memberId ?? null,
      gridCode: COUNTY,
      messageId: from.messageId ?? null,
      wordsCipher: town.deps.vault.encrypt(words),
      receivedAtMs: town.clock.now(),
    };
    await town.deps.db.atomically([any((q, t) => q.insert(t.inboundMessage).values(row).returning({ id: t.inboundMessage.id }))]);
    for (let run = 0; run <= again; run++)
      await town.react('mobilization.mark-by-reply', 'message.replied', id, { channel, messageId: null, memberId: row.memberId });
    return id;
  };
  const stands = async (...ids: string[]) => {
    const rows = await town.listed();
    return ids.map((id) => rows.find(({ personId }) => personId === id)!).map(({ status, means, markedBy }) => [status, means, markedBy]);
  };
  const status = async (...ids: string[]) => (await stands(...ids)).map(([one]) => one);
  const saidBack = () => town.deps.db.read((q, t) => q.select().from(t.message).where(eq(t.message.purpose, 'roll-call')));

  it('a helper names the number on the door; all behind it are marked, once, with his name, by SMS', async () => {
    await sms({ memberId: 'm1' }, '户０１齐。', 'sms', 1);
    expect(await stands('p1', 'p2', 'p3')).toEqual([
      ['moved', 'sms', 'member:m1'],
      ['moved', 'sms', 'member:m1'],
      ['unreached', null, null],
    ]);
    expect((await town.events('person.marked')).map(({ who }) => who)).toEqual(['member:m1', 'member:m1']);
    await sms({ memberId: 'm2' }, '65 moved 👍');
    expect(await stands('head:h65')).toEqual([['moved', 'sms', 'member:m2']]);
    expect(await saidBack()).toEqual([]);
  });

  it('a door that is not his is named back to him, the others of the message count', async () => {
    const id = await sms({ memberId: 'm1' }, '01 02 齐 65 不走');
    expect(await status('p1', 'p3', 'head:h65')).toEqual(['moved', 'moved', 'unreached']);
    expect(await saidBack()).toMatchObject([{ subjectId: id, memberId: 'm1', channel: 'sms', facts: { notFound: '65' }, state: 'queued' }]);
  });

  it('of two doors with one number neither is marked by a guess', async () => {
    await town.household('x1', GROUP_A, ['px']);
    await town.deps.db.atomically([
      any((q, t) => q.update(t.household).set({ doorplate: '后排01' }).where(eq(t.household.id, 'x1')).returning({ id: t.household.id })),
    ]);
    await town.freeze(alertId, [COUNTY], 2);
    await town.react('mobilization.assign-doors', 'rollcall.frozen', alertId, {});
    await sms({ memberId: 'm1' }, '1 齐');
    expect(await status('p1', 'px')).toEqual(['unreached', 'unreached']);
    await sms({ memberId: 'm1' }, '后排01 齐');
    expect(await status('p1', 'px')).toEqual(['unreached', 'moved']);
  });

  it('a household’s own telephone speaks for that household, by word or key, and for no other', async () => {
    await sms({ phone: '13800000011' }, '１');
    expect(await stands('p1', 'p2', 'p3')).toEqual([
      ['safe', 'sms', 'household:h01'],
      ['safe', 'sms', 'household:h01'],
      ['unreached', null, null],
    ]);
    await town.clock.advance(1);
    await sms({ phone: '13800000011' }, '求助！！');
    expect(await stands('p1')).toEqual([['needs-help', 'sms', 'household:h01']]);
    await sms({ phone: '13800000011' }, '02 齐');
    expect(await status('p3')).toEqual(['unreached']);
  });

  it('a key that answers the test of his number says nothing of his household; his word does', async () => {
    const about = { alertId: null, purpose: 'number-check', subjectId: 'number sms m9', memberId: 'm9', gridCode: GROUP_A, channel: 'sms' } as const;
    const times = { dueAtMs: 0, notAfterMs: town.clock.now() + 60_000, changedAtMs: 0 };
    await town.deps.db.atomically(queueMessages([{ id: 'test-1', ...about, step: 1, urgent: false, facts: {}, ...times }]));
    await sms({ phone: '13800000011', messageId: 'test-1' }, '1');
    expect(await status('p1')).toEqual(['unreached']);
    await sms({ phone: '13800000011', messageId: 'test-1' }, '安全');
    expect(await status('p1')).toEqual(['safe']);
  });

  it('a key from a helper’s telephone answers his call, and says nothing of his household; his word does', async () => {
    await sms({ memberId: 'm1', phone: '13800000011' }, '1');
    expect(await status('p1')).toEqual(['unreached']);
    await sms({ memberId: 'm1', phone: '13800000011' }, '安全');
    expect(await stands('p1')).toMatchObject([['safe', 'sms', 'household:h01']]);
  });

  it('what was marked after the message had come in stands, however late its job runs', async () => {
    const id = await sms({ phone: '13800000011' }, '你好');
    await town.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.inboundMessage)
          .set({ wordsCipher: town.deps.vault.encrypt('安全') })
          .where(eq(t.inboundMessage.id, id))
          .returning({ id: t.inboundMessage.id }),
      ),
    ]);
    await town.clock.advance(60_000);
    const said = { status: 'missing', means: 'radio', version: 1 };
    await town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alertId}/rollcall/persons/p1/mark`, ...town.as('county'), payload: said });
    await town.react('mobilization.mark-by-reply', 'message.replied', id, { channel: 'sms', messageId: null, memberId: null });
    expect(await status('p1', 'p2')).toEqual(['missing', 'safe']);
  });

  it('nobody is marked by strangers, by talk, by a voice call’s key, or when the alert is over', async () => {
    await sms({ phone: '13900000000' }, '安全');
    await sms({}, '安全');
    await sms({ memberId: 'm1' }, '张三家已经走了');
    await sms({ phone: '13800000011' }, '1', 'voice');
    await town.over(alertId, 'ended');
    await sms({ memberId: 'm1' }, '01 齐');
    await sms({ phone: '13800000011' }, '安全');
    expect(await town.events('person.marked')).toEqual([]);
  });

  it('a place that tells tonight’s number corrects what is expected there, and reopens what was complete', async () => {
    const told = (headCount: number) => town.react('mobilization.correct-expected', 'place.head-count-told', 'pl1', { headCount });
    const places = async () =>
      (await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/rollcall/places`, ...town.as('county') })).json<{
        places: { expected: number; isExpectedOld: boolean; expectedAt: string | null; version: number }[];
      }>().places;
    expect(await places()).toMatchObject([{ expected: 6, isExpectedOld: true, expectedAt: null }]);
    await town.clock.advance(1);
    await told(9);
    expect(await places()).toMatchObject([{ expected: 9, isExpectedOld: false, version: 2 }]);
    await town.clock.advance(25 * 3_600_000);
    expect(await places()).toMatchObject([{ expected: 9, isExpectedOld: true }]);
    expect((await town.events('place.expected')).map(({ data }) => data)).toEqual([{ expected: 9, was: 6 }]);
  });
});
