// Chapter 5, tasks: what becomes a task without a template: a need, a refusal, a silent village, a pole that does not play.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import { TaskTown, TOWNSHIP_OFFICER } from './task-town.test-kit.ts';
import { GROUP_A, GROUP_B, OTHER_VILLAGE, VILLAGE, type Town } from '../town.test-kit.ts';

const MINUTE_MS = 60_000;

describe('without a template', () => {
  let work: TaskTown;
  let town: Town;
  beforeEach(async () => {
    work = await TaskTown.found();
    town = work.town;
  });
  afterEach(() => town.app.close());

  describe('a resident’s need', () => {
    const report = async (hazard: 'need' | 'fire', reporter: object | null = { name: '演示居民', phone: '13900000000' }) => {
      const id = town.deps.ids();
      const row = { id, gridCode: GROUP_A, hazard, text: '老人要送药', source: 'web-form' as const, state: 'new' as const, receivedAtMs: town.clock.now() };
      const reporterCipher = reporter === null ? null : town.deps.vault.encrypt(JSON.stringify(reporter));
      await town.deps.db.atomically([
        any((q, t) =>
          q
            .insert(t.report)
            .values({ ...row, reporterCipher })
            .returning({ id: t.report.id }),
        ),
      ]);
      return id;
    };
    const comes = (id: string) =>
      work.reacts('mobilization.need-task', { type: 'report.received', subjectId: id, data: { hazard: 'need', source: 'web-form' } });

    it('becomes one task of the grid worker, who sees whom to go to, and the resident hears that it was done', async () => {
      await work.holder('m-grid', GROUP_A, 'grid-worker');
      const id = await report('need');
      await comes(id);
      await expect(comes(id)).rejects.toThrow();
      const [task] = await work.all();
      expect(task).toMatchObject({ kind: 'need', source: 'report', sourceId: id, ownerMemberId: 'm-grid', mode: 'live', alertId: null });
      const { page } = await work.sees(work.link(task!));
      expect(page).toContain('老人要送药');
      expect(page).toContain('13900000000');
      await work.presses(work.link(task!), { move: 'done', words: '药送到了' });
      await work.moves(task!.id, 'sign-off');
      expect((await work.messages()).map(({ purpose, memberId, state, facts }) => [purpose, memberId, state, facts['about']])).toEqual([
        ['task', 'm-grid', 'unneeded', undefined],
        ['told', null, 'queued', 'need-closed'],
      ]);
      expect(JSON.stringify([await work.all(), await work.messages(), await town.events()])).not.toMatch(/老人|13900000000|演示居民/);
    });

    it('and a hazard stays a report', async () => {
      await comes(await report('fire'));
      expect(await work.all()).toEqual([]);
    });
  });

  describe('on the roll-call', () => {
    let alertId: string;
    beforeEach(async () => {
      await town.household('h-1', GROUP_A, ['p-1', 'p-2']);
      alertId = await town.raised([VILLAGE]);
      await town.freeze(alertId, [VILLAGE]);
    });
    const mark = async (path: string, status: string, version: number, words?: string) => {
      const body = { status, means: 'face-to-face', version, ...(words === undefined ? {} : { words }) };
      const answer = await town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alertId}/rollcall/${path}/mark`, ...town.as('village'), payload: body });
      expect(answer.statusCode).toBe(200);
      const jobs = await town.deps.db.read((q, t) =>
        q
          .select({ job: t.job, event: t.event })
          .from(t.job)
          .innerJoin(t.event, eq(t.event.id, t.job.eventId))
          .where(eq(t.job.consumer, 'mobilization.person-task')),
      );
      for (const { event } of jobs) await work.reacts('mobilization.person-task', { ...event, alertId, type: 'person.marked' });
      return jobs.length;
    };

    it('a household that refuses is one task of the township, and a second only after the first is closed', async () => {
      expect(await mark('households/h-1', 'refused', 2, '舍不得牛')).toBe(2);
      const [task, ...more] = await work.all();
      expect(more).toEqual([]);
      expect(task).toMatchObject({ kind: 'refused-household', source: 'household', sourceId: 'h-1', ownerOfficerId: TOWNSHIP_OFFICER, alertId });
      const whole = (await town.app.inject({ url: `/api/v1/tasks/${task!.id}`, ...town.as('village') })).json();
      expect(whole).toMatchObject({ words: '舍不得牛', door: '门牌h-1 · 演示户主h-1' });
      await work.moves(task!.id, 'drop', { words: '已劝走' });
      await mark('persons/p-1', 'moved', 2);
      await mark('persons/p-1', 'refused', 3);
      expect((await work.all()).map(({ state }) => state)).toEqual(['dropped', 'open']);
    });

    it('who needs help is a task of his own; who moved is nobody’s work', async () => {
      expect(await mark('persons/p-1', 'moved', 1)).toBe(0);
      await mark('persons/p-2', 'needs-help', 1, '腿脚不便');
      expect((await work.all()).map(({ kind, sourceId }) => [kind, sourceId])).toEqual([['help-person', 'p-2']]);
    });
  });

  describe('where nothing is heard', () => {
    const site = async (id: string, gridCode: string, online: boolean | undefined) => {
      const nowMs = town.clock.now();
      const gateway = { id: `gw-${id}`, siteId: id, gridCode, status: 'active' as const, passwordHash: 'x', publicKey: 'x', createdAtMs: nowMs };
      const status = {
        gatewayId: gateway.id,
        siteId: id,
        gridCode,
        online: online ?? false,
        lastSeenAtMs: nowMs,
        bootCounter: 1,
        journalId: 'j',
        reportsHeldUpTo: 0,
      };
      await town.deps.db.atomically([
        any((q, t) =>
          q
            .insert(t.site)
            .values({ id, name: `活动室${id}`, gridCode })
            .returning({ id: t.site.id }),
        ),
        any((q, t) => q.insert(t.gateway).values(gateway).returning({ id: t.gateway.id })),
        ...(online === undefined ? [] : [any((q, t) => q.insert(t.gatewayStatus).values(status).returning({ id: t.gatewayStatus.gatewayId }))]),
      ]);
    };
    const delivery = (alertId: string, id: string, gridCode: string, state: 'failed' | 'refused' | 'playing', reason: string | null = null) => {
      const row = {
        id,
        alertId,
        revision: 1,
        purpose: 'alert' as const,
        speakerId: id,
        siteId: 's',
        gridCode,
        mode: 'live' as const,
        playTimes: 0,
        state,
        reason,
      };
      return town.deps.db.atomically([
        any((q, t) =>
          q
            .insert(t.delivery)
            .values({ ...row, changedAtMs: town.clock.now() })
            .returning({ id: t.delivery.id }),
        ),
      ]);
    };
    const looks = (alertId: string) =>
      work.reacts('mobilization.reach-unheard', {
        type: 'alert.raised',
        subjectId: alertId,
        alertId,
        data: { revision: 1, mode: 'live', areaCodes: [VILLAGE] },
      });
    const silent = (id: string, gridCode: string) =>
      work.reacts('mobilization.reach-silent', { type: 'site.silent', subjectId: `gw-${id}`, gridCode, data: { siteId: id, how: 'last-will', lastSeenMs: 1 } });
    const kinds = async () => (await work.all()).map(({ kind, sourceId, state }) => [kind, sourceId, state]);

    it('a village that is silent when the alert is raised is run to, and one that never spoke, too', async () => {
      await site('s-off', GROUP_A, false);
      await site('s-never', GROUP_B, undefined);
      await site('s-on', GROUP_A, true);
      await site('s-far', OTHER_VILLAGE, false);
      const alertId = await town.raised([VILLAGE]);
      expect(await looks(alertId)).toBe(town.clock.now() + 5_000);
      await looks(alertId);
      expect(await kinds()).toEqual([
        ['run-to-village', 's-never', 'open'],
        ['run-to-village', 's-off', 'open'],
      ]);
    });

    it('a village that falls silent during an alert is run to at once, and not twice', async () => {
      await site('s-1', GROUP_A, false);
      await silent('s-1', GROUP_A);
      expect(await kinds()).toEqual([]);
      const alertId = await town.raised([VILLAGE]);
      await silent('s-1', GROUP_A);
      await silent('s-1', GROUP_A);
      expect(await kinds()).toEqual([['run-to-village', 's-1', 'open']]);
      const [task] = await work.all();
      expect(task!.zh).toContain('活动室s-1');
      await work.moves(task!.id, 'drop', { words: '恢复了' });
      await silent('s-1', GROUP_A);
      expect(await kinds()).toHaveLength(2);
      await town.over(alertId, 'ended');
      await work.moves((await work.all())[1]!.id, 'drop', { words: '结束' });
      await silent('s-1', GROUP_A);
      expect(await kinds()).toHaveLength(2);
    });

    it('where a speaker failed or refused somebody knocks, once for each group', async () => {
      const alertId = await town.raised([VILLAGE]);
      await delivery(alertId, 'sp-1', GROUP_A, 'failed');
      await delivery(alertId, 'sp-2', GROUP_A, 'refused');
      await delivery(alertId, 'sp-3', GROUP_B, 'playing');
      await delivery(alertId, 'sp-4', VILLAGE, 'refused', 'quiet-hours');
      await looks(alertId);
      await looks(alertId);
      expect(await kinds()).toEqual([['knock-doors', GROUP_A, 'open']]);
    });

    it('is looked for while the alert stands, less often after a while, and no longer', async () => {
      const alertId = await town.raised([VILLAGE]);
      const event = { type: 'alert.raised' as const, subjectId: alertId, alertId, data: { revision: 1, mode: 'live', areaCodes: [VILLAGE] } };
      const atMs = town.clock.now();
      await town.clock.advance(2 * MINUTE_MS);
      expect(await work.reacts('mobilization.reach-unheard', { ...event, atMs } as typeof event)).toBe(town.clock.now() + MINUTE_MS);
      await town.over(alertId, 'ended');
      expect(await looks(alertId)).toBeUndefined();
    });
  });
});
