// Chapter 5, first step: every member of the area is called, and each answers for himself.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DASUO, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

describe('members', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  it('whoever belongs to two groups is called once, and who moved away is not', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [VILLAGE] });
    expect((await cadre.called(alert)).map((call) => call.memberId).sort()).toEqual(['m-ayi', 'm-bo', 'm-chun', 'm-dao']);
  });

  it('one answer never answers for another, and the latest answer counts', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    const [first, second, third] = await cadre.called(alert);
    await town.member(first!).answers('coming');
    await town.member(second!).answers('cannot');
    await town.member(first!).answers('on-the-way');
    await town.member(first!).answers('arrived');
    expect(await cadre.answers(alert)).toMatchObject({ total: 3, answered: 2, coming: 0, onTheWay: 0, arrived: 1, cannot: 1 });
    expect((await cadre.called(alert)).find((call) => call.id === third!.id)).toMatchObject({ answer: null });
  });

  it('the page says what to do, without a password, and refuses a changed link', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    const [call] = await cadre.called(alert);
    await town.member(call!).sees('立即');
    const changed = call!.link.slice(0, -2) + (call!.link.endsWith('A') ? 'BB' : 'AA');
    const response = await fetch(new URL(changed, town.house.url()));
    expect(response.status).toBe(404);
  });

  it('when the alert is over, who did not answer is closed, and a late answer is refused', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    const [call] = await cadre.called(alert);
    await cadre.ends(alert);
    await town.clock.pass('10 s');
    expect((await cadre.called(alert)).map((row) => row.state)).toEqual(['closed', 'closed', 'closed']);
    await town.member(call!).answers('coming');
    expect(await cadre.answers(alert)).toMatchObject({ answered: 0 });
    expect(await town.brokenPromises()).toEqual([]);
  });
});
