// Chapter 6, watch: the live stream over a real connection: replay, scope, heartbeat, the slow reader, the end.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { SESSION_COOKIE } from '@laba/runtime/http';
import { any } from '@laba/storage/database';
import { LiveFeed } from './live-feed.ts';
import { GROUP_A, OFFICERS, OTHER, VILLAGE, Watch } from './watch.test-kit.ts';

interface Message {
  event: string;
  id: number | undefined;
  data: { type?: string; seq?: number; zh?: string; atMs?: number };
}

class Reader {
  readonly messages: Message[] = [];
  comments = 0;
  ended = false;
  readonly response: IncomingMessage;

  constructor(response: IncomingMessage) {
    this.response = response;
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.#read(block);
    });
    response.on('close', () => {
      this.ended = true;
    });
    response.on('error', () => {});
  }

  #read(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    if (block.startsWith(':')) this.comments += 1;
    const id = field('id');
    this.messages.push({
      event: field('event') ?? 'message',
      id: id === undefined ? undefined : Number(id),
      data: JSON.parse(field('data') ?? '{}') as Message['data'],
    });
  }

  get types(): string[] {
    return this.messages.filter((message) => message.event === 'event').map((message) => message.data.type ?? '');
  }
}

describe('the live stream', () => {
  let watch: Watch;
  let port: number;
  beforeEach(async () => {
    watch = await Watch.open();
    await watch.service.start?.();
    await watch.app.listen({ host: '127.0.0.1', port: 0 });
    port = (watch.app.server.address() as AddressInfo).port;
  });
  afterEach(() => watch.app.close());

  const connect = (officer: keyof typeof OFFICERS, path = '', headers: Record<string, string> = {}) =>
    new Promise<Reader>((resolve, reject) => {
      const request = httpRequest(
        { host: '127.0.0.1', port, path: `/api/v1/live${path}`, headers: { cookie: `${SESSION_COOKIE}=${officer}`, ...headers } },
        (response) => resolve(new Reader(response)),
      );
      request.on('error', reject);
      request.end();
    });
  const until = async (done: () => boolean) => {
    for (let tries = 0; tries < 400 && !done(); tries++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(done()).toBe(true);
  };
  const quiet = () => new Promise((resolve) => setTimeout(resolve, 60));

  it('tells what happens while it happens, inside the scope only', async () => {
    const [county, cadre] = [await connect('county'), await connect('village')];
    await until(() => county.messages.length === 1 && cadre.messages.length === 1);
    await watch.tell('site.silent', OTHER, 'site-s-o', { siteId: 'site-s-o', how: 'last-will', lastSeenMs: 1 });
    await watch.tell('speaker.mended', GROUP_A, 's-a', { siteId: 'site-s-a' });
    await until(() => county.types.length === 2 && cadre.types.length === 1);
    expect(county.messages[1]?.data.zh).toBe('活动室 s-o 活动室 失联');
    expect(cadre.types).toEqual(['speaker.mended']);
    await quiet();
    expect(cadre.types).toHaveLength(1);
  });

  it('lets who is touched by an alert see it raised, and hides it from who is not', async () => {
    const [touched, other] = [await connect('village'), await connect('other')];
    await watch.alert([VILLAGE]);
    await until(() => touched.types.length === 1);
    await quiet();
    expect([touched.types, other.types]).toEqual([['alert.raised'], []]);
  });

  it('replays from the last event id without a gap or a double, also while new events come', async () => {
    for (let n = 0; n < 1_200; n++) await watch.tell('speaker.mended', GROUP_A, 's-a', { siteId: `${n}` });
    const reader = await connect('county', '', { 'last-event-id': '100' });
    for (let n = 0; n < 50; n++) await watch.tell('speaker.mended', GROUP_A, 's-a', { siteId: `later ${n}` });
    await until(() => reader.types.length >= 1_150);
    await quiet();
    expect(reader.messages.filter((message) => message.event === 'event').map((message) => message.id)).toEqual(
      Array.from({ length: 1_150 }, (_, i) => 101 + i),
    );
  });

  it('tells who was away too long, or comes from another database, to read everything anew', async () => {
    await watch.tell('speaker.mended', GROUP_A, 's-a', { siteId: 'x' });
    const ahead = await connect('county', '?lastEventId=999999');
    await until(() => ahead.messages.length === 1);
    expect(ahead.messages[0]).toMatchObject({ event: 'resync', id: 1 });
  });

  it('narrows to one alert when asked', async () => {
    const id = await watch.alert([VILLAGE]);
    const reader = await connect('county', `?alert=${id}`);
    await watch.tell('delivery.received', GROUP_A, 's-a', {}, 'another');
    await watch.tell('delivery.received', GROUP_A, 's-a', {}, id);
    await until(() => reader.types.length === 1);
    expect(reader.messages.at(-1)?.data.seq).toBe(3);
  });

  it('beats every 15 seconds with the newest id, so that nothing invisible is replayed', async () => {
    const cadre = await connect('village');
    await until(() => cadre.messages.length === 1);
    await watch.tell('speaker.mended', OTHER, 's-o', { siteId: 'x' });
    await quiet();
    await watch.clock.advance(15_000);
    await until(() => cadre.comments === 1);
    expect(cadre.messages.at(-1)).toMatchObject({ event: 'beat', id: 1, data: { atMs: watch.clock.now() } });
  });

  it('ends the page of an officer who was disabled, and follows his new scope', async () => {
    const [gone, moved] = [await connect('other'), await connect('village')];
    await until(() => gone.messages.length === 1 && moved.messages.length === 1);
    await watch.deps.db.atomically([
      any((q, t) => q.update(t.officer).set({ disabled: true }).where(eq(t.officer.id, 'o-other')).returning({ id: t.officer.id })),
      any((q, t) =>
        q
          .update(t.officer)
          .set({ scopes: [OTHER] })
          .where(eq(t.officer.id, 'o-village'))
          .returning({ id: t.officer.id }),
      ),
    ]);
    await watch.clock.advance(15_000);
    await until(() => gone.ended);
    await watch.tell('speaker.mended', OTHER, 's-o', { siteId: 'x' });
    await until(() => moved.types.length === 1);
  });

  it('ends the page of whoever came in by a local code that is no more', async () => {
    const cadre = await connect('village');
    await until(() => cadre.messages.length === 1);
    await watch.deps.db.atomically([
      any((q, t) => q.update(t.session).set({ localOfficerId: 'revoked' }).where(eq(t.session.officerId, 'o-village')).returning({ id: t.session.tokenHash })),
    ]);
    await watch.clock.advance(15_000);
    await until(() => cadre.ended);
  });

  it('does not buffer for a reader who does not read, and goes on serving the others', async () => {
    const feed = new LiveFeed(watch.deps);
    await feed.start();
    const [slow, fast] = [await feed.open(OFFICERS.county, {}), await feed.open(OFFICERS.county, {})];
    let taken = 0;
    fast.on('data', (bytes: Buffer) => {
      taken += bytes.length;
    });
    const words = 'x'.repeat(2_000);
    for (let n = 0; n < 300; n++) await watch.tell('speaker.failed', GROUP_A, 's-a', { siteId: 's', reason: words });
    await until(() => taken > 300 * 4_000);
    expect(slow.readableLength).toBeLessThanOrEqual(LIMITS.liveBufferedBytes);
    await watch.clock.advance(75_000);
    await until(() => slow.destroyed);
    expect([feed.openPages, fast.destroyed]).toEqual([1, false]);
    await feed.stop();
  });

  it('leaves out what is told once per target when the page asks for calm', async () => {
    const id = await watch.alert([VILLAGE]);
    const reader = await connect('county', '?calm=true&lastEventId=0');
    await watch.tell('call.unanswered', GROUP_A, `${id}-1`, {}, id);
    await watch.tell('call.read', GROUP_A, `${id}-1`, {}, id);
    await until(() => reader.types.length === 2);
    expect(reader.types).toEqual(['alert.raised', 'call.read']);
  });

  it('lets a calm page hear the marks of the one roll-call that it looks at, and of its place alone', async () => {
    const [id, other] = [await watch.alert([VILLAGE]), await watch.alert([VILLAGE])];
    const [whole, one] = [await connect('county', `?calm=true&marksOf=${id}`), await connect('county', `?calm=true&marksOf=${id}&marksAt=${GROUP_A}`)];
    for (const [alertId, code] of [
      [other, GROUP_A],
      [id, VILLAGE],
      [id, GROUP_A],
    ] as const)
      await watch.tell('person.marked', code, `${alertId}-${code}`, { status: 'moved', was: 'unreached', means: 'tag' }, alertId);
    await until(() => whole.types.length === 2 && one.types.length === 1);
    expect([whole.types, one.types]).toEqual([['person.marked', 'person.marked'], ['person.marked']]);
  });

  it('refuses more pages than the limit', async () => {
    const feed = new LiveFeed(watch.deps);
    await feed.start();
    for (let n = 0; n < LIMITS.liveConnections; n++) await feed.open(OFFICERS.county, {});
    await expect(feed.open(OFFICERS.county, {})).rejects.toMatchObject({ code: 'overloaded' });
    await feed.stop();
  });

  it('lets the house close while pages are open', async () => {
    const reader = await connect('county');
    await watch.app.close();
    await until(() => reader.ended);
  });

  it('asks for a session', async () => {
    const reader = await connect('nobody' as 'county');
    expect(reader.response.statusCode).toBe(401);
  });
});
