// Chapter 4, the county's side: what gateways report, and that they are there.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { HEARTBEAT_MS, OWN_VOICES, SILENCE_CHECK_MS, SILENT_AFTER_MS, topics } from '@laba/domain/gateway-protocol';
import { any } from '@laba/storage/database';
import { PowerWatch } from './watch-power.ts';
import { COUNTY, GROUP, OTHER_VILLAGE, TestCounty, VILLAGE } from './county.test-kit.ts';

let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
});
afterEach(() => county.close());

async function raised(): Promise<void> {
  await county.raise();
  await county.clock.advance(1_100);
}

describe('reports', () => {
  it('moves the delivery and writes one row per report, with what it proves about the speaker', async () => {
    await raised();
    const endTime = new Date(county.clock.now() - 5_000).toISOString();
    await county.report(
      'gw-1',
      { speakerId: 'sp-1', state: 'received' },
      { speakerId: 'sp-1', state: 'playing', repeat: 1 },
      { speakerId: 'sp-1', state: 'played', repeat: 1, endTime },
      { speakerId: 'sp-1', state: 'sounded', repeat: 1, soundedLevelDb: 88.5 },
    );
    const [delivery] = (await county.deliveries()).filter((row) => row.speakerId === 'sp-1');
    expect(delivery).toMatchObject({ state: 'sounded', repeat: 1, soundedLevelDb: 88.5 });
    const types = (await county.db.read((q, t) => q.select().from(t.event).where(eq(t.event.subjectId, 'alert-1:1:a:sp-1')))).map((row) => row.type);
    expect(types).toEqual(['delivery.sent', 'delivery.received', 'delivery.playing', 'delivery.played', 'delivery.sounded']);
    expect(await county.events('delivery.played')).toMatchObject([
      { who: 'gateway:gw-1', via: 'mqtt', alertId: 'alert-1', gridCode: GROUP, data: { repeat: 1, purpose: 'alert', revision: 1, endTime } },
    ]);
    const [status] = await county.db.read((q, t) => q.select().from(t.speakerStatus));
    expect(status).toMatchObject({ speakerId: 'sp-1', player: 'ok', lastReceivedAtMs: county.clock.now(), lastSoundedAtMs: county.clock.now() });
    expect(await county.held('gw-1')).toBe(4);
  });

  it('counts a report once however often it comes', async () => {
    await raised();
    const report = county.nextReport('gw-1', { speakerId: 'sp-1', state: 'received' });
    await Promise.all([county.send('gw-1', [report]), county.send('gw-1', [report, report]), county.send('gw-1', [report])]);
    await county.send('gw-1', [report]);
    expect(await county.events('delivery.received')).toHaveLength(1);
    expect(await county.held('gw-1')).toBe(1);
  });

  it('tells at once what is held when a report comes again, and not otherwise', async () => {
    await raised();
    const report = county.nextReport('gw-1', { speakerId: 'sp-1', state: 'received' });
    await county.send('gw-1', [report]);
    expect(county.heard('gateway/gw-1/cmd')).toEqual([]);
    await county.send('gw-1', [report, county.nextReport('gw-1', { speakerId: 'sp-1', state: 'playing', repeat: 1 })]);
    expect(county.heard('gateway/gw-1/cmd')).toMatchObject([{ type: 'held', body: { journalId: 'journal-1', reportsHeldUpTo: 2 } }]);
  });

  it('never goes back when reports come out of order, and says which came late', async () => {
    await raised();
    await county.report('gw-1', { speakerId: 'sp-1', state: 'playing', repeat: 2, number: 3 });
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received', number: 1 });
    await county.report('gw-1', { speakerId: 'sp-1', state: 'played', repeat: 1, number: 2 });
    expect(await county.states()).toMatchObject({ 'sp-1': 'playing' });
    expect(await county.events('delivery.received')).toMatchObject([{ data: { late: true } }]);
    expect(await county.events('delivery.played')).toMatchObject([{ data: { late: true, repeat: 1 } }]);
    expect((await county.events('delivery.playing'))[0]!.data).not.toHaveProperty('late');
  });

  it('does not undo what was accepted when a replay of it is refused', async () => {
    await raised();
    await county.report('gw-1', { speakerId: 'sp-1', state: 'playing', repeat: 1 });
    await county.report('gw-1', { speakerId: 'sp-1', state: 'refused', reason: 'replay' });
    expect(await county.states()).toMatchObject({ 'sp-1': 'playing' });
    expect(await county.events('delivery.refused')).toMatchObject([{ alertId: 'alert-1', data: { reason: 'replay', late: true } }]);
  });

  it('writes a refusal to the timeline also when no such delivery exists', async () => {
    await county.report('gw-1', { speakerId: 'sp-1', state: 'refused', reason: 'signature', alertId: 'unknown', revision: 0 });
    expect(await county.events('delivery.refused')).toMatchObject([{ alertId: null, subjectId: 'sp-1', gridCode: GROUP, data: { reason: 'signature' } }]);
  });

  it('ignores what a gateway says of a speaker that is not its own, and still holds the number', async () => {
    await raised();
    await county.report('gw-1', { speakerId: 'sp-3', state: 'received' }, { speakerId: 'nobody', state: 'received' }, { speakerId: 'sp-1', state: 'received' });
    expect(await county.states()).toMatchObject({ 'sp-3': 'sent', 'sp-1': 'received' });
    expect(await county.events('delivery.received')).toHaveLength(1);
    expect(await county.held('gw-1')).toBe(3);
  });

  it('ignores a gateway that is unknown or was revoked', async () => {
    await raised();
    await county.db.atomically([any((q, t) => q.update(t.gateway).set({ status: 'revoked' }).where(eq(t.gateway.id, 'gw-1')).returning({ id: t.gateway.id }))]);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received' });
    await county.report('stranger', { speakerId: 'sp-1', state: 'received' });
    expect(await county.states()).toMatchObject({ 'sp-1': 'sent' });
    expect(await county.held('gw-1')).toBeUndefined();
  });

  it('holds only the unbroken run of numbers, and jumps when the gap is filled', async () => {
    await raised();
    const received = (number: number) => county.report('gw-1', { speakerId: 'sp-1', state: 'received', number });
    await received(1);
    await received(3);
    await received(4);
    await received(6);
    expect(await county.held('gw-1')).toBe(1);
    // A resend brings the missing one together with what is held already.
    await county.report('gw-1', ...[2, 3, 4].map((number) => ({ speakerId: 'sp-1', state: 'received' as const, number })));
    expect(await county.held('gw-1')).toBe(4);
    expect(await county.events('delivery.received')).toHaveLength(5);
    await county.restart();
    await received(5);
    expect(await county.held('gw-1')).toBe(6);
  });

  it('counts a new journal from its own beginning', async () => {
    await raised();
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received' }, { speakerId: 'sp-1', state: 'playing', repeat: 1 });
    await county.send('gw-1', [{ ...county.nextReport('gw-1', { speakerId: 'sp-1', state: 'played', repeat: 1 }), number: 1 }], 'journal-2');
    expect(await county.held('gw-1')).toBe(1);
    expect(await county.states()).toMatchObject({ 'sp-1': 'played' });
  });

  it('is not held up by one report it cannot read, nor by a message that makes no sense', async () => {
    await raised();
    const topic = topics.gatewayReport(COUNTY, 'gw-1');
    await county.mqtt.deliver(topic, 'not json');
    await county.mqtt.deliver(topic, { journalId: 'journal-1', reports: [] });
    await county.mqtt.deliver(topic, {
      journalId: 'journal-1',
      reports: [{ number: 1, state: 'sang', speakerId: 'sp-1' }, county.nextReport('gw-1', { speakerId: 'sp-1', state: 'received', number: 2 })],
    });
    expect(await county.states()).toMatchObject({ 'sp-1': 'received' });
    expect(await county.held('gw-1')).toBe(2);
  });

  it('decides again when the delivery moved between the look and the commit', async () => {
    await raised();
    const touch = any((q, t) => q.update(t.delivery).set({ version: 9 }).where(eq(t.delivery.speakerId, 'sp-1')).returning({ id: t.delivery.id }));
    await Promise.all([county.db.atomically([touch]), county.report('gw-1', { speakerId: 'sp-1', state: 'received' })]);
    expect(await county.states()).toMatchObject({ 'sp-1': 'received' });
    expect(await county.events('delivery.received')).toHaveLength(1);
  });

  it('says when a player failed and when it was mended, once each', async () => {
    await raised();
    await county.report('gw-1', { speakerId: 'sp-1', state: 'failed', reason: 'no sound card' });
    await county.report('gw-1', { speakerId: 'sp-1', state: 'failed', reason: 'no sound card' });
    await county.heartbeat('gw-1', { speakers: [{ speakerId: 'sp-1', player: 'failed' }] });
    await county.report('gw-1', { speakerId: 'sp-1', state: 'playing', repeat: 1 }, { speakerId: 'sp-1', state: 'played', repeat: 1 });
    expect(await county.events('speaker.failed')).toMatchObject([{ subjectId: 'sp-1', data: { siteId: 'site-gw-1', reason: 'no sound card' } }]);
    expect(await county.events('speaker.mended')).toHaveLength(1);
    expect(await county.states()).toMatchObject({ 'sp-1': 'played' });
  });

  it('lets nothing that it took fall when it stops', async () => {
    await raised();
    void county.report('gw-1', { speakerId: 'sp-1', state: 'received' });
    void county.report('gw-1', { speakerId: 'sp-1', state: 'playing', repeat: 1 });
    await county.service.stop?.();
    expect(await county.states()).toMatchObject({ 'sp-1': 'playing' });
    expect(await county.held('gw-1')).toBe(2);
  });

  it('takes a burst of every gateway and commits together', async () => {
    await county.close();
    const gateways = Array.from({ length: 300 }, (_, i) => ({ id: `g-${i}`, gridCode: VILLAGE, speakers: [`s-${i}`] }));
    county = await TestCounty.open(gateways);
    await raised();
    let commits = 0;
    const stop = county.db.onCommit(() => void (commits += 1));
    await Promise.all(gateways.map((one, i) => county.report(one.id, { speakerId: `s-${i}`, state: 'received' })));
    stop();
    expect(Object.values(await county.states()).every((state) => state === 'received')).toBe(true);
    expect(commits).toBeLessThan(10);
  });
});

