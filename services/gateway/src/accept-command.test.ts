// What a device refuses, and what it does with what it accepts.
import { describe, expect, it } from 'vitest';
import { topics } from '@laba/domain/gateway-protocol';
import { COUNTY, GROUP, makeSigners, spoolFile, START_MS, TOWNSHIP, VILLAGE, Village } from './village.test-kit.ts';

const iso = (ms: number) => new Date(ms).toISOString();

describe('a command at the door', () => {
  it('that is right is received, then sounds', async () => {
    const v = await new Village().start();
    await v.hears(v.wire());
    expect(v.said()).toEqual(['received', 'playing 1']);
    expect(v.line.states.at(-1)!.speakers).toEqual([{ speakerId: 'pole-1', player: 'ok', playing: 'alert-1' }]);
    await v.advance(10_000);
    expect(v.said()).toEqual(['received', 'playing 1', 'played 1']);
    expect(v.line.reports.at(-1)).toMatchObject({ startTime: iso(START_MS), endTime: iso(START_MS + 10_000) });
  });

  it('reaches it over its own node and every ancestor, on exact topics', async () => {
    const v = await new Village().start();
    expect([...v.line.handlers.keys()].sort()).toEqual(v.topics().sort());
    v.line.deliver(topics.areaCommand(COUNTY, TOWNSHIP), v.wire({ scope: [TOWNSHIP], areaCode: [TOWNSHIP] }));
    await v.clock.settle();
    expect(v.said()).toEqual(['received', 'playing 1']);
  });

  it("that was forged with somebody else's key is refused and never sounds", async () => {
    const v = await new Village().start();
    await v.hears(v.sign(v.command(), makeSigners().live));
    expect(v.said()).toEqual(['unknown refused signature']);
    expect(v.player.starts).toEqual([]);
  });

  it('that was altered by one character is refused', async () => {
    const v = await new Village().start();
    const [head, body, signature] = v.wire().split('.') as [string, string, string];
    const altered = JSON.parse(Buffer.from(body, 'base64url').toString()) as { alertId: string };
    altered.alertId = 'alert-2';
    await v.hears(`${head}.${Buffer.from(JSON.stringify(altered)).toString('base64url')}.${signature}`);
    expect(v.said()).toEqual(['unknown refused signature']);
    expect(v.player.starts).toEqual([]);
  });

  it('that names no algorithm, or another one, is refused', async () => {
    const v = await new Village().start();
    const [head, body] = v.wire().split('.') as [string, string];
    for (const alg of ['none', 'HS256']) {
      const header = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(head, 'base64url').toString()), alg })).toString('base64url');
      await v.hears(`${header}.${body}.`);
    }
    expect(v.said()).toEqual(['unknown refused algorithm', 'unknown refused algorithm']);
  });

  it('that is rubbish ten thousand times makes at most ten reports a minute', async () => {
    const v = await new Village().start();
    for (let i = 0; i < 10_000; i++) {
      v.say('rubbish');
      if (i % 200 === 0) await v.clock.settle();
    }
    await v.clock.settle();
    expect(v.said().length).toBe(10);
    await v.advance(61_000);
    await v.hears('rubbish');
    expect(v.said().length).toBe(11);
  });

  it('that comes twice, or again after minutes, is ignored without a word', async () => {
    const v = await new Village().start();
    const wire = v.wire({ playTimes: 1 });
    v.say(wire);
    await v.hears(wire);
    await v.advance(120_000);
    await v.hears(wire);
    expect(v.said()).toEqual(['received', 'playing 1', 'played 1']);
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('that is replayed after its time is refused as expired', async () => {
    const v = await new Village().start();
    const wire = v.wire({ exp: START_MS / 1000 + 60, playTimes: 1 });
    await v.hears(wire);
    await v.advance(61_000);
    await v.hears(wire);
    expect(v.said()).toEqual(['received', 'playing 1', 'played 1', 'refused expired']);
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('that comes too late to begin is refused as expired', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ notAfter: iso(START_MS - 1) }));
    await v.hears(v.wire({ alertId: 'b', endTime: iso(START_MS) }));
    expect(v.said()).toEqual(['refused expired', 'b refused expired']);
    expect(v.player.starts).toEqual([]);
  });

  it('from the future is refused, a few minutes of skew are not', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ iat: START_MS / 1000 + 301 }));
    await v.hears(v.wire({ alertId: 'b', iat: START_MS / 1000 + 299 }));
    expect(v.said()).toEqual(['refused clock', 'b received', 'b playing 1']);
  });

  it('for another place is refused, also for a place under its own', async () => {
    const v = await new Village({ gridCode: VILLAGE }).start();
    await v.hears(v.wire({ scope: ['533324101'], areaCode: ['533324101'] }));
    await v.hears(v.wire({ alertId: 'b', scope: [GROUP], areaCode: [GROUP] }));
    await v.hears(v.wire({ alertId: 'c', scope: [VILLAGE], areaCode: ['533324101'] }));
    await v.hears(v.wire({ alertId: 'd', scope: ['533324101'], areaCode: [VILLAGE] }));
    expect(v.said()).toEqual(['refused area', 'b refused area', 'c refused area', 'd refused area']);
    expect(v.player.starts).toEqual([]);
  });

  it('for another county is refused', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ aud: '533325' }));
    expect(v.said()).toEqual(['unknown refused county']);
  });

  it("signed by a township's key cannot sound the county", async () => {
    const v = await new Village().start();
    await v.hears(v.sign(v.command({ scope: [COUNTY], areaCode: [COUNTY] }), v.signers.township));
    expect(v.said()).toEqual(['unknown refused key-scope']);
    await v.hears(v.sign(v.command({ scope: [TOWNSHIP], areaCode: [TOWNSHIP] }), v.signers.township));
    expect(v.said(1)).toEqual(['received', 'playing 1']);
  });

  it("for live, signed with the drill's key, is refused", async () => {
    const v = await new Village().start();
    await v.hears(v.sign(v.command(), v.signers.drill));
    expect(v.said()).toEqual(['unknown refused key-mode']);
    expect(v.player.starts).toEqual([]);
  });

  it('in mode test is received and never sounds, also in quiet hours', async () => {
    const v = await new Village({ speakers: 2 }).start();
    await v.hears(v.wire({ mode: 'test', texts: [], quietHours: { from: '00:00', to: '23:59', utcOffsetMinutes: 0 } }));
    await v.advance(600_000);
    expect(v.said()).toEqual(['received', 'received']);
    expect(v.player.starts).toEqual([]);
  });

  it('for a drill in English only plays, when it says that it is one; one silent language betrays a drill', async () => {
    const v = await new Village().start();
    const en = (text: string) => ({ language: 'en', title: 'Drill', text });
    await v.hears(v.wire({ mode: 'drill', texts: [en('Go to the activity room.')] }));
    await v.hears(
      v.wire({
        mode: 'drill',
        alertId: 'b',
        texts: [
          { language: 'zh-CN', title: '演练', text: '演练，演练。走。' },
          { language: 'lis', title: '演练', text: 'move' },
        ],
      }),
    );
    await v.hears(v.wire({ mode: 'drill', alertId: 'c', texts: [en('This is a drill. Go to the activity room.')] }));
    expect(v.said()).toEqual(['refused drill-words', 'b refused drill-words', 'c received', 'c playing 1']);
  });

  it('for a drill whose words do not say 演练 is refused', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ mode: 'drill', texts: [{ language: 'zh-CN', title: '演练', text: '请立即转移。' }] }));
    await v.hears(v.wire({ mode: 'drill', alertId: 'b' }));
    expect(v.said()).toEqual(['refused drill-words', 'b received', 'b playing 1']);
  });

  it('in its quiet hours is refused, outside it sounds', async () => {
    const v = await new Village().start();
    // 04:00 UTC is 12:00 in China.
    await v.hears(v.wire({ level: 'blue', quietHours: { from: '11:30', to: '12:01', utcOffsetMinutes: 480 } }));
    await v.hears(v.wire({ alertId: 'b', level: 'blue', quietHours: { from: '21:30', to: '07:00', utcOffsetMinutes: 480 } }));
    expect(v.said()).toEqual(['refused quiet-hours', 'b received', 'b playing 1']);
  });

  it('to speak live is answered: not supported', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ action: 'live-voice' }));
    expect(v.line.reports).toMatchObject([{ state: 'refused', reason: 'not-supported', revision: 0, alertId: 'alert-1' }]);
  });

  it('is refused once per reason, however often it comes', async () => {
    const v = await new Village().start();
    const wire = v.wire({ scope: ['533324101'], areaCode: ['533324101'] });
    for (let i = 0; i < 5; i++) await v.hears(wire);
    expect(v.said()).toEqual(['refused area']);
  });
});

