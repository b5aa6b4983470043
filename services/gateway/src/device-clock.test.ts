// Time in the activity room: unknown, wrong, stepped back.
import { describe, expect, it } from 'vitest';
import { GROUP, START_MS, spoolFile, Village } from './village.test-kit.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const MINUTE = 60_000;
const HOUR = 3_600_000;

describe('a box without a clock', () => {
  it('plays nothing until a signed answer to its own question tells the time, then what was waiting', async () => {
    const v = await new Village({ clockKnown: false, startMs: Date.UTC(1970, 0, 1), answers: false }).start();
    v.countyMs = () => START_MS;
    await v.hears(v.wire({ playTimes: 1 }));
    await v.advance(3_000);
    expect(v.player.starts).toEqual([]);
    expect(v.line.states[0]!.clockKnown).toBe(false);
    v.answer(v.line.hellos.at(-1)!);
    await v.clock.settle();
    expect(v.said()).toEqual(['received', 'playing 1']);
    expect(v.line.reports.at(-1)!.startTime!.slice(0, 16)).toBe(iso(START_MS).slice(0, 16));
  });

  it('does not play a recorded command that is over by the time it learns', async () => {
    const v = await new Village({ clockKnown: false, startMs: Date.UTC(1970, 0, 1), answers: false }).start();
    v.countyMs = () => START_MS;
    const recorded = v.wire();
    v.countyMs = () => START_MS + 3 * HOUR;
    await v.hears(recorded);
    v.answer(v.line.hellos.at(-1)!);
    await v.clock.settle();
    expect(v.said()).toEqual(['refused expired']);
    expect(v.player.starts).toEqual([]);
  });

  it('believes no snapshot that answers another question, an old one, or the same one twice', async () => {
    const v = await new Village({ clockKnown: false, startMs: 0, answers: false }).start();
    v.countyMs = () => START_MS;
    v.answer({ ...v.line.hellos[0]!, nonce: 'somebody-else' });
    await v.clock.settle();
    expect(v.gateway.clockKnown).toBe(false);
    await v.advance(40_000);
    expect(v.line.hellos.at(-1)!.nonce).not.toBe(v.line.hellos[0]!.nonce);
    v.answer(v.line.hellos[0]!);
    await v.clock.settle();
    expect(v.gateway.clockKnown).toBe(false);
    v.answer(v.line.hellos.at(-1)!);
    await v.clock.settle();
    expect(v.gateway.clockKnown).toBe(true);
  });

  it("believes no time signed by the drill's key", async () => {
    const v = await new Village({ clockKnown: false, startMs: 0, answers: false }).start();
    const { nonce } = v.line.hellos[0]!;
    v.countyMs = () => START_MS;
    await v.hears(
      v.sign({
        type: 'snapshot',
        ...v.head({ mode: 'drill' }),
        body: { nonce, commands: [], tombstones: [], journalId: null, reportsHeldUpTo: 0, highestSeq: 0 },
      }),
    );
    await v.hears(
      v.sign(
        {
          type: 'snapshot',
          ...v.head({ mode: 'live', scope: [GROUP] }),
          body: { nonce, commands: [], tombstones: [], journalId: null, reportsHeldUpTo: 0, highestSeq: 0 },
        },
        v.signers.township,
      ),
    );
    expect(v.gateway.clockKnown).toBe(false);
    expect(v.said()).toEqual(['unknown refused key-mode', 'unknown refused key-scope']);
  });

  it('falls silent without one: a stop needs no clock, and is remembered', async () => {
    const v = await new Village({ clockKnown: false, startMs: 0, answers: false }).start();
    v.countyMs = () => START_MS;
    const alert = v.wire();
    await v.hears(v.wire({ action: 'stop', stopReason: 'cancelled' }));
    await v.hears(alert);
    v.answer(v.line.hellos.at(-1)!);
    await v.clock.settle();
    expect(v.said()).toEqual(['refused cancelled']);
  });

  it('resumes nothing after a restart until it knows the time', async () => {
    const file = spoolFile();
    const first = await new Village({ file, clockKnown: false }).start();
    await first.hears(first.wire());
    expect(first.starts()).toEqual(['alert-1 1 1']);
    first.line.up(false);
    await first.db.close();
    const v = await new Village({ file, signers: first.signers, clockKnown: false, startMs: 0, answers: false }).start();
    v.countyMs = () => START_MS + 2 * HOUR;
    await v.advance(HOUR);
    expect(v.player.starts).toEqual([]);
    v.answer(v.line.hellos.at(-1)!);
    await v.clock.settle();
    expect(v.player.starts).toEqual([]);
    expect(v.said().at(-1)).toBe('stopped 1 expired');
  });
});