describe('heartbeats and silence', () => {
  it('notes a site, tells it what is held with a signed answer, and writes nothing more while all is well', async () => {
    await raised();
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received' });
    await county.heartbeat('gw-1');
    await county.heartbeat('gw-1');
    expect(county.heard('gateway/gw-1/cmd')).toMatchObject([
      { type: 'held' },
      { type: 'held', mode: 'live', iat: county.clock.now() / 1000, scope: [GROUP], body: { journalId: 'journal-1', reportsHeldUpTo: 1, highestSeq: 1 } },
    ]);
    expect(await county.isOnline('gw-1')).toBe(true);
    expect(await county.events('site.back')).toEqual([]);
  });

  it('tells a gateway only of commands that were meant for it', async () => {
    await county.raise({ areaCodes: [OTHER_VILLAGE] });
    await county.clock.advance(1_000);
    await county.heartbeat('gw-1');
    await county.heartbeat('gw-3');
    expect(county.heard('gateway/gw-1/cmd')).toMatchObject([{ body: { highestSeq: 0 } }]);
    expect(county.heard('gateway/gw-3/cmd')).toMatchObject([{ body: { highestSeq: 1 } }]);
  });

  it('knows a site as silent at its last will, and as back at its next heartbeat', async () => {
    await county.heartbeat('gw-1', { bootCounter: 3 });
    await county.heartbeat('gw-1', { state: 'lost', bootCounter: 2 });
    expect(await county.isOnline('gw-1')).toBe(true);
    await county.heartbeat('gw-1', { state: 'lost', bootCounter: 3 });
    await county.heartbeat('gw-1', { state: 'lost', bootCounter: 3 });
    expect(await county.events('site.silent')).toMatchObject([{ subjectId: 'gw-1', gridCode: GROUP, data: { how: 'last-will', siteId: 'site-gw-1' } }]);
    await county.heartbeat('gw-1', { bootCounter: 4 });
    expect(await county.events('site.back')).toMatchObject([{ subjectId: 'gw-1', data: { bootCounter: 4 } }]);
  });

  it('notices within 90 s that a site went silent without a will', async () => {
    expect(SILENT_AFTER_MS + SILENCE_CHECK_MS).toBeLessThanOrEqual(90_000);
    await county.clock.advance(SILENT_AFTER_MS);
    await county.heartbeat('gw-1');
    await county.heartbeat('gw-2');
    const lastSeenMs = county.clock.now();
    for (let beats = 0; beats < 5; beats++) {
      await county.clock.advance(HEARTBEAT_MS);
      await county.heartbeat('gw-2');
    }
    const [silent, ...more] = await county.events('site.silent');
    expect(more).toEqual([]);
    expect(silent).toMatchObject({ subjectId: 'gw-1', data: { how: 'no-heartbeat', lastSeenMs } });
    expect(silent!.atMs - lastSeenMs).toBeLessThanOrEqual(90_000);
    expect(county.service.degraded?.()).toEqual(['sites: 1 gateways silent']);
    await county.heartbeat('gw-1');
    await county.clock.advance(SILENCE_CHECK_MS);
    expect(county.service.degraded?.()).toEqual([]);
  });

  it('expects no word of a gateway that was revoked: the silence of a box that was replaced alarms nobody', async () => {
    await county.heartbeat('gw-1');
    await county.db.atomically([any((q, t) => q.update(t.gateway).set({ status: 'revoked' }).where(eq(t.gateway.id, 'gw-1')).returning({ id: t.gateway.id }))]);
    await county.clock.advance(3 * SILENT_AFTER_MS);
    expect(await county.events('site.silent')).toEqual([]);
  });

  it('gives everybody the full time after the county was restarted', async () => {
    await county.heartbeat('gw-1');
    await county.heartbeat('gw-2');
    await county.relay.stop();
    await county.service.stop?.();
    county.clock.set(county.clock.now() + 3_600_000);
    await county.restart();
    await county.clock.advance(SILENT_AFTER_MS - 1);
    expect(await county.events('site.silent')).toEqual([]);
    await county.heartbeat('gw-2');
    await county.clock.advance(SILENCE_CHECK_MS + 1);
    expect(await county.events('site.silent')).toMatchObject([{ subjectId: 'gw-1' }]);
  });

  it.each([3_600_000, -3_600_000])('blames no site for a clock that was stepped by %i ms, and still notices the one that is silent', async (stepMs) => {
    await county.heartbeat('gw-1');
    await county.heartbeat('gw-2');
    await county.clock.advance(SILENT_AFTER_MS - 5_000);
    await county.heartbeat('gw-1');
    await county.heartbeat('gw-2');
    county.clock.set(county.clock.now() + stepMs);
    await county.clock.advance(HEARTBEAT_MS);
    await county.heartbeat('gw-2');
    await county.clock.advance(HEARTBEAT_MS);
    expect(await county.events('site.silent')).toEqual([]);
    await county.heartbeat('gw-2');
    await county.clock.advance(SILENT_AFTER_MS - HEARTBEAT_MS);
    expect(await county.events('site.silent')).toMatchObject([{ subjectId: 'gw-1' }]);
  });

  it('blames the broker and not the sites while the broker is away', async () => {
    await county.heartbeat('gw-1');
    await county.clock.advance(60_000);
    county.mqtt.setOnline(false);
    await county.clock.advance(300_000);
    expect(await county.events('site.silent')).toEqual([]);
    expect(county.service.degraded?.()[0]).toMatch(/^broker: away/);
    county.mqtt.setOnline(true);
    await county.clock.advance(SILENT_AFTER_MS - 5_000);
    expect(await county.events('site.silent')).toEqual([]);
    await county.clock.advance(20_000);
    expect(await county.events('site.silent')).toHaveLength(1);
  });

  it('does not answer while the line is down, and takes the heartbeat all the same', async () => {
    county.mqtt.online = false;
    await county.heartbeat('gw-1');
    expect(await county.isOnline('gw-1')).toBe(true);
    expect(county.mqtt.published).toEqual([]);
  });
});

