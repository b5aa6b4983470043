// Which loudspeakers would not sound: the worst first, with their last proofs; nobody sees beyond his scope.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SpeakersView } from '@laba/domain/speaker-view';
import { SESSION_COOKIE } from '@laba/runtime/http';
import { any } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import { COUNTY, GROUP_A, GROUP_B, OTHER, VILLAGE, Watch } from '../watch.test-kit.ts';

const DAY_MS = 86_400_000;
const PLACES = [
  ['s-a', GROUP_A],
  ['s-b', GROUP_B],
  ['s-v', VILLAGE],
  ['s-o', OTHER],
] as const;

type Proofs = Partial<Tables['speakerStatus']['$inferInsert']>;

describe('the list of loudspeakers', () => {
  let watch: Watch;
  beforeEach(async () => {
    watch = await Watch.open();
    for (const [id, gridCode] of PLACES) await gateway(id, gridCode);
  });

  async function gateway(id: string, gridCode: string): Promise<void> {
    const row = { id: `gw-${id}`, siteId: `site-${id}`, gridCode, status: 'active' as const, passwordHash: '', publicKey: '', createdAtMs: 0 };
    await watch.deps.db.atomically([any((q, t) => q.insert(t.gateway).values(row).returning({ id: t.gateway.id }))]);
  }
  const status = (speakerId: string, proofs: Proofs) =>
    watch.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.speakerStatus)
          .values({ speakerId, player: 'ok', ...proofs })
          .returning({ id: t.speakerStatus.speakerId }),
      ),
    ]);
  const revoke = (id: string) =>
    watch.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.gateway)
          .set({ status: 'revoked' })
          .where(eq(t.gateway.id, `gw-${id}`))
          .returning({ id: t.gateway.id }),
      ),
    ]);
  const read = async (officer: 'county' | 'village' | 'other' = 'county', query = '') =>
    (await watch.get<SpeakersView>(officer, `/api/v1/speakers${query}`)).body;
  const listed = async () => (await read()).speakers.map(({ speakerId, health }) => `${speakerId} ${health}`);
  const csv = async (lang: string) =>
    (await watch.app.inject({ method: 'GET', url: `/api/v1/speakers.csv?lang=${lang}`, cookies: { [SESSION_COOKIE]: 'county' } })).body;

  it('begins with what surely will not sound, and ends with what was proven', async () => {
    const nowMs = watch.clock.now();
    await watch.heard('s-a', GROUP_A);
    await watch.heard('s-b', GROUP_B);
    await watch.heard('s-o', OTHER);
    await status('s-a', { player: 'failed', reason: 'player broken', lastPlayedAtMs: nowMs - DAY_MS });
    await status('s-o', { lastPlayedAtMs: nowMs - 3 * DAY_MS, lastSoundedAtMs: nowMs - 2 * DAY_MS });
    expect(await listed()).toEqual(['s-a failed', 's-v silent', 's-b never', 's-o proven']);
    const { speakers, total } = await read();
    expect(speakers[0]).toMatchObject({ provenBy: 'played', lastProvenAtMs: nowMs - DAY_MS });
    expect(speakers[0]?.reason?.zh).toBeTruthy();
    expect(speakers.at(-1)).toMatchObject({ provenBy: 'sounded', lastProvenAtMs: nowMs - 2 * DAY_MS, reason: null, lastSeenAtMs: nowMs });
    expect(total).toEqual({ failed: 1, 'no-gateway': 0, silent: 1, never: 1, old: 0, proven: 1 });
  });

  it('says when a proof is too old, that a gateway fell silent, and that one was revoked', async () => {
    const nowMs = watch.clock.now();
    for (const [id, gridCode] of PLACES) {
      await watch.heard(id, gridCode);
      await status(id, { lastPlayedAtMs: nowMs - 30 * DAY_MS });
    }
    await revoke('s-v');
    expect(await listed()).toEqual(['s-v no-gateway', 's-a proven', 's-b proven', 's-o proven']);
    watch.clock.set(nowMs + 1);
    expect(await listed()).toEqual(['s-v no-gateway', 's-a old', 's-b old', 's-o old']);
    watch.clock.set(nowMs + 70_000);
    expect(await listed()).toEqual(['s-v no-gateway', 's-a silent', 's-b silent', 's-o silent']);
  });

  it('adds up by township, and shows an officer his own area only', async () => {
    const { total, townships, speakers } = await read();
    expect(townships.map(({ code }) => code)).toEqual(['533324100']);
    expect(townships[0]?.counts).toEqual(total);
    expect(Object.values(total).reduce((sum, count) => sum + count)).toBe(speakers.length);
    expect((await read('other')).speakers.map(({ speakerId }) => speakerId)).toEqual(['s-o']);
    expect((await read('county', `?grid=${GROUP_B}`)).speakers.map(({ speakerId }) => speakerId)).toEqual(['s-b']);
    expect((await watch.get('other', `/api/v1/speakers?grid=${COUNTY}`)).status).toBe(403);
    expect((await watch.get('other', `/api/v1/speakers.csv?grid=${VILLAGE}`)).status).toBe(403);
  });

  it('goes out as a table in both languages, in which nothing becomes a formula', async () => {
    await watch.deps.db.atomically([
      any((q, t) => q.update(t.speaker).set({ name: '=HYPERLINK("x")' }).where(eq(t.speaker.id, 's-a')).returning({ id: t.speaker.id })),
    ]);
    await watch.heard('s-a', GROUP_A);
    await status('s-a', { lastPlayedAtMs: watch.clock.now() });
    const [zh, en] = [await csv('zh-CN'), await csv('en')];
    expect(zh.split('\r\n')).toHaveLength(2 + PLACES.length + 1);
    expect(zh).toContain('最近一次证实出声');
    expect(en).toContain('its gateway says that it played');
    expect(en).toContain(`"'=HYPERLINK(""x"")"`);
  });
});