describe('a clock that is wrong', () => {
  it('before the signed floor is not believed after a restart', async () => {
    const file = spoolFile();
    const first = await new Village({ file }).start();
    await first.hears(first.wire());
    first.held(0);
    await first.clock.settle();
    first.line.up(false);
    await first.db.close();
    const v = await new Village({ file, signers: first.signers, startMs: START_MS - 24 * HOUR, answers: false }).start();
    expect(v.gateway.clockKnown).toBe(false);
    await v.advance(MINUTE);
    expect(v.player.starts).toEqual([]);
    v.countyMs = () => START_MS + MINUTE;
    v.answer(v.line.hellos.at(-1)!);
    await v.clock.settle();
    expect(v.starts()).toEqual(['alert-1 1 2']);
  });

  it('some minutes behind the county’s delays no order: what is meant for now sounds now, what is meant for later waits', async () => {
    const v = await new Village().start();
    v.countyMs = () => v.clock.now() + 4 * MINUTE;
    await v.hears(v.wire());
    expect(v.starts()).toEqual(['alert-1 1 1']);
    await v.hears(v.wire({ alertId: 'later', startTime: iso(v.countyMs() + MINUTE) }));
    await v.advance(MINUTE / 2);
    expect(v.starts().filter((one) => one.startsWith('later'))).toEqual([]);
  });

  it('asks once about what its house signed by a wrong time, however often that comes, and hears the next order', async () => {
    const v = await new Village().start();
    const fromTheFuture = v.wire({ alertId: 'old', action: 'stop', iat: START_MS / 1000 + 90 * 24 * 3_600 });
    v.line.onHello = (hello) => {
      v.say(fromTheFuture);
      v.answer(hello);
    };
    const asked = v.line.hellos.length;
    v.say(fromTheFuture);
    await v.clock.settle(200);
    expect(v.line.hellos.length).toBe(asked + 1);
    await v.hears(v.wire());
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('that steps back while it runs changes nothing: the alert ends when it ends', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ endTime: iso(START_MS + 5 * MINUTE) }));
    await v.advance(MINUTE);
    v.step(-2 * HOUR);
    await v.advance(3 * HOUR);
    expect(v.said().at(-1)).toMatch(/^stopped \d+ expired$/);
    expect(v.player.starts.length).toBe(5);
  });

  it('that steps back does not let an expired command in', async () => {
    const v = await new Village().start();
    const wire = v.wire({ exp: START_MS / 1000 + 60 });
    await v.advance(2 * MINUTE);
    v.step(-HOUR);
    await v.hears(wire);
    expect(v.said()).toEqual(['refused expired']);
  });

  it("far from the county's is set right by the county's answer, in both directions", async () => {
    for (const off of [-HOUR, HOUR]) {
      const v = new Village({ startMs: START_MS + off });
      v.countyMs = () => v.clock.now() - off;
      await v.start();
      await v.hears(v.wire({ endTime: iso(START_MS + 5 * MINUTE) }));
      expect(v.said()).toEqual(['received', 'playing 1']);
      await v.advance(10 * MINUTE);
      expect(v.player.starts.map((s) => s.atMs - off - START_MS)).toEqual([0, 70_000, 140_000, 210_000, 280_000]);
      expect(v.said().at(-1)).toBe('stopped 5 expired');
    }
  });

  it('a little slow is carried along by every signed word, and goes on between them', async () => {
    const v = new Village({ startMs: START_MS - 2 * MINUTE });
    v.countyMs = () => v.clock.now() + 2 * MINUTE;
    await v.start();
    await v.hears(v.wire({ playTimes: 2 }));
    v.held(0);
    await v.advance(MINUTE / 2);
    v.held(0);
    await v.advance(5 * MINUTE);
    expect(v.player.starts.map((s) => s.atMs + 2 * MINUTE - START_MS)).toEqual([0, 70_000]);
  });

  it('set right from far behind runs on: the alert repeats, and ends when it ends', async () => {
    const v = new Village({ startMs: START_MS - 72 * HOUR });
    v.countyMs = () => v.clock.now() + 72 * HOUR;
    await v.start();
    await v.hears(v.wire({ endTime: iso(START_MS + 5 * MINUTE) }));
    await v.advance(10 * MINUTE);
    expect(v.said().at(-1)).toMatch(/^stopped \d+ expired$/);
    expect(v.player.starts.length).toBe(5);
  });

  it("of the county that was ahead and was set right does not make the box's time stand still: the alert repeats", async () => {
    const v = new Village();
    v.countyMs = () => v.clock.now() + HOUR;
    await v.start();
    v.countyMs = () => v.clock.now();
    v.line.up(false);
    v.line.up(true);
    await v.clock.settle();
    await v.hears(v.wire({ endTime: iso(START_MS + 3 * HOUR) }));
    await v.advance(10 * MINUTE);
    expect(v.player.starts.length).toBeGreaterThanOrEqual(8);
  });

  it('of a county that went ahead is asked for before anything is refused: the alert sounds, and its stop is heard', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ alertId: 'old', endTime: iso(START_MS + 3 * HOUR), exp: (START_MS + 3 * HOUR) / 1000 }));
    v.countyMs = () => v.clock.now() + HOUR;
    await v.hears(v.wire({ alertId: 'old', action: 'stop', stopReason: 'ended' }));
    await v.hears(v.wire());
    expect(v.said()).toEqual(['old received', 'old playing 1', 'old stopped 1 ended', 'received', 'playing 1']);
  });

  it('is not driven into the future by a word that answers no question', async () => {
    const v = await new Village({ answers: false }).start();
    v.held(0, { iat: START_MS / 1000 + 86_400 });
    await v.clock.settle();
    await v.hears(v.wire());
    expect(v.said()).toEqual(['received', 'playing 1']);
  });
});
