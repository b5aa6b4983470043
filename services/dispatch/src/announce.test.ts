// Chapter 3: from a raised alert to the broker, to each gateway that has not reported, to a named end.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { any, type Database } from '@laba/storage/database';
import { COUNTY, GROUP, OTHER_VILLAGE, TestCounty, VILLAGE } from './county.test-kit.ts';
import { freezeAudience } from './freeze-audience.ts';
import { announce } from './announce.ts';

let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
});
afterEach(() => county.close());

const AREA = `area/${COUNTY}/cmd`;
const ALL = ['sp-1', 'sp-2', 'sp-2b', 'sp-3'];
const all = (state: string) => Object.fromEntries(ALL.map((id) => [id, state]));

describe('raising an alert', () => {
  it('freezes every speaker of the area once and publishes one signed command for the whole county', async () => {
    await county.raise();
    await county.clock.advance(1_100);
    expect(await county.states()).toEqual(all('sent'));
    expect(county.mqtt.published).toHaveLength(1);
    const [command] = county.commandsOn(AREA);
    expect(command).toMatchObject({
      mode: 'live',
      alertId: 'alert-1',
      revision: 1,
      seq: 1,
      scope: [COUNTY],
      body: { action: 'play', purpose: 'alert', siren: true, stopReason: null, quietHours: null, areaCode: [COUNTY] },
    });
    expect(command!.exp).toBe(Date.parse(command!.body.endTime) / 1000);
    expect(command!.body.notAfter).toBe(command!.body.endTime);
    expect(await county.events('audience.frozen')).toMatchObject([{ data: { revision: 1, speakers: 4, superseded: 0 } }]);
    expect(await county.events('delivery.sent')).toHaveLength(4);
    expect(await county.events('command.published')).toHaveLength(1);
  });

  it('names the end of a speaker that no gateway serves at once', async () => {
    await county.addSpeakerWithoutGateway('sp-bare', VILLAGE);
    await county.raise({ areaCodes: [VILLAGE] });
    await county.clock.advance(1_100);
    expect(await county.states()).toEqual({ 'sp-1': 'sent', 'sp-2': 'sent', 'sp-2b': 'sent', 'sp-bare': 'failed no-gateway' });
    expect(await county.events('delivery.failed')).toMatchObject([{ subjectId: 'alert-1:1:a:sp-bare', data: { reason: 'no-gateway' } }]);
  });

  it('publishes one command per area, each numbered, and the drill with the drill key', async () => {
    await county.raise({ areaCodes: [VILLAGE, OTHER_VILLAGE], mode: 'drill' });
    await county.clock.advance(100);
    expect(county.mqtt.published.map((one) => one.topic).sort()).toEqual([
      `laba/v1/${COUNTY}/area/${VILLAGE}/cmd`,
      `laba/v1/${COUNTY}/area/${OTHER_VILLAGE}/cmd`,
    ]);
    const seqs = county
      .commandsOn('/cmd')
      .map((one) => one.seq)
      .sort();
    expect(seqs).toEqual([1, 2]);
    const header = JSON.parse(Buffer.from(county.mqtt.published[0]!.payload.split('.')[0]!, 'base64url').toString()) as { kid: string };
    expect(header.kid).toBe(`${COUNTY}-drill`);
    expect(county.commandsOn('/cmd')[0]).toMatchObject({
      mode: 'drill',
      body: { siren: false, quietHours: { from: '21:30', to: '07:00', utcOffsetMinutes: 480 } },
    });
  });

  it('never gives words to a test', async () => {
    await county.raise({ mode: 'test' });
    await county.clock.advance(100);
    expect(county.commandsOn(AREA)[0]).toMatchObject({ mode: 'test', body: { texts: [], siren: false } });
    await county.everyoneReports('received');
    await county.over('alert-1', 'ended');
    await county.clock.advance(1_000);
    expect(county.commandsOn(AREA).map((one) => one.body.action)).toEqual(['play', 'stop']);
  });

  it('freezes the same audience once when the reaction runs twice', async () => {
    await county.relay.stop();
    await county.raise();
    const [job] = await county.openJobs('dispatch.freeze-audience');
    const first = await freezeAudience(county.deps, job!);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received' });
    const second = await freezeAudience(county.deps, job!);
    await county.db.atomically(first.ops!);
    expect(await county.states()).toEqual({ ...all('queued'), 'sp-1': 'received' });
    expect(second.ops).toHaveLength(first.ops!.length);
    expect(await county.events('audience.frozen')).toHaveLength(1);
  });

  it('misses no speaker of a large area that is put up elsewhere while the list is made in steps', async () => {
    const many = (id: string, gridCode: string) => ({ id, gridCode, speakers: Array.from({ length: 700 }, (_, i) => `${id}-${i}`) });
    const large = await TestCounty.open([many('gw-1', VILLAGE), many('gw-2', OTHER_VILLAGE)]);
    await large.relay.stop();
    await large.raise();
    const [job] = await large.openJobs('dispatch.freeze-audience');
    let commits = 0;
    const moved = any((q, t) => q.update(t.speaker).set({ gridCode: VILLAGE }).where(eq(t.speaker.id, 'gw-2-7')).returning({ id: t.speaker.id }));
    const moving: Database = {
      read: (statement, values) => large.db.read(statement, values),
      async atomically(ops) {
        const rows = await large.db.atomically(ops);
        commits += 1;
        if (commits === 1) await large.db.atomically([moved]);
        return rows;
      },
      onCommit: (listener) => large.db.onCommit(listener),
      close: () => large.db.close(),
    };
    const { ops } = await freezeAudience({ ...large.deps, db: moving }, job!);
    await large.db.atomically(ops!);
    expect(commits).toBe(3);
    expect(Object.keys(await large.states())).toHaveLength(1_400);
    expect(await large.events('audience.frozen')).toMatchObject([{ data: { speakers: 1_400 } }]);
    await large.close();
  });

  it('publishes the very same bytes after a crash between storing and publishing, and counts them once', async () => {
    county.mqtt.onPublish = () => {
      throw new Error('kill -9');
    };
    await county.raise();
    await county.clock.advance(0);
    const stored = await county.db.read((q, t) => q.select().from(t.command));
    expect(stored).toMatchObject([{ publishedAtMs: null }]);
    county.mqtt.onPublish = () => {};
    await county.restart();
    await county.clock.advance(40_000);
    expect(county.mqtt.published.filter((one) => one.topic.endsWith(AREA)).map((one) => one.payload)).toEqual([stored[0]!.envelope]);
    expect(await county.db.read((q, t) => q.select().from(t.command))).toHaveLength(1);
    expect(await county.db.read((q, t) => q.select().from(t.counter))).toMatchObject([{ value: 1 }]);
    expect(await county.events('command.published')).toHaveLength(1);
    expect(await county.events('delivery.sent')).toHaveLength(4);
  });

  it('marks as sent, a second later, only who has not answered', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received' });
    expect(await county.states()).toEqual({ ...all('queued'), 'sp-1': 'received' });
    await county.clock.advance(1_000);
    expect(await county.states()).toEqual({ ...all('sent'), 'sp-1': 'received' });
    expect((await county.events('delivery.sent')).map((event) => event.subjectId)).not.toContain('alert-1:1:a:sp-1');
    expect(county.mqtt.published.filter((one) => one.topic.endsWith(AREA))).toHaveLength(1);
  });

  it('leaves one trace when the same announcement runs twice side by side', async () => {
    await county.relay.stop();
    await county.raise();
    const [freeze] = await county.openJobs('dispatch.freeze-audience');
    await county.db.atomically((await freezeAudience(county.deps, freeze!)).ops!);
    const [job] = await county.openJobs('dispatch.announce');
    const runs = await Promise.all([announce(county.deps, job!), announce(county.deps, job!)]);
    expect(runs).toEqual([{ againAtMs: county.clock.now() + 1_000 }, { againAtMs: county.clock.now() + 1_000 }]);
    await Promise.all([announce(county.deps, job!), announce(county.deps, job!)]);
    expect(new Set(county.mqtt.published.map((sent) => sent.payload)).size).toBe(1);
    const [stored] = await county.db.read((q, t) => q.select().from(t.command));
    expect(county.opened(stored!.envelope)).toMatchObject({ commandId: stored!.id, seq: stored!.seq });
    expect(await county.events('command.published')).toHaveLength(1);
    expect(await county.events('delivery.sent')).toHaveLength(4);
  });

  it('waits for a broker that is away, says so, and goes out as soon as it is back', async () => {
    county.mqtt.setOnline(false);
    await county.raise();
    await county.clock.advance(20_000);
    expect(await county.states()).toEqual(all('queued'));
    expect(county.service.degraded?.()[0]).toMatch(/^broker: away for 20 s/);
    county.mqtt.setOnline(true);
    await county.clock.advance(1_050);
    expect(await county.states()).toEqual(all('sent'));
    expect(county.mqtt.published.filter((one) => one.topic.endsWith(AREA))).toHaveLength(1);
    expect(await county.events('broker.lost')).toHaveLength(1);
    expect(await county.events('broker.back')).toMatchObject([{ data: { awayMs: 20_000 } }]);
    expect(county.service.degraded?.()).toEqual([]);
  });

  it('publishes nothing for an alert that was cancelled before it went out, and leaves nothing open', async () => {
    county.mqtt.setOnline(false);
    await county.raise();
    await county.clock.advance(1_000);
    await county.over('alert-1', 'cancelled');
    county.mqtt.setOnline(true);
    await county.clock.advance(120_000);
    // The queue's own back-off and the line's return may both bring it: then it is the same command again.
    expect(new Set(county.commandsOn('/cmd').map((one) => `${one.body.action} ${one.commandId}`)).size).toBe(1);
    expect(county.commandsOn('/cmd')[0]!.body.action).toBe('stop');
    expect(await county.states()).toEqual(all('expired never-received'));
    expect(await county.events('delivery.expired')).toHaveLength(4);
  });
});

