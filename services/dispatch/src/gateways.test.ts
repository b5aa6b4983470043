// Chapter 4, the county's side: what gateways report, that they are there, and what they are told when they ask.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { HEARTBEAT_MS, SILENCE_CHECK_MS, SILENT_AFTER_MS, topics, type SignedSnapshot } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { any } from '@laba/storage/database';
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

function snapshots(gatewayId: string): SignedSnapshot[] {
  return county.heard(`gateway/${gatewayId}/cmd`).filter((one) => one.type === 'snapshot');
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

describe('hello', () => {
  it('of many in one round: each is told what goes on at its own place, and of each end once', async () => {
    await county.raise({ alertId: 'here', areaCodes: [VILLAGE] });
    await county.raise({ alertId: 'there', areaCodes: [OTHER_VILLAGE] });
    await county.raise({ alertId: 'past', areaCodes: [OTHER_VILLAGE] });
    await county.raise({ alertId: 'everywhere', areaCodes: [VILLAGE, OTHER_VILLAGE, GROUP] });
    await county.raise({ alertId: 'moving', areaCodes: [VILLAGE, OTHER_VILLAGE] });
    await county.clock.advance(2_000);
    await county.update('moving', 2, [VILLAGE]);
    await county.over('everywhere', 'ended');
    await county.over('past', 'cancelled');
    await county.clock.advance(2_000);
    // The first is answered alone; who asks meanwhile is answered together.
    await Promise.all(['gw-2', 'gw-1', 'gw-3'].map((id) => county.hello(id, `n-${id}`)));
    const told = (gatewayId: string) => {
      const { commands, tombstones } = snapshots(gatewayId).at(-1)!.body;
      const plays = commands.map((wire) => county.opened(wire)).map((one) => (one.type === 'command' ? one.alertId : one.type));
      return [plays.toSorted(), tombstones.map((one) => `${one.alertId} ${one.reason}`).toSorted()];
    };
    expect(told('gw-1')).toEqual([['here', 'moving'], ['everywhere ended']]);
    expect(told('gw-3')).toEqual([['there'], ['everywhere ended', 'moving superseded', 'past cancelled']]);
  });

  it('answers with what is active here, what is over here, and what is held', async () => {
    await county.raise({ alertId: 'here', areaCodes: [VILLAGE] });
    await county.raise({ alertId: 'elsewhere', areaCodes: [OTHER_VILLAGE] });
    await county.raise({ alertId: 'over', areaCodes: [GROUP] });
    await county.raise({ alertId: 'gone-from-here', areaCodes: [VILLAGE] });
    await county.clock.advance(1_000);
    await county.over('over', 'cancelled');
    await county.quieten('here');
    await county.update('gone-from-here', 2, [OTHER_VILLAGE]);
    await county.clock.advance(1_000);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received', alertId: 'here' });
    await county.hello('gw-1', 'nonce-1');
    const [snapshot] = snapshots('gw-1');
    expect(snapshot).toMatchObject({ mode: 'live', scope: [GROUP], body: { nonce: 'nonce-1', journalId: 'journal-1', reportsHeldUpTo: 1 } });
    expect(
      snapshot!.body.commands.map((one) => county.opened(one)).map((one) => one.type === 'command' && `${one.alertId} ${one.revision} ${one.body.action}`),
    ).toEqual(['here 1 quieten', 'here 1 play']);
    expect(snapshot!.body.tombstones.map((one) => `${one.alertId} ${one.revision} ${one.reason}`).sort()).toEqual([
      'gone-from-here 1 superseded',
      'over 1 cancelled',
    ]);
    expect(Date.parse(snapshot!.body.tombstones[0]!.until)).toBeGreaterThan(county.clock.now() + 23 * 3_600_000);
    const ownSeqs = county
      .commandsOn('/cmd')
      .filter((one) => one.scope.some((code) => GROUP.startsWith(code)))
      .map((one) => one.seq);
    expect(snapshot!.body.highestSeq).toBe(Math.max(...ownSeqs));
  });

  it('does not tell of an update that still waits for its second officer', async () => {
    await county.raise({ areaCodes: [OTHER_VILLAGE] });
    await county.clock.advance(1_000);
    await county.db.atomically([
      any((q, t) => q.insert(t.alertArea).values({ alertId: 'alert-1', revision: 2, code: VILLAGE }).returning({ code: t.alertArea.code })),
    ]);
    await county.hello('gw-1', 'n');
    expect(snapshots('gw-1')[0]!.body.tombstones).toEqual([]);
  });

  it('gives back a drill under the drill key it was signed with', async () => {
    await county.raise({ mode: 'drill' });
    await county.clock.advance(1_000);
    await county.hello('gw-1', 'n');
    expect(snapshots('gw-1')[0]!.body.commands.map((one) => county.opened(one).mode)).toEqual(['drill']);
  });

  it('forgets what has been over for more than a week', async () => {
    await county.raise();
    await county.clock.advance(1_000);
    await county.over('alert-1', 'ended');
    await county.clock.advance(1_000);
    county.clock.set(county.clock.now() + 8 * 86_400_000);
    await county.hello('gw-1', 'n');
    expect(snapshots('gw-1')[0]!.body).toMatchObject({ commands: [], tombstones: [] });
  });

  it('stays within one packet, and sends what does not fit as the commands themselves', async () => {
    const text = '请'.repeat(LIMITS.alertTextChars);
    for (let i = 0; i < 6; i++) await county.raise({ alertId: `big-${i}`, text, languages: 8 });
    await county.clock.advance(1_000);
    county.mqtt.published.length = 0;
    await county.hello('gw-1', 'n');
    const sent = county.mqtt.published;
    for (const one of sent) expect(one.payload.length + one.topic.length).toBeLessThan(LIMITS.mqttPacketBytes - 512);
    const inside = snapshots('gw-1')[0]!.body.commands.length;
    expect(inside).toBeGreaterThan(0);
    expect(sent).toHaveLength(1 + 6 - inside);
    const told = [...snapshots('gw-1')[0]!.body.commands, ...sent.slice(1).map((one) => one.payload)].map((one) => county.opened(one));
    expect(new Set(told.map((one) => one.type === 'command' && one.alertId)).size).toBe(6);
  });

  it('sends the signed stops of those tombstones that do not fit', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `over-${'x'.repeat(50)}-${i}`);
    for (const alertId of ids) {
      await county.raise({ alertId, areaCodes: [GROUP] });
      await county.over(alertId, 'cancelled');
    }
    await county.clock.advance(5_000);
    county.mqtt.published.length = 0;
    await county.hello('gw-1', 'n');
    const inside = snapshots('gw-1')[0]!.body.tombstones.map((one) => one.alertId);
    const outside = county
      .commandsOn('gateway/gw-1/cmd')
      .filter((one) => one.body.action === 'stop')
      .map((one) => one.alertId);
    expect(outside.length).toBeGreaterThan(0);
    expect(new Set([...inside, ...outside]).size).toBe(300);
    for (const one of county.mqtt.published) expect(one.payload.length).toBeLessThan(LIMITS.mqttPacketBytes - 1_024);
  });

  it('answers a hello that came several times at once with its last nonce', async () => {
    await Promise.all([county.hello('gw-1', 'one'), county.hello('gw-1', 'two'), county.hello('gw-1', 'three')]);
    expect(snapshots('gw-1').map((one) => one.body.nonce)).toEqual(['one', 'three']);
  });

  it('ignores a hello that makes no sense', async () => {
    await county.mqtt.deliver(topics.gatewayHello(COUNTY, 'gw-1'), { nonce: 5 });
    expect(county.mqtt.published).toEqual([]);
  });
});