describe('power', () => {
  it('counts who is heard and on battery, and apart whose battery soon ends', async () => {
    const watch = new PowerWatch(county.deps);
    await county.heartbeat('gw-1', { power: { source: 'battery', hoursLeft: 1.9 } });
    await county.heartbeat('gw-2', { power: { source: 'battery', batteryPercent: 80 } });
    await county.heartbeat('gw-3', { power: { source: 'mains' } });
    await watch.check();
    expect(watch.degraded()).toEqual(['power: 1 gateways have battery for less than 2 h', 'power: 1 gateways on battery']);
    await county.heartbeat('gw-1', { state: 'lost', power: { source: 'battery' } });
    await county.heartbeat('gw-2');
    await watch.check();
    expect(watch.degraded()).toEqual([]);
  });
});

describe('what was spoken at the box itself', () => {
  it('is in the timeline with its times, each once, and proves nothing of the county’s own words', async () => {
    await raised();
    const [startTime, endTime] = ['2026-07-01T00:00:01.000Z', '2026-07-01T00:00:13.000Z'];
    const spoken = county.nextReport('gw-1', { speakerId: 'sp-1', state: 'played', alertId: OWN_VOICES.microphone, revision: 0, startTime, endTime });
    const failed = county.nextReport('gw-1', { speakerId: 'sp-1', state: 'failed', alertId: OWN_VOICES.alarm, revision: 0, reason: 'no such device' });
    await county.send('gw-1', [spoken, failed]);
    await county.send('gw-1', [spoken, failed]);
    expect(await county.events('speaker.voice-used')).toMatchObject([
      { who: 'gateway:gw-1', gridCode: GROUP, subjectId: 'sp-1', alertId: null, data: { voice: 'microphone', startTime, endTime } },
      { data: { voice: 'alarm', reason: 'no such device' } },
    ]);
    expect(await county.events('delivery.played')).toEqual([]);
    expect((await county.states())['sp-1']).toBe('sent');
    expect(await county.held('gw-1')).toBe(2);
  });
});
