// Chapter 2 at the box: somebody presses the button in the activity room, and the village is told to move.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { orderByButton } from '@laba/host/order-by-button';
import { DASUO, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Site, type Town } from '../harness/town.ts';

const MOVE = '泥石流危险！立即往两边山坡高处转移';

describe('the push button', () => {
  let town: Town;
  let site: Site;
  let alarms = 0;
  beforeEach(async () => {
    town = await openTown();
    site = town.site('dasuo-1');
    alarms = 0;
  });
  afterEach(() => town.close());

  const press = async (pressId: string) => {
    const box = {
      askForByHand: (alertId: string, houseMs: number) => site.gateway.askForByHand(alertId, houseMs),
      alarm: () => {
        alarms += 1;
        return undefined;
      },
    };
    await orderByButton(town.house.deps, 'site-dasuo')(pressId, box);
  };
  const raised = () => town.house.deps.db.read((q, t) => q.select().from(t.event).where(eq(t.event.type, 'alert.raised')).orderBy(t.event.seq));

  it('moves the whole village, each once, by every way there is, and the timeline says whose button it was', async () => {
    await press(town.ids());
    await town.speaker('dasuo-1').hears(MOVE);
    await town.speaker('upper-1').hears(MOVE);
    await town.speaker('office-1').hears(MOVE);
    await town.speaker('across-1').hearsNothing();
    const [event, ...more] = await raised();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ who: 'site:site-dasuo', via: 'button', gridCode: VILLAGE, data: { mode: 'live', areaCodes: [VILLAGE] } });
    const cadre = await town.officer('cadre1');
    const { alerts } = await cadre.api.get<{ alerts: { id: string }[] }>('/api/v1/now');
    expect(alerts.map(({ id }) => id)).toEqual([event!.subjectId]);
    const { events } = await cadre.api.get<{ events: { type: string; whoName: string }[] }>(`/api/v1/alerts/${event!.subjectId}/timeline`);
    expect(events.find(({ type }) => type === 'alert.raised')!.whoName).toBe('打所活动室');
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('pressed again while it sounds changes nothing; a cadre ends it like any other order', async () => {
    await press(town.ids());
    await town.speaker('dasuo-1').hears(MOVE);
    await press(town.ids());
    expect(await raised()).toHaveLength(1);
    const cadre = await town.officer('cadre1');
    const { subjectId } = (await raised())[0]!;
    await cadre.ends(subjectId);
    await town.clock.pass('1 min');
    const heard = (await town.speaker('dasuo-1').hears(MOVE)).length;
    await town.clock.pass('5 min');
    expect(await town.speaker('dasuo-1').hears(MOVE)).toHaveLength(heard);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('does not sound the box’s own alarm where the house can decide', async () => {
    await press(town.ids());
    expect(alarms).toBe(0);
    expect((await raised())[0]!.data['areaCodes']).not.toContain(DASUO);
  });
});
