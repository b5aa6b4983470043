// The sender on a real database, its time and its providers in the test's hands: each message once, and nothing claimed that was not said.
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { makeIds } from '@laba/domain/ids';
import type { SendOutcome } from '@laba/domain/message';
import type { Channel, OutgoingMessage } from '@laba/runtime/channel';
import { configSchema } from '@laba/runtime/config';
import { FakeClock } from '@laba/runtime/fake-clock';
import { silentLog } from '@laba/runtime/log';
import { personalToken } from '@laba/runtime/personal-link';
import { Vault } from '@laba/runtime/vault';
import { one, type Database } from '@laba/storage/database';
import { dropMessages, queueMessages, takeMessages, type NewMessage } from '@laba/storage/messages';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { MessageSender } from './send-messages.ts';

const GROUP = '53332410120101';

describe('the sender of messages', () => {
  const vault = new Vault(createHash('sha256').update('a secret for tests').digest());
  let clock: FakeClock;
  let db: Database;
  let senders: MessageSender[];
  let asked: OutgoingMessage[];
  /** What the provider says to each asking, in turn; the last for ever. */
  let says: (SendOutcome | 'silence' | 'break')[];

  beforeEach(async () => {
    clock = new FakeClock();
    db = SqliteDatabase.open(':memory:', HOUSE);
    senders = [];
    asked = [];
    says = [{ outcome: 'sent', providerId: 'p-1' }];
    await db.atomically([
      one((q, t) =>
        q
          .insert(t.member)
          .values({ id: 'm-1', name: '演示甲', phoneCipher: vault.encrypt('10000000001'), skills: [] })
          .returning({ id: t.member.id }),
      ),
    ]);
  });
  afterEach(async () => {
    const stopped = Promise.all(senders.map((sender) => sender.stop()));
    await clock.advance(30_000);
    await stopped;
    await db.close();
  });

  const provider = (name: Channel['name'] = 'sms', perSecond?: number): Channel => ({
    name,
    ...(perSecond === undefined ? {} : { perSecond }),
    async send(message) {
      asked.push(message);
      const said = says.length > 1 ? says.shift()! : says[0]!;
      if (said === 'break') throw new Error('the adapter fell over 10000000001');
      return said === 'silence' ? new Promise<SendOutcome>(() => {}) : said;
    },
  });
  const deps = () => ({
    config: configSchema.parse({ publicUrl: 'https://laba.example' }),
    db,
    clock,
    vault,
    log: silentLog,
    ids: makeIds(() => clock.now(), randomBytes),
  });
  async function start(...channels: Channel[]): Promise<MessageSender> {
    const sender = new MessageSender(deps(), channels);
    senders.push(sender);
    await sender.start();
    await clock.settle();
    return sender;
  }
  const message = (id: string, change: Partial<NewMessage> = {}): NewMessage => ({
    id,
    alertId: null,
    purpose: 'number-check',
    subjectId: `about-${id}`,
    memberId: 'm-1',
    gridCode: GROUP,
    channel: 'sms',
    step: 1,
    urgent: false,
    facts: {},
    dueAtMs: clock.now(),
    notAfterMs: clock.now() + 3_600_000,
    changedAtMs: clock.now(),
    ...change,
  });
  async function queue(...messages: NewMessage[]): Promise<void> {
    await db.atomically(queueMessages(messages));
    await clock.settle(60);
  }
  const rows = () => db.read((q, t) => q.select().from(t.message).orderBy(t.message.id));
  const row = async (id: string) => (await db.read((q, t) => q.select().from(t.message).where(eq(t.message.id, id))))[0]!;
  const told = () => db.read((q, t) => q.select({ type: t.event.type, subjectId: t.event.subjectId, data: t.event.data }).from(t.event));

  it('sends what is due at once, what is due later at its time, each with one event and no address in it', async () => {
    await start(provider());
    await queue(message('1'), message('2', { dueAtMs: clock.now() + 90_000 }));
    expect(asked.map(({ id, to, text }) => [id, to.phone, text.includes('回复1')])).toEqual([['1', '10000000001', true]]);
    await clock.advance(90_000);
    await clock.settle(60);
    expect(asked).toHaveLength(2);
    expect(await rows()).toMatchObject([
      { id: '1', state: 'sent', providerId: 'p-1' },
      { id: '2', state: 'sent' },
    ]);
    expect((await told()).map(({ type, subjectId, data }) => [type, subjectId, data['about']])).toEqual([
      ['message.sent', '1', 'about-1'],
      ['message.sent', '2', 'about-2'],
    ]);
    expect(JSON.stringify(await told())).not.toContain('10000000001');
  });

  it('a provider that fails for now is asked again, ever later, and what it never took is failed with its reason, not sent', async () => {
    says = [{ outcome: 'failed-for-now', reason: 'provider-error' }];
    await start(provider());
    await queue(message('1'));
    expect(await row('1')).toMatchObject({ state: 'queued', reason: 'provider-error', attempts: 1 });
    expect(await told()).toEqual([]);
    await clock.advance(300_000);
    expect(asked).toHaveLength(6);
    expect(await row('1')).toMatchObject({ state: 'failed', reason: 'provider-error' });
    expect((await told()).map(({ type, data }) => [type, data['reason']])).toEqual([['message.failed', 'provider-error']]);
  });

  it("the provider's own word on when to come again is heeded", async () => {
    says = [{ outcome: 'failed-for-now', reason: 'provider-busy', afterMs: 30_000 }, { outcome: 'sent' }];
    await start(provider());
    await queue(message('1'));
    await clock.advance(29_000);
    expect(asked).toHaveLength(1);
    await clock.advance(2_000);
    expect(asked).toHaveLength(2);
    expect(await row('1')).toMatchObject({ state: 'sent', reason: null });
  });

  it('an adapter that breaks is a failure for now, and one refused for good is not asked again', async () => {
    says = ['break', { outcome: 'failed-for-good', reason: 'provider-refused' }];
    await start(provider());
    await queue(message('1'));
    expect(await row('1')).toMatchObject({ state: 'queued', reason: 'channel-broke' });
    await clock.advance(60_000);
    expect(asked).toHaveLength(2);
    expect(await row('1')).toMatchObject({ state: 'failed', reason: 'provider-refused' });
  });

  it('a provider that says nothing is not asked again within the interval', async () => {
    says = ['silence', { outcome: 'sent' }];
    await start(provider());
    await queue(message('1'));
    await clock.advance(79_000);
    expect(asked).toHaveLength(1);
    expect(await row('1')).toMatchObject({ state: 'queued', reason: 'no-answer' });
    await clock.advance(2_000);
    await clock.settle(60);
    expect(await row('1')).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('a sender that died with a message in hand costs the interval, and never a second sending within it', async () => {
    await db.atomically(queueMessages([message('1')]));
    await takeMessages(db, [{ channel: 'sms', urgent: false, limit: 1 }], clock.now(), 60_000);
    await start(provider());
    await clock.advance(59_000);
    expect(asked).toHaveLength(0);
    await clock.advance(2_000);
    await clock.settle(60);
    expect(asked).toHaveLength(1);
    expect(await row('1')).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('without a provider, without a number, or past its time a message ends with the reason', async () => {
    await start(provider());
    await queue(
      message('1', { channel: 'voice' }),
      message('2', { memberId: 'm-unknown' }),
      message('3', { notAfterMs: clock.now() - 1 }),
      message('4', { channel: 'wecom', memberId: null }),
      message('5', { channel: 'email' }),
    );
    expect((await rows()).map(({ id, state, reason }) => [id, state, reason])).toEqual([
      ['1', 'failed', 'no-channel'],
      ['2', 'failed', 'no-address'],
      ['3', 'expired', 'too-late'],
      ['4', 'failed', 'no-channel'],
      ['5', 'failed', 'no-channel'],
    ]);
    expect((await told()).map(({ type }) => type).toSorted()).toEqual(['message.expired', ...Array(4).fill('message.failed')]);
    expect(asked).toEqual([]);
  });

  it('a call that its sender took while the alert ended goes to nobody', async () => {
    const times = { startTimeMs: clock.now(), endTimeMs: clock.now() + 60_000 };
    const subject = { mode: 'live', kind: 'order', order: 'move-now', eventCode: '11D00', draftedBy: 'o-1' } as const;
    const sound = { siren: false, playTimes: 1, intervalSeconds: 60, volume: 80, ...times };
    const revision = { alertId: 'a', revision: 1, ...subject, ...sound, issuer: '演示县', texts: [], endTexts: [], cancelTexts: [], areaCodes: [GROUP] };
    await db.atomically([
      one((q, t) =>
        q
          .insert(t.alert)
          .values({ id: 'a', ...subject, state: 'ended', revision: 1, createdAtMs: clock.now(), endTimeMs: times.endTimeMs })
          .returning({ id: t.alert.id }),
      ),
      one((q, t) =>
        q
          .insert(t.alertRevision)
          .values({ ...revision, raisedAtMs: clock.now() })
          .returning({ id: t.alertRevision.alertId }),
      ),
    ]);
    await start(provider());
    await queue(message('1', { purpose: 'call', alertId: 'a' }), message('2', { purpose: 'told', alertId: 'a', facts: { about: 'over' } }));
    expect(await rows()).toMatchObject([
      { id: '1', state: 'unneeded', reason: 'alert-over' },
      { id: '2', state: 'sent' },
    ]);
    expect(asked.map(({ id }) => id)).toEqual(['2']);
  });

  it('a test of a number that waits when an alert is raised goes to nobody, but a test of the path holds none up', async () => {
    const alert = { kind: 'order', order: 'move-now', eventCode: '11D00', draftedBy: 'o-1', state: 'raised', revision: 1 } as const;
    const raised = (id: string, mode: 'live' | 'drill' | 'test') =>
      one((q, t) =>
        q
          .insert(t.alert)
          .values({ id, ...alert, mode, createdAtMs: clock.now(), endTimeMs: clock.now() + 60_000 })
          .returning({ id: t.alert.id }),
      );
    await start(provider());
    await db.atomically([raised('a', 'test')]);
    await queue(message('1'));
    await db.atomically([raised('b', 'drill')]);
    await queue(message('2'), message('3', { purpose: 'told' }));
    expect((await rows()).map(({ id, state, reason }) => [id, state, reason])).toEqual([
      ['1', 'sent', null],
      ['2', 'unneeded', 'alert-on'],
      ['3', 'sent', null],
    ]);
    expect(asked.map(({ id }) => id).toSorted()).toEqual(['1', '3']);
  });

  it("a call holds the member's own link", async () => {
    await start(provider());
    const call = '0197c000-0000-7000-8000-000000000001-17';
    await queue(message('1', { purpose: 'call', subjectId: call }));
    expect(asked[0]?.link).toBe(`https://laba.example/m/${personalToken(vault, 'call', call)}`);
  });

  it('a clock that is set back costs no message its time', async () => {
    await start(provider());
    await queue(message('1', { dueAtMs: clock.now() + 60_000 }));
    clock.set(clock.now() - 3_600_000);
    await clock.advance(95_000);
    await clock.settle(60);
    expect(await row('1')).toMatchObject({ state: 'sent' });
  });

  it('two senders on one table send each message once', async () => {
    await start(provider());
    await start(provider());
    await queue(...Array.from({ length: 300 }, (_, i) => message(`m-${i}`)));
    await clock.advance(1_000);
    expect(asked.map(({ id }) => id).toSorted()).toEqual((await rows()).map(({ id }) => id));
    expect((await told()).length).toBe(300);
  });

  it('the rate of a provider holds for what can wait, and never for what is urgent', async () => {
    await start(provider('sms', 2));
    await queue(...Array.from({ length: 5 }, (_, i) => message(`n-${i}`)), ...Array.from({ length: 20 }, (_, i) => message(`u-${i}`, { urgent: true })));
    expect(asked.filter(({ urgent }) => urgent)).toHaveLength(20);
    expect(asked.filter(({ urgent }) => !urgent).length).toBeLessThanOrEqual(2);
    await clock.advance(20_000);
    expect(asked).toHaveLength(25);
  });

  it('the rate of a provider holds for all processes together', async () => {
    for (let i = 0; i < 3; i++) await start(provider('sms', 2));
    await queue(...Array.from({ length: 12 }, (_, i) => message(`n-${i}`)), message('u', { urgent: true }));
    expect(asked.filter(({ urgent }) => urgent)).toHaveLength(1);
    for (let second = 1; second <= 6; second++) {
      expect(asked.filter(({ urgent }) => !urgent).length).toBeLessThanOrEqual(2 * second);
      await clock.advance(1_000);
    }
    await clock.advance(2_000);
    expect(asked).toHaveLength(13);
  });

  it('a rate below one in a second is one too', async () => {
    await start(provider('sms', 0.25));
    await queue(message('1'), message('2'));
    await clock.advance(3_900);
    expect(asked).toHaveLength(1);
    await clock.advance(200);
    expect(asked).toHaveLength(2);
  });

  it('slow ordinary messages leave room for urgent ones', async () => {
    says = ['silence'];
    await start(provider());
    await queue(...Array.from({ length: 60 }, (_, i) => message(`n-${i}`)));
    expect(asked).toHaveLength(32);
    says = [{ outcome: 'sent' }];
    await queue(message('u', { urgent: true }));
    expect(await row('u')).toMatchObject({ state: 'sent' });
  });

  it('what was dropped while it waited is never sent', async () => {
    await start(provider());
    await queue(message('1', { dueAtMs: clock.now() + 5_000 }));
    await db.atomically([dropMessages({ subjectIds: ['about-1'], nowMs: clock.now() })]);
    await clock.advance(60_000);
    expect(asked).toEqual([]);
  });
});