describe('stop and its like', () => {
  it('stop silences at once and says why; the same alert never sounds again', async () => {
    const v = await new Village({ speakers: 2 }).start();
    await v.hears(v.wire());
    await v.advance(3_000);
    await v.hears(v.wire({ action: 'stop', stopReason: 'ended' }));
    expect(v.player.starts.map((s) => [s.outcome, s.endedMs! - s.atMs])).toEqual([
      ['cut', 3_000],
      ['cut', 3_000],
    ]);
    expect(v.said(4)).toEqual(['stopped 1 ended', 'stopped 1 ended']);
    await v.hears(v.wire());
    await v.advance(3_600_000);
    expect(v.said(6)).toEqual(['refused ended', 'refused ended']);
    expect(v.player.starts.length).toBe(2);
  });

  it('a cancel that comes while the start is being written down still comes in time', async () => {
    const v = await new Village().start();
    const atomically = v.db.atomically.bind(v.db);
    let release = () => {};
    const written = new Promise<void>((resolve) => (release = resolve));
    v.db.atomically = (async (ops: Parameters<typeof atomically>[0]) => {
      const rows = await atomically(ops);
      if (ops.some((op) => op.values?.['startedMs'] !== undefined)) await written;
      return rows;
    }) as unknown as typeof v.db.atomically;
    await v.hears(v.wire());
    await v.hears(v.wire({ action: 'stop', stopReason: 'cancelled' }));
    release();
    await v.advance(3_600_000);
    expect(v.player.starts).toEqual([]);
    expect(v.said()).toEqual(['received', 'stopped 1 cancelled']);
  });

  it('a cancel that comes before its alert refuses it', async () => {
    const v = await new Village().start();
    const alert = v.wire();
    await v.hears(v.wire({ action: 'stop', stopReason: 'cancelled' }));
    await v.hears(alert);
    expect(v.said()).toEqual(['refused cancelled']);
    expect(v.player.starts).toEqual([]);
  });

  it("the tombstone holds after a restart and beyond the alert's own end", async () => {
    const file = spoolFile();
    const first = await new Village({ file }).start();
    await first.hears(first.wire({ action: 'stop', stopReason: 'cancelled' }));
    await first.gateway.stop();
    await first.db.close();
    const v = await new Village({ file, signers: first.signers, startMs: START_MS + 20 * 3_600_000 }).start();
    await v.hears(v.wire());
    expect(v.said()).toEqual(['refused cancelled']);
  });

  it("a drill's stop does not touch a live alert, nor a township's one of the county", async () => {
    const v = await new Village().start();
    await v.hears(v.wire());
    await v.hears(v.wire({ mode: 'drill', action: 'stop', stopReason: 'cancelled' }));
    await v.hears(v.wire({ mode: 'drill', action: 'stop-all', stopReason: 'cancelled' }));
    await v.hears(v.sign(v.command({ action: 'stop', stopReason: 'cancelled' }), v.signers.township));
    expect(v.said()).toEqual(['received', 'playing 1']);
    expect(v.player.starts[0]!.outcome).toBeUndefined();
    await v.hears(v.wire({ revision: 2 }));
    expect(v.said(2)).toContain('r2 received');
  });

  it("a lesser key's stop that came first does not bar the county's live alert", async () => {
    const v = await new Village().start();
    const [one, two] = [v.wire({ alertId: 'a', seq: 1 }), v.wire({ alertId: 'b', seq: 2 })];
    await v.hears(v.wire({ mode: 'drill', alertId: 'a', action: 'stop', stopReason: 'cancelled' }));
    await v.hears(v.wire({ mode: 'drill', alertId: 'a', action: 'quieten', stopReason: 'quietened', seq: 9 }));
    await v.hears(v.sign(v.command({ alertId: 'b', action: 'stop', stopReason: 'cancelled' }), v.signers.township));
    await v.hears(v.sign(v.command({ alertId: 'b', action: 'quieten', stopReason: 'quietened', seq: 9 }), v.signers.township));
    await v.hears(one);
    await v.hears(two);
    await v.advance(15_000);
    expect(v.said().filter((line) => line.includes('playing'))).toEqual(['a playing 1', 'b playing 1']);
  });

  it('a drill cannot take the place of a live alert under the same name', async () => {
    const v = await new Village().start();
    await v.hears(v.wire());
    await v.hears(v.wire({ mode: 'drill' }));
    await v.hears(v.wire({ mode: 'drill', revision: 2 }));
    expect(v.said().slice(0, 3)).toEqual(['received', 'playing 1', 'refused key-mode']);
    expect(v.player.starts[0]!.outcome).toBeUndefined();
  });

  it('stop-all silences everything that was signed before it, and nothing after', async () => {
    const v = await new Village().start();
    const later = v.wire({ alertId: 'late', iat: START_MS / 1000 + 10 });
    await v.hears(v.wire());
    await v.hears(v.wire({ alertId: 'b', level: 'yellow' }));
    await v.hears(v.wire({ mode: 'drill', alertId: 'c' }));
    await v.hears(v.wire({ alertId: 'all', action: 'stop-all', stopReason: 'cancelled', iat: START_MS / 1000 + 5 }));
    await v.hears(later);
    const said = v.said();
    expect(said).toContain('stopped 1 cancelled');
    expect(said).toContain('b stopped cancelled');
    expect(said).toContain('c stopped cancelled');
    expect(said.at(-1)).toBe('late playing 1');
    await v.hears(v.wire());
    expect(v.said().at(-1)).toBe('refused superseded');
    await v.hears(v.wire({ alertId: 'b', revision: 2, iat: START_MS / 1000 + 10 }));
    expect(v.said().at(-1)).toBe('b r2 received');
  });

  it('an end by a house that does not know of a later revision ends that one too, and bars it when it comes after', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ revision: 2 }));
    await v.hears(v.wire({ revision: 1, action: 'stop', stopReason: 'ended' }));
    expect(v.said().at(-1)).toBe('r2 stopped 1 ended');
    await v.hears(v.wire({ revision: 3 }));
    expect(v.said().at(-1)).toBe('r3 refused ended');
    await v.hears(v.wire({ alertId: 'b', revision: 1, action: 'stop', stopReason: 'superseded' }));
    await v.hears(v.wire({ alertId: 'b', revision: 2 }));
    expect(v.said()).toContain('b r2 received');
  });

  it('a stop-all or a quieten that was delayed does not reach what was signed after it', async () => {
    const v = await new Village().start();
    const stopAll = v.wire({ alertId: 'all', action: 'stop-all', stopReason: 'cancelled', iat: START_MS / 1000 - 5 });
    const quieten = v.wire({ action: 'quieten', stopReason: 'quietened', seq: 5 });
    await v.hears(v.wire({ seq: 9 }));
    await v.hears(stopAll);
    await v.hears(quieten);
    expect(v.said()).toEqual(['received', 'playing 1']);
    const second = await new Village({ signers: v.signers }).start();
    await second.hears(quieten);
    await second.hears(second.wire({ seq: 9 }));
    expect(second.said()).toEqual(['received', 'playing 1']);
  });

  it('quieten silences while the alert goes on; a later revision sounds again', async () => {
    const v = await new Village().start();
    await v.hears(v.wire());
    await v.hears(v.wire({ action: 'quieten', stopReason: 'quietened' }));
    await v.advance(600_000);
    expect(v.said()).toEqual(['received', 'playing 1', 'stopped 1 quietened']);
    await v.hears(v.wire({ revision: 2 }));
    expect(v.said(3)).toEqual(['r2 received', 'stopped 1 superseded', 'r2 playing 1']);
  });

  it('a quieten that comes before its alert keeps it silent', async () => {
    const v = await new Village().start();
    const alert = v.wire();
    await v.hears(v.wire({ action: 'quieten', stopReason: 'quietened' }));
    await v.hears(alert);
    await v.advance(600_000);
    expect(v.said()).toEqual(['received', 'stopped quietened']);
    expect(v.player.starts).toEqual([]);
  });

  it('an update supersedes, and the older revision is refused in any order', async () => {
    const v = await new Village().start();
    const [one, two] = [v.wire(), v.wire({ revision: 2 })];
    await v.hears(two);
    await v.hears(one);
    expect(v.said()).toEqual(['r2 received', 'r2 playing 1', 'refused superseded']);
    expect(v.starts()).toEqual(['alert-1 2 1']);
  });

  it('the spoken all-clear sounds once although its alert is over, and silences it if the stop was lost', async () => {
    const v = await new Village().start();
    await v.hears(v.wire());
    const clear = v.wire({ purpose: 'all-clear', playTimes: 1, siren: false });
    await v.hears(clear);
    await v.advance(120_000);
    await v.hears(clear);
    expect(v.said()).toEqual(['received', 'playing 1', 'all-clear received', 'stopped 1 ended', 'all-clear playing 1', 'all-clear played 1']);
    await v.hears(v.wire({ action: 'stop', stopReason: 'ended' }));
    await v.hears(v.wire());
    expect(v.said().at(-1)).toBe('refused ended');
  });

  it('a refused stop is not taken for a refusal of the alert', async () => {
    const v = await new Village().start();
    await v.hears(v.wire({ action: 'stop', stopReason: 'ended', exp: START_MS / 1000 - 1 }));
    expect(v.line.reports).toMatchObject([{ state: 'refused', reason: 'expired', revision: 0 }]);
  });
});
