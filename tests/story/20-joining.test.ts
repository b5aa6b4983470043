// Chapter 5, call-out: residents who are on no list join on the spot by a code, for this alert, and nobody's record is opened by a number.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACROSS, DASUO, UPPER, VILLAGE, type Username } from '../harness/small-county.ts';
import { Resident } from '../harness/resident.ts';
import { openTown, type Town } from '../harness/town.ts';

interface Code {
  id: string;
  code: string;
  path: string;
  state: string;
  joins: number;
  wrongTries: number;
}
interface Joined {
  memberId: string;
  callId: string;
  name: string;
  hasPhone: boolean;
  household: string | null;
  skills: string[];
  gridCode: string;
  answer: string | null;
  kept: boolean;
}

interface Board {
  totals: { members: { total: number; coming: number; joined: number } };
  nodes: { code: string; members: { joined: number } }[];
}

const NUMBER = '13900000077';

describe('joining on the spot', () => {
  let town: Town;
  let alert: string;
  beforeEach(async () => {
    town = await openTown();
    // Not grave enough for ladders and tasks: those are other stories.
    alert = await (await town.officer('cadre1')).orders({ at: [VILLAGE], level: 'yellow' });
  });
  afterEach(() => town.close());

  const api = async (username: Username = 'cadre1') => (await town.officer(username)).api;
  async function opened(more: object = {}, username: Username = 'cadre1'): Promise<Code> {
    const code = await (await api(username)).post<Code>(`/api/v1/alerts/${alert}/join-codes`, { gridCode: VILLAGE, ...more });
    await town.clock.settle();
    return code;
  }
  const seen = async (username: Username = 'cadre1') => (await api(username)).get<{ codes: Code[]; joined: Joined[] }>(`/api/v1/alerts/${alert}/join-codes`);
  const answers = async () => (await town.officer('cadre1')).answers(alert) as unknown as Promise<Record<string, unknown>>;
  const resident = (code: string) => new Resident(town, code);
  const refusal = async (code: string) => {
    const { status, page } = await resident(code).opens();
    return `${status} ${/<h1>([^<]*)/.exec(page)?.[1]?.trim() ?? ''}`;
  };
  const sentTo = (number: string) => town.phones.received.filter(({ phone }) => phone === number);
  async function nobodyElseWasCalled(): Promise<void> {
    await town.clock.settle();
    town.phones.expect(town.phones.received.filter(({ words, phone }) => /^(集结|交办单)/.test(words) && phone !== NUMBER));
    await town.nothingElseWasSent();
  }

  it('a resident joins, has his own page at once, is told by SMS, is counted apart and called on like the others', async () => {
    const { code, path } = await opened();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(path).toBe(`/j/${code}`);
    // As it is read off a wall and typed with what is at hand.
    const man = resident(` ${code.toLowerCase().replace('-', ' ').replaceAll('0', 'o')} `);
    const form = await man.opens();
    expect(form.page).toMatch(/现场加入[\s\S]*芒孜村委会[\s\S]*急救[\s\S]*打所小组/);
    expect((await man.opens('?lang=en')).page).toMatch(/<html lang="en">[\s\S]*Join on the spot[\s\S]*first aid/);
    const joined = await man.joins({
      name: '演示帮手',
      phone: `+86 ${NUMBER}`,
      gridCode: DASUO,
      household: '打所02',
      skills: ['carrying', 'nonsense'],
      answer: 'coming',
    });
    expect([joined.status, joined.link?.startsWith('/m/')]).toEqual([303, true]);
    await town.member({ link: joined.link! }).sees('演示帮手');
    expect((await seen()).joined).toMatchObject([
      { name: '演示帮手', hasPhone: true, household: '打所02', skills: ['carrying'], gridCode: DASUO, answer: 'coming', kept: false },
    ]);
    expect(await answers()).toMatchObject({ total: 4, answered: 0, joined: { total: 1, coming: 1, arrived: 0 } });
    // He is on no list: neither is his number tested, nor is he missed by the next alert.
    const tested = await (await api()).get<{ numbers: { name: string }[] }>(`/api/v1/numbers?grid=${VILLAGE}`);
    expect(tested.numbers.map(({ name }) => name)).not.toContain('演示帮手');
    const { totals, nodes } = await (await api()).get<Board>(`/api/v1/alerts/${alert}/coverage`);
    expect([totals.members, nodes.find((one) => one.code === DASUO)?.members.joined]).toMatchObject([{ total: 4, coming: 0, joined: 1 }, 1]);
    const call = (await (await town.officer('cadre1')).called(alert)).find(({ answer }) => answer === 'coming');
    expect(call).toMatchObject({ joined: true, name: '演示帮手', gridCode: DASUO });

    expect(sentTo(NUMBER).map(({ words, link }) => [words.slice(0, 5), link])).toEqual([['已加入集结', joined.link]]);
    // Coming and not arrived: he is asked again by the channels that he has, and answers by one of them.
    await town.clock.pass('31 min');
    expect(sentTo(NUMBER).map(({ channel }) => channel)).toEqual(['sms', 'sms']);
    const texted = await fetch(new URL('/api/v1/channels/sms/incoming', town.house.url()), {
      method: 'POST',
      headers: { authorization: 'Bearer a secret for stories', 'content-type': 'application/json' },
      body: JSON.stringify([{ kind: 'reply', from: NUMBER, words: '到了' }]),
    });
    expect(texted.status).toBe(200);
    await town.clock.settle();
    expect(await answers()).toMatchObject({ joined: { total: 1, coming: 0, arrived: 1 } });
    town.phones.expect(sentTo(NUMBER));
    await nobodyElseWasCalled();
    expect((await town.told(alert, 'member.joined')).length).toBe(1);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('the same form or the same number is one member, and a number opens nobody’s record', async () => {
    const { code } = await opened();
    const man = resident(code);
    const first = await man.joins({ phone: NUMBER });
    const again = await man.joins({ phone: NUMBER });
    expect(again.link).toBe(first.link);
    const [left, right] = [resident(code), resident(code)];
    const form = 'the same form, twice at once';
    const both = await Promise.all([left, right].map((one) => one.sends({ name: '演示乙', answer: 'arrived', form })));
    expect(new Set(both.map(({ link }) => link)).size).toBe(1);

    const stranger = await resident(code).joins({ name: '别人', phone: `0086-${NUMBER}` });
    expect([stranger.status, stranger.link]).toEqual([409, null]);
    expect(stranger.page).toMatch(/这个号码已经加入[\s\S]*短信里的链接/);
    const known = await resident(code).joins({ name: '别人', phone: '+8610000000001' });
    expect([known.status, known.link]).toEqual([409, null]);
    expect(known.page).toMatch(/已在名册上[\s\S]*找村干部/);
    expect(known.page).not.toContain('演示甲');
    expect((await seen()).joined).toHaveLength(2);
    expect(sentTo(NUMBER)).toHaveLength(1);
    town.phones.expect(sentTo(NUMBER));
    await nobodyElseWasCalled();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('an unknown, guessed, full, closed, expired or moved code, and one of an alert that is over: each is named', async () => {
    const { code } = await opened();
    for (const typed of ['0000-0000', 'short', '七个字的加入码', `${code}9`]) expect(await refusal(typed)).toBe('404 没有这个加入码，请看清后再试');
    const guess = `${code.slice(0, 8)}${code.endsWith('7') ? '8' : '7'}`;
    for (let tries = 1; tries < 10; tries++) expect(await refusal(guess)).toBe('404 没有这个加入码，请看清后再试');
    expect(await refusal(guess)).toMatch(/^429 输错次数过多/);
    expect(await refusal(code)).toMatch(/^429 输错次数过多/);
    expect((await town.told(alert, 'join-code.tried')).at(-1)?.data).toEqual({ wrongTries: 10, locked: true });

    const one = await opened({ mostJoins: 1 });
    const last = resident(one.code);
    const place = await last.joins();
    expect(place.status).toBe(303);
    expect(await refusal(one.code)).toMatch(/^409 加入码名额已满/);
    expect((await last.joins()).link).toBe(place.link);

    const shut = await opened();
    await (await api()).post(`/api/v1/join-codes/${shut.id}/close`);
    expect(await refusal(shut.code)).toMatch(/^410 加入码已停用/);

    const short = await opened({ hours: 0.1 });
    const upper = await opened({ gridCode: UPPER, hours: 24 });
    await town.clock.pass('7 min');
    expect(await refusal(short.code)).toMatch(/^410 加入码已过期/);
    await (await town.officer('cadre1')).updates(alert, { at: [DASUO], level: 'yellow' });
    expect(await refusal(upper.code)).toMatch(/^410 这个地方已不在预警范围内/);
    const dasuo = await opened({ gridCode: DASUO, hours: 24 });
    expect((await seen()).codes.map(({ state }) => state)).toEqual(['guessed', 'moved', 'closed', 'expired', 'moved', 'open']);
    await (await town.officer('cadre1')).ends(alert);
    expect(await refusal(dasuo.code)).toMatch(/^410 本次预警已经结束/);
    expect((await seen()).joined).toHaveLength(1);
    await nobodyElseWasCalled();
  });

  it('what is typed wrongly is said and kept, and nothing that was not asked for comes in', async () => {
    const { code } = await opened();
    const man = resident(code);
    const nameless = await man.joins({ name: ' \u200b ', phone: NUMBER });
    expect([nameless.status, nameless.page.includes('请填写姓名'), nameless.page.includes(NUMBER)]).toEqual([400, true, true]);
    const numberless = await man.joins({ name: '<b>演示</b>', phone: '打我电话' });
    expect(numberless.page).toMatch(/手机号不对[\s\S]*&#60;b&#62;演示/);
    expect((await man.joins({ gridCode: ACROSS })).status).toBe(422);
    expect((await man.joins({ answer: 'cannot' })).status).toBe(400);
    expect((await man.sends({})).status).toBe(400);
    expect((await man.joins({ name: '长'.repeat(500) })).status).toBe(303);
    expect((await seen()).joined).toMatchObject([{ name: '长'.repeat(64), hasPhone: false, gridCode: VILLAGE }]);
    await nobodyElseWasCalled();
  });

  it('a code is opened inside the scope, for a village or group that a live alert or a drill covers', async () => {
    await expect(opened({ gridCode: ACROSS })).rejects.toMatchObject({ code: 'out-of-scope' });
    await expect(opened({ gridCode: ACROSS }, 'duty1')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(opened({ gridCode: '533324' }, 'duty1')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(opened({ gridCode: '53332410120177' }, 'duty1')).rejects.toMatchObject({ code: 'unknown-code' });
    await expect(opened({ mostJoins: 501 })).rejects.toMatchObject({ code: 'bad-input' });
    await expect(opened({ hours: 25 })).rejects.toMatchObject({ code: 'bad-input' });
    const { id, code } = await opened();
    await expect((await api('cadre2')).post(`/api/v1/join-codes/${id}/close`)).rejects.toMatchObject({ code: 'out-of-scope' });
    await expect(seen('cadre2')).rejects.toMatchObject({ code: 'out-of-scope' });
    const live = alert;
    alert = await (await town.officer('cadre1')).orders({ at: [DASUO], mode: 'test', level: 'yellow' });
    await expect(opened({ gridCode: DASUO })).rejects.toMatchObject({ code: 'transition-refused' });
    alert = await (await town.officer('cadre1')).orders({ at: [DASUO], mode: 'drill', level: 'yellow' });
    const drill = await opened({ gridCode: DASUO });
    expect((await resident(drill.code).opens()).page).toContain('演练 演练 演练');
    const joined = await resident(drill.code).joins({ phone: NUMBER });
    await town.member({ link: joined.link! }).sees('演练');
    expect(sentTo(NUMBER)[0]?.words).toMatch(/^【演练】已加入集结/);
    alert = live;
    expect((await resident(code).joins({ phone: NUMBER })).status).toBe(303);
    expect((await seen()).joined).toHaveLength(1);
  });

  it('he ends with the alert, is given no household’s secrets, and stays only when an officer says so', async () => {
    const { code } = await opened();
    const [ends, stays] = [
      await resident(code).joins({ name: '演示走', gridCode: DASUO }),
      await resident(code).joins({ name: '演示留', gridCode: DASUO, phone: NUMBER }),
    ];
    await resident(code).joins({ name: '演示忘', gridCode: DASUO });
    const byName = async (name: string) => (await seen()).joined.find((one) => one.name === name)!;
    const keep = await byName('演示留');
    await expect((await api('cadre2')).post(`/api/v1/members/${keep.memberId}/keep`)).rejects.toMatchObject({ code: 'out-of-scope' });
    await expect((await api()).post(`/api/v1/members/${keep.memberId}/let-go`)).rejects.toMatchObject({ code: 'transition-refused' });
    for (let twice = 0; twice < 2; twice++) await (await api()).post(`/api/v1/members/${keep.memberId}/keep`);
    expect(await byName('演示留')).toMatchObject({ kept: true });
    expect((await town.toldOf('member.kept')).length).toBe(1);
    await (await town.officer('cadre1')).ends(alert);
    await town.member({ link: ends.link! }).sees('险情已解除');
    // Who is let go is erased, there and here; who is on the lists is not let go so.
    const gone = await byName('演示走');
    const letGo = async (memberId: string, username: Username = 'cadre1') => (await api(username)).post(`/api/v1/members/${memberId}/let-go`);
    await expect(letGo(gone.memberId, 'cadre2')).rejects.toMatchObject({ code: 'out-of-scope' });
    await letGo(gone.memberId);
    await town.clock.settle();
    expect((await seen()).joined.map(({ name }) => name)).toEqual(['演示留', '演示忘']);
    expect(await answers()).toMatchObject({ joined: { total: 3 } });
    await expect(letGo(gone.memberId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(letGo(keep.memberId)).rejects.toMatchObject({ code: 'transition-refused' });
    expect((await town.toldOf('member.let-go')).length).toBe(1);

    alert = await (await town.officer('cadre1')).orders({ at: [DASUO], level: 'yellow' });
    const called = await (await town.officer('cadre1')).called(alert);
    expect(called.map(({ name }) => name).toSorted()).toEqual(['演示甲', '演示乙', '演示丙', '演示留'].toSorted());
    const { doors } = await (await api()).get<{ doors: { memberId: string | null }[] }>(`/api/v1/alerts/${alert}/rollcall/doors`);
    expect(doors.map(({ memberId }) => memberId)).not.toContain((await town.toldOf('member.joined'))[0]!.data['memberId']);
    expect(stays.status).toBe(303);
  });

  it('who joined is put into a section, and it says that he joined on the spot', async () => {
    await (await town.officer('cadre1')).ends(alert);
    alert = await (await town.officer('cadre1')).orders({ at: [DASUO], level: 'orange' });
    await town.clock.settle();
    const { code } = await opened({ gridCode: DASUO });
    await resident(code).joins({ name: '演示抬', skills: ['carrying'] });
    const { groups } = await (
      await api()
    ).get<{ groups: { seats: { name: string; section: string; reasons: { zh: string }[] }[] }[] }>(`/api/v1/alerts/${alert}/sections`);
    expect(groups[0]!.seats).toMatchObject([{ name: '演示抬', section: 'evacuation' }]);
    expect(groups[0]!.seats[0]!.reasons.map(({ zh }) => zh)).toEqual(['担架搬运', '本组', '现场加入']);
    expect(await town.brokenPromises()).toEqual([]);
  });
});
