// Chapter 4, the county's side: what a gateway that says hello is told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics, type SignedSnapshot } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { any } from '@laba/storage/database';
import { COUNTY, GROUP, OTHER_VILLAGE, TestCounty, VILLAGE } from './county.test-kit.ts';

let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
});
afterEach(() => county.close());

function snapshots(gatewayId: string): SignedSnapshot[] {
  return county.heard(`gateway/${gatewayId}/cmd`).filter((one) => one.type === 'snapshot');
}

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

  it('says the end once more to a box that was away when it was spoken, while the words are good and until it answers', async () => {
    await county.raise({ alertId: 'a', areaCodes: [GROUP] });
    await county.clock.advance(1_000);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'played', alertId: 'a', repeat: 1 });
    await county.over('a', 'ended');
    await county.clock.advance(100);
    const words = () => county.heard('gateway/gw-1/cmd').filter((one) => one.type === 'command' && one.body.purpose === 'all-clear').length;
    const before = words();
    await county.hello('gw-1', 'nonce-1');
    expect(words()).toBe(before + 1);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'received', alertId: 'a', purpose: 'all-clear' });
    await county.hello('gw-1', 'nonce-2');
    expect(words()).toBe(before + 1);
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
