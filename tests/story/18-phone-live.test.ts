// Chapter 5, the open phone page: it hears at once what changed for it, in whichever process that happened, and nothing of others.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneState } from '@laba/domain/phone-page';
import { DASUO } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

describe('an open phone page', () => {
  let town: Town;
  let alert: string;
  let links: string[];
  const open: AbortController[] = [];
  beforeEach(async () => {
    town = await openTown();
    const cadre = await town.officer('cadre1');
    alert = await cadre.orders({ at: [DASUO] });
    links = (await cadre.called(alert)).map((call) => call.link);
  });
  afterEach(async () => {
    for (const one of open.splice(0)) one.abort();
    await town.close();
  });

  /** Reads a page's stream until its end; `states`: what it was told so far. */
  async function listen(link: string): Promise<{ status: number; states: PhoneState[]; beats: number; over: boolean }> {
    const gone = new AbortController();
    open.push(gone);
    const response = await fetch(new URL(`${link}/events`, town.house.url()), { signal: gone.signal });
    const heard = { status: response.status, states: [] as PhoneState[], beats: 0, over: false };
    const read = async () => {
      let text = '';
      for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
        text += bytes;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (/^event: state$/m.test(block)) heard.states.push(JSON.parse(data!) as PhoneState);
          if (/^event: beat$/m.test(block)) heard.beats++;
        }
      }
      heard.over = true;
    };
    read().catch(() => {});
    return heard;
  }

  it('is told the whole state at once, and again when an officer, another phone or the alert changed it', async () => {
    const [first, second] = [await listen(links[0]!), await listen(links[1]!)];
    await town.eventually('both pages know how it stands', () => first.states.length === 1 && second.states.length === 1);
    const cadre = await town.officer('cadre1');
    const [call] = await cadre.called(alert);
    await cadre.api.post(`/api/v1/calls/${call!.id}/answer-for`, { answer: 'coming', means: 'telephone' });
    await town.eventually('the page hears what the officer wrote down', () => first.states.at(-1)!.answer?.byOfficer === true);
    await town.member(call!).answers('arrived');
    await town.eventually('the page hears what the other phone said', () => first.states.at(-1)!.answer?.answer === 'arrived');
    expect(second.states.every((state) => state.answer === null)).toBe(true);
    await cadre.ends(alert);
    await town.eventually('both hear the end', () => [first, second].every(({ states }) => states.at(-1)!.alertState === 'ended'));
    expect(second.states.at(-1)).toMatchObject({ isOpen: false, answer: null });
  });

  it('hears that it still listens; a revoked link ends its page, and no page of it opens again', async () => {
    const page = await listen(links[0]!);
    await town.eventually('the page is open', () => page.states.length === 1);
    await town.clock.advance(16_000);
    await town.eventually('a heartbeat came', () => page.beats > 0);
    const cadre = await town.officer('cadre1');
    const [call] = await cadre.called(alert);
    await cadre.api.post(`/api/v1/alerts/${alert}/members/${call!.memberId}/revoke-link`, {});
    await town.eventually('its page ends', () => page.over);
    expect((await listen(links[0]!)).status).toBe(404);
  });

  it('a fourth page of one call is refused and asks instead; one that closes makes room', async () => {
    const pages = [await listen(links[0]!), await listen(links[0]!), await listen(links[0]!)];
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await listen(links[0]!)).status).toBe(503);
    expect((await listen(links[1]!)).status).toBe(200);
    open[0]!.abort();
    await town.eventually('there is room again', async () => (await listen(links[0]!)).status === 200);
  });
});
