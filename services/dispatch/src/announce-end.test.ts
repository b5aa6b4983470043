// Chapter 3: an alert is over: silence, the spoken end, and a named end for every delivery.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COUNTY, OTHER_VILLAGE, TestCounty, VILLAGE } from './county.test-kit.ts';

let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
});
afterEach(() => county.close());

const ALL = ['sp-1', 'sp-2', 'sp-2b', 'sp-3'];
const all = (state: string) => Object.fromEntries(ALL.map((id) => [id, state]));

describe('the end of an alert', () => {
  it('silences first, then speaks the all-clear to those who had the alert', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'playing', repeat: 1 });
    await county.report('gw-2', { speakerId: 'sp-2', state: 'received' });
    await county.over('alert-1', 'ended');
    await county.clock.advance(100);
    const [, stop, words, ...more] = county.commandsOn('/cmd');
    expect(more).toEqual([]);
    expect(stop).toMatchObject({ body: { action: 'stop', stopReason: 'ended' }, scope: [COUNTY] });
    expect(words).toMatchObject({ body: { action: 'play', purpose: 'all-clear', playTimes: 1, siren: false, texts: [{ text: '预警解除' }] } });
    expect(Date.parse(words!.body.notAfter)).toBe(county.clock.now() - (county.clock.now() % 1000) + 5 * 60_000);
    expect(await county.states('all-clear')).toEqual({ 'sp-1': 'sent', 'sp-2': 'sent' });
  });

  it('publishes no word before the broker has taken the stop', async () => {
    await county.raise({ areaCodes: [VILLAGE, OTHER_VILLAGE] });
    await county.clock.advance(100);
    await county.everyoneReports('received');
    let brokerTakes = () => {};
    const taken = new Promise<void>((resolve) => (brokerTakes = resolve));
    let tried = 0;
    county.mqtt.onPublish = async () => {
      tried += 1;
      await taken;
    };
    await county.over('alert-1', 'cancelled');
    await county.clock.advance(1_000);
    expect(tried).toBe(2);
    brokerTakes();
    await county.clock.advance(1_000);
    expect(
      county
        .commandsOn('/cmd')
        .slice(2)
        .map((one) => one.body.purpose + ' ' + one.body.action),
    ).toEqual(['alert stop', 'alert stop', 'cancellation play', 'cancellation play']);
  });

  it('says nothing aloud when an alert expires', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.everyoneReports('received');
    await county.over('alert-1', 'expired');
    await county.clock.advance(1_000);
    expect(county.commandsOn('/cmd').map((one) => one.body.action)).toEqual(['play', 'stop']);
  });

  it('stops every area that any revision ever covered', async () => {
    await county.raise({ areaCodes: [VILLAGE] });
    await county.clock.advance(100);
    await county.update('alert-1', 2, [OTHER_VILLAGE]);
    await county.clock.advance(100);
    await county.over('alert-1', 'ended', 2);
    await county.clock.advance(100);
    const stops = county.commandsOn('/cmd').filter((one) => one.body.stopReason === 'ended');
    expect(stops.map((one) => [one.scope[0], one.revision]).sort()).toEqual([
      [VILLAGE, 2],
      [OTHER_VILLAGE, 2],
    ]);
  });

  it('stops again whoever does not say that it fell silent', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.everyoneReports('playing', { repeat: 1 });
    await county.over('alert-1', 'expired');
    await county.clock.advance(100);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'stopped', reason: 'expired' });
    await county.report('gw-2', { speakerId: 'sp-2', state: 'stopped', reason: 'expired' }, { speakerId: 'sp-2b', state: 'stopped', reason: 'expired' });
    const before = county.mqtt.published.length;
    await county.clock.advance(3_000);
    expect(county.mqtt.published.slice(before).map((one) => one.topic)).toEqual([`laba/v1/${COUNTY}/gateway/gw-3/cmd`]);
    expect(county.opened(county.mqtt.published.at(-1)!.payload)).toMatchObject({ body: { action: 'stop' } });
  });

  it('leaves nothing in limbo, whoever is dead', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'playing', repeat: 1 });
    await county.report('gw-2', { speakerId: 'sp-2', state: 'received' });
    await county.over('alert-1', 'ended');
    await county.clock.advance(31_000);
    expect(await county.states()).toEqual({ 'sp-1': 'playing', 'sp-2': 'received', 'sp-2b': 'expired never-received', 'sp-3': 'expired never-received' });
    await county.clock.advance(15 * 60_000);
    expect(await county.states()).toMatchObject({ 'sp-1': 'expired no-word', 'sp-2': 'expired no-word' });
    expect(await county.states('all-clear')).toEqual({ 'sp-1': 'expired never-received', 'sp-2': 'expired never-received' });
    for (const consumer of ['dispatch.announce-end', 'dispatch.retry-unreported', 'dispatch.announce']) expect(await county.openJobs(consumer)).toEqual([]);
    expect(await county.events('delivery.expired')).toHaveLength(6);
  });

  it('names the end of a speaker that found its voice after its watch was over, then died', async () => {
    await county.raise({ areaCodes: [OTHER_VILLAGE] });
    await county.clock.advance(100);
    await county.report('gw-3', { speakerId: 'sp-3', state: 'failed', reason: 'no sound card' });
    await county.clock.advance(5_000);
    expect(await county.openJobs('dispatch.retry-unreported')).toEqual([]);
    await county.report('gw-3', { speakerId: 'sp-3', state: 'playing', repeat: 1 });
    await county.over('alert-1', 'expired');
    await county.clock.advance(11 * 60_000);
    expect(await county.states()).toEqual({ 'sp-3': 'expired no-word' });
  });

  it('takes the last word of everybody and is done', async () => {
    await county.raise();
    await county.clock.advance(100);
    await county.everyoneReports('playing', { repeat: 1 });
    await county.over('alert-1', 'ended');
    await county.clock.advance(100);
    await county.everyoneReports('stopped', { reason: 'ended', repeat: 1 });
    await county.everyoneReports('stopped', { reason: 'ended', repeat: 0, purpose: 'all-clear' });
    await county.clock.advance(61_000);
    expect(await county.states()).toEqual(all('stopped ended'));
    expect(await county.openJobs('dispatch.announce-end')).toEqual([]);
    expect(await county.openJobs('dispatch.retry-unreported')).toEqual([]);
  });

  it.each([
    ['pre-empted', { state: 'stopped', reason: 'pre-empted' }],
    ['without a voice', { state: 'failed', reason: 'no sound card' }],
  ] as const)('names the end of an announcement that was %s, began after all, and died', async (_, { state, reason }) => {
    await county.raise({ areaCodes: [OTHER_VILLAGE] });
    await county.clock.advance(100);
    await county.report('gw-3', { speakerId: 'sp-3', state: 'playing', repeat: 1 });
    await county.over('alert-1', 'cancelled');
    await county.clock.advance(100);
    await county.report('gw-3', { speakerId: 'sp-3', state: 'stopped', reason: 'cancelled', repeat: 1 });
    await county.report('gw-3', { speakerId: 'sp-3', state, reason, repeat: 0, purpose: 'cancellation' });
    await county.clock.advance(4 * 60_000);
    await county.report('gw-3', { speakerId: 'sp-3', state: 'playing', repeat: 1, purpose: 'cancellation' });
    await county.clock.advance(60_000);
    expect(await county.states('cancellation')).toEqual({ 'sp-3': 'playing' });
    await county.clock.advance(10 * 60_000);
    expect(await county.states('cancellation')).toEqual({ 'sp-3': 'expired no-word' });
    expect(await county.openJobs('dispatch.announce-end')).toEqual([]);
  });
});