describe('an update that overtakes its first announcement', () => {
  it('lets only the present revision out, and names the end of the one that never went', async () => {
    county.mqtt.setOnline(false);
    await county.raise();
    await county.clock.advance(1_000);
    await county.update('alert-1', 2, [VILLAGE]);
    await county.clock.advance(1_000);
    county.mqtt.setOnline(true);
    await county.clock.advance(45_000);
    expect(
      new Set(
        county
          .commandsOn('/cmd')
          .filter((one) => one.body.action === 'play')
          .map((one) => one.revision),
      ),
    ).toEqual(new Set([2]));
    expect(await county.states()).toEqual(all('expired never-received'));
    expect(await county.states('alert', 2)).toEqual({ 'sp-1': 'sent', 'sp-2': 'sent', 'sp-2b': 'sent' });
  });
});

describe('trying again', () => {
  it('tries only the gateways that did not report, each on its own topic, with the same bytes', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received' });
    await county.report('gw-2', { speakerId: 'sp-2', state: 'received' });
    const area = county.mqtt.published[0]!.payload;
    await county.clock.advance(3_000);
    expect(county.mqtt.published.slice(1)).toEqual([
      { topic: `laba/v1/${COUNTY}/gateway/gw-2/cmd`, payload: area },
      { topic: `laba/v1/${COUNTY}/gateway/gw-3/cmd`, payload: area },
    ]);
  });

  it('tries after 3 s, then 10, 30 and 60 s later, and rests when everybody reported', async () => {
    await county.raise();
    const times: number[] = [];
    const startMs = county.clock.now();
    county.mqtt.onPublish = (topic) => void (topic.includes('gateway/gw-3') && times.push(Math.round((county.clock.now() - startMs) / 1000)));
    await county.clock.advance(180_000);
    expect(times).toEqual([3, 13, 43, 103, 163]);
    await county.everyoneReports('received');
    await county.clock.advance(180_000);
    expect(times).toHaveLength(5);
    expect((await county.deliveries()).find((row) => row.speakerId === 'sp-3')!.attempts).toBe(6);
  });

  it('tries at most 200 gateways in one round and the rest a second later', async () => {
    await county.close();
    county = await TestCounty.open(Array.from({ length: 450 }, (_, i) => ({ id: `g-${1000 + i}`, gridCode: VILLAGE, speakers: [`s-${1000 + i}`] })));
    await county.raise({ areaCodes: [VILLAGE] });
    await county.clock.advance(3_500);
    const tried = () => county.mqtt.published.filter((one) => one.topic.includes('/gateway/'));
    expect(tried()).toHaveLength(200);
    await county.clock.advance(2_000);
    expect(new Set(tried().map((one) => one.topic)).size).toBe(450);
  });

  it('is done when every delivery has ended: played n of n', async () => {
    await county.raise({ areaCodes: [OTHER_VILLAGE], playTimes: 1 });
    await county.clock.advance(100);
    await county.report(
      'gw-3',
      { speakerId: 'sp-3', state: 'received' },
      { speakerId: 'sp-3', state: 'playing', repeat: 1 },
      { speakerId: 'sp-3', state: 'played', repeat: 1 },
    );
    await county.clock.advance(3_000);
    expect(await county.openJobs('dispatch.retry-unreported')).toEqual([]);
  });
});

