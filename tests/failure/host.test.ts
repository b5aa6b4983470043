// The county's host dies as hosts die: by SIGKILL, on real processes, at the worst moment.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkI1, checkI3, type HistoryPlay } from '../harness/invariants.ts';
import { ALL_CLEAR, MOVE_NOW } from '../harness/officer.ts';
import { DASUO } from '../harness/small-county.ts';
import { RealTown, type PlayLogLine } from '../harness/real-town.ts';

const order = {
  mode: 'live',
  kind: 'order',
  order: 'move-now',
  eventCode: '11D00',
  areaCodes: [DASUO],
  durationMinutes: 60,
  intervalSeconds: 1,
  texts: [{ language: 'zh-CN', title: '转移', text: MOVE_NOW }],
  endTexts: [{ language: 'zh-CN', title: '解除', text: ALL_CLEAR }],
  cancelTexts: [],
};

const startsOf = (log: readonly PlayLogLine[]): HistoryPlay[] =>
  log
    .filter((line) => line.event === 'started')
    .map((line) => ({
      speakerId: line.speakerId,
      alertId: line.alertId,
      revision: line.revision,
      purpose: line.purpose === 'alert' ? 'alert' : 'all-clear',
      repeat: line.repeat,
      mode: 'live',
      startedAtMs: Date.parse(line.startedAt),
      hasSiren: true,
      words: '',
    }));

describe('the host', () => {
  let town: RealTown;
  beforeEach(async () => {
    town = await new RealTown().layOut();
  });
  afterEach(() => town.close());

  it('killed between the commit of a raise and its publish: after the restart the pole sounds, once a repeat', async () => {
    const doomed = await town.startHost({ death: { insteadOfPublish: 1 } });
    await town.startGateways('room', ['dasuo-1']);
    const cadre = await town.officer('cadre1');
    const { id } = await cadre.post<{ id: string }>('/api/v1/alerts', order);
    const acknowledged = await cadre.post(`/api/v1/alerts/${id}/raise`).then(
      () => true,
      () => false,
    );
    await town.until('the host has killed itself', () => doomed.signalCode === 'SIGKILL');
    expect(town.playLog('room')).toEqual([]);
    const restartedAt = performance.now();
    await town.startHost();
    await town.until('the pole sounds after the restart', () => startsOf(town.playLog('room')).length >= 2);
    console.log(`recovery after kill between commit and publish: ${Math.round(performance.now() - restartedAt)} ms to the second repeat`);
    const again = await town.officer('cadre1');
    const { events } = await again.get<{ events: { type: string; atMs: number; subjectId: string; data: Record<string, unknown> }[] }>(
      `/api/v1/alerts/${id}/timeline?after=0`,
    );
    expect(
      checkI1({ acknowledged: acknowledged ? [{ type: 'alert.raised', subjectId: id }] : [], events: events.map((event) => ({ ...event, alertId: id })) }),
    ).toEqual([]);
    expect(events.filter((event) => event.type === 'alert.raised')).toHaveLength(1);
    expect(events.filter((event) => event.type === 'command.published')).toHaveLength(1);
    expect(checkI3({ plays: startsOf(town.playLog('room')) })).toEqual([]);
  });

  it('killed while poles sound: they go on, and its return with an empty broker doubles nothing and can end it', async () => {
    const host = await town.startHost();
    await town.startGateways('room', ['dasuo-1']);
    const cadre = await town.officer('cadre1');
    const { id } = await cadre.post<{ id: string }>('/api/v1/alerts', order);
    await cadre.post(`/api/v1/alerts/${id}/raise`);
    await town.until('the pole sounds', () => startsOf(town.playLog('room')).length >= 1);
    await town.kill(host);
    const before = startsOf(town.playLog('room')).length;
    await town.until('the pole goes on without the county', () => startsOf(town.playLog('room')).length > before);
    await town.startHost();
    const again = await town.officer('cadre1');
    await again.post(`/api/v1/alerts/${id}/end`, { checkedBy: '演示监测员' });
    await town.until('the all-clear is spoken', () => town.playLog('room').some((line) => line.purpose === 'all-clear' && line.event === 'ended'));
    const plays = startsOf(town.playLog('room'));
    expect(checkI3({ plays })).toEqual([]);
    const allClearAt = plays.find((play) => play.purpose === 'all-clear')!.startedAtMs;
    expect(plays.filter((play) => play.purpose === 'alert' && play.startedAtMs > allClearAt)).toEqual([]);
  });
});