describe('updating an alert', () => {
  it('stops the places that the new area leaves out, and sounds the new revision where it holds', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.everyoneReports('received');
    await county.update('alert-1', 2, [GROUP]);
    await county.clock.advance(1_100);
    const later = county.commandsOn('/cmd').slice(1);
    expect(later.filter((one) => one.body.action === 'play')).toMatchObject([{ revision: 2, scope: [GROUP], body: { stopReason: 'superseded' } }]);
    const stops = later.filter((one) => one.body.action === 'stop');
    // The other township as a whole; the village stands above the group, so its own topic, for revisions before the new one.
    expect(stops.map((one) => [one.scope[0], one.revision, one.body.stopReason]).sort()).toEqual([
      [VILLAGE, 1, 'superseded'],
      ['533324101', 1, 'superseded'],
    ]);
    expect((await county.events('audience.frozen'))[1]).toMatchObject({ data: { revision: 2, speakers: 1, superseded: 4 } });
    expect(await county.states('alert', 2)).toEqual({ 'sp-1': 'sent' });
  });

  it('leaves no delivery of the earlier revision without an end', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.report('gw-2', { speakerId: 'sp-2', state: 'playing', repeat: 1 }, { speakerId: 'sp-2b', state: 'received' });
    await county.report('gw-1', { speakerId: 'sp-1', state: 'playing', repeat: 1 });
    await county.update('alert-1', 2, [VILLAGE]);
    await county.clock.advance(100);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'stopped', reason: 'superseded', repeat: 1 });
    await county.clock.advance(60_000);
    expect(await county.states()).toMatchObject({ 'sp-1': 'stopped superseded', 'sp-2': 'playing', 'sp-3': 'expired never-received' });
    await county.clock.advance(600_000);
    expect(await county.states()).toMatchObject({ 'sp-2': 'expired no-word', 'sp-2b': 'expired no-word' });
  });
});

describe('quietening', () => {
  it('waits for the play, then silences its areas without ending anything', async () => {
    county.mqtt.setOnline(false);
    await county.raise({ areaCodes: [VILLAGE] });
    await county.clock.advance(100);
    await county.quieten('alert-1');
    county.mqtt.setOnline(true);
    await county.clock.advance(2_000);
    expect(county.commandsOn(`area/${VILLAGE}/cmd`).map((one) => [one.body.action, one.body.stopReason])).toEqual([
      ['play', null],
      ['quieten', 'quietened'],
    ]);
    await county.clock.advance(0);
    expect(await county.openJobs('dispatch.announce-quiet')).toEqual([]);
  });

  it('is told first to a pole that is tried again: words that came late must not sound', async () => {
    await county.raise({ areaCodes: [GROUP] });
    await county.clock.advance(1_000);
    await county.quieten('alert-1');
    await county.clock.advance(5_000);
    expect(county.commandsOn('gateway/gw-1/cmd').map((one) => one.body.action)).toEqual(['quieten', 'play']);
  });
});
