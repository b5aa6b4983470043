// Which keys a box believes: those of the newest book that the county's root signed, and nothing new before it knows which that is.
import { describe, expect, it } from 'vitest';
import { keyBookProof } from '@laba/messaging/key-book';
import { BookKeeper, madeKey, VillageOfBooks, type MadeKey } from './key-books.test-kit.ts';
import { COUNTY, GROUP, spoolFile, TOWNSHIP, VILLAGE } from './village.test-kit.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const LIVE = `${COUNTY}-live`;

/** A county whose live key was stolen, and revoked while a box was away. */
function robbed(): { keeper: BookKeeper; fresh: MadeKey } {
  return { keeper: new BookKeeper(), fresh: madeKey(`${LIVE}-2`, COUNTY) };
}

/** Begun again without a line: the second book counts before anybody tells of it, in which `fresh` stands and the first live key does not. */
async function playsByTheSecondBookOnly(village: VillageOfBooks, fresh: MadeKey): Promise<void> {
  const v = await village.start(false);
  v.answerer = fresh.signer;
  v.line.up(true);
  await v.clock.settle();
  expect(v.line.hellos[0]!.keyBook).toBe(2);
  await v.hears(v.wire({ alertId: 'stolen' }));
  await v.hears(v.sign(v.command(), fresh.signer));
  expect(v.starts()).toEqual(['alert-1 1 1']);
}

describe('a revoked key', () => {
  it('plays nothing on a box that was away for 30 days, whatever comes first on the line', async () => {
    const { keeper, fresh } = robbed();
    const v = await new VillageOfBooks(keeper).start();
    v.line.up(false);
    v.clock.set(v.clock.now() + 30 * DAY);
    await v.clock.settle();
    keeper.changes([LIVE], [fresh]);
    v.answerer = fresh.signer;
    v.tellsBook = false;
    v.line.onHello = () => {};
    v.line.up(true);
    await v.clock.settle();
    // The thief is faster than the county.
    await v.hears(v.wire({ alertId: 'stolen' }));
    await v.hears(v.wire({ alertId: 'stolen', action: 'stop-all', commandId: 'all', stopReason: 'cancelled' }));
    await v.advance(2 * MINUTE);
    expect(v.player.starts).toEqual([]);
    v.tellsBook = true;
    v.line.onHello = (hello) => v.answer(hello);
    await v.advance(10_000);
    expect(v.player.starts).toEqual([]);
    await v.hears(v.sign(v.command({ alertId: 'true' }), fresh.signer));
    expect(v.starts()).toEqual(['true 1 1']);
    await v.hears(v.wire({ alertId: 'stolen-2' }));
    expect(v.starts()).toEqual(['true 1 1']);
    expect(v.said().at(-1)).toContain('refused unknown-key');
  });

  it('cannot keep a box at the book in which it stands: it does not know the box’s password', async () => {
    const { keeper, fresh } = robbed();
    const v = await new VillageOfBooks(keeper).start();
    v.line.up(false);
    keeper.changes([LIVE], [fresh]);
    const lies: VillageOfBooks['prove'][] = [
      () => undefined,
      ({ nonce }) => ({ version: 1, proof: keyBookProof('another', nonce, 1) }),
      () => ({ version: 1, proof: keyBookProof('secret', 'another', 1) }),
      ({ nonce }) => ({ version: 1, proof: keyBookProof('secret', nonce, 2) }),
      () => ({ version: 1, proof: '' }),
    ];
    v.tellsBook = false;
    for (const lie of lies) {
      v.prove = lie;
      v.line.up(true);
      await v.clock.settle();
      await v.hears(v.wire({ alertId: 'stolen' }));
      v.line.up(false);
      await v.clock.settle();
    }
    expect(v.player.starts).toEqual([]);
    expect(v.told.filter(({ reason }) => reason === 'book-unproven').length).toBeGreaterThan(0);
  });

  it('falls silent where it sounds, and what was signed anew goes on from the next repeat', async () => {
    const { keeper, fresh } = robbed();
    const v = await new VillageOfBooks(keeper).start();
    await v.hears(v.wire());
    await v.advance(5_000);
    expect(v.starts()).toEqual(['alert-1 1 1']);
    keeper.changes([LIVE], [fresh]);
    v.answerer = fresh.signer;
    v.snapshot = { commands: [v.sign(v.command({ commandId: 'anew' }), fresh.signer)] };
    await v.hears(keeper.wire());
    expect(v.player.starts[0]!.outcome).toBe('cut');
    expect(v.starts()).toEqual(['alert-1 1 1', 'alert-1 1 2']);
    expect(v.said()).toEqual(['received', 'playing 1', 'stopped 1 key-revoked', 'received', 'playing 2']);
    expect(v.line.states.at(-1)!.keyBook).toBe(2);
  });

  it('is still revoked after a restart, without a line', async () => {
    const { keeper, fresh } = robbed();
    const file = spoolFile();
    const first = await new VillageOfBooks(keeper, { file }).start();
    const identity = keeper.identity;
    keeper.changes([LIVE], [fresh]);
    await first.hears(keeper.wire());
    await first.gateway.stop();
    await first.db.close();
    await playsByTheSecondBookOnly(new VillageOfBooks(keeper, { file, keyBook: identity }), fresh);
  });
});

describe('a box that is away', () => {
  it('goes on with what it plays, also before it was answered', async () => {
    const keeper = new BookKeeper();
    const v = await new VillageOfBooks(keeper).start();
    await v.hears(v.wire());
    v.line.up(false);
    await v.advance(2 * MINUTE);
    v.line.onHello = () => {};
    v.line.up(true);
    await v.advance(2 * MINUTE);
    expect(v.player.starts.length).toBeGreaterThan(2);
  });

  it('plays what came before the answer once it is answered, each once', async () => {
    const keeper = new BookKeeper();
    const v = new VillageOfBooks(keeper);
    v.line.onHello = () => {};
    await v.start();
    const wire = v.wire({ playTimes: 1 });
    await v.hears(wire);
    expect(v.player.starts).toEqual([]);
    v.snapshot = { commands: [wire] };
    v.answer(v.line.hellos.at(-1)!);
    await v.advance(5 * MINUTE);
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('asks until the book has come of which the answer speaks', async () => {
    const keeper = new BookKeeper();
    const v = new VillageOfBooks(keeper);
    keeper.changes([], [madeKey('x', TOWNSHIP)]);
    v.tellsBook = false;
    await v.start();
    await v.hears(v.wire());
    expect(v.player.starts).toEqual([]);
    v.tellsBook = true;
    await v.advance(6_000);
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('is served by a county that came out of a backup with an older book', async () => {
    const keeper = new BookKeeper();
    const v = await new VillageOfBooks(keeper).start();
    keeper.changes([], [madeKey('x', TOWNSHIP)]);
    await v.hears(keeper.wire());
    keeper.version = 1;
    v.line.up(false);
    v.line.up(true);
    await v.hears(v.wire());
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });
});

describe('a key book', () => {
  it.each<[string, (keeper: BookKeeper) => string]>([
    ['unknown-key', (keeper) => keeper.wire({ version: 9 }, keeper.signers.live)],
    ['signature', (keeper) => keeper.wire({ version: 9 }, { kid: keeper.root.key.kid, privateKey: keeper.signers.live.privateKey })],
    ['county', (keeper) => keeper.wire({ version: 9, aud: '533321' })],
    ['book-older', (keeper) => keeper.wire({ version: 1 })],
    ['book-altered', (keeper) => keeper.wire({ version: 2, keys: keeper.signers.keys.slice(0, 1) })],
  ])('that is not the county’s next one is refused: %s', async (reason, made) => {
    const keeper = new BookKeeper();
    const v = await new VillageOfBooks(keeper).start();
    keeper.changes([], [madeKey('x', TOWNSHIP)]);
    await v.hears(keeper.wire());
    await v.hears(made(keeper));
    expect(v.said().at(-1)).toBe(`unknown refused ${reason}`);
    expect(v.line.states.at(-1)!.keyBook).toBe(2);
    await v.hears(v.wire());
    expect(v.starts()).toEqual(['alert-1 1 1']);
  });

  it('that comes again says nothing', async () => {
    const keeper = new BookKeeper();
    const v = await new VillageOfBooks(keeper).start();
    keeper.changes([], [madeKey('x', TOWNSHIP)]);
    await v.hears(keeper.wire());
    await v.hears(keeper.wire());
    expect(v.said()).toEqual([]);
  });

  it('brings a key of a village that sounds there and not at its neighbour, and a township’s that does not sound the county', async () => {
    const keeper = new BookKeeper();
    const v = await new VillageOfBooks(keeper).start();
    const own = madeKey('own', VILLAGE);
    const neighbour = madeKey('neighbour', '533324100202');
    keeper.changes([], [own, neighbour]);
    await v.hears(keeper.wire());
    await v.hears(v.sign(v.command({ alertId: 'a' }), neighbour.signer));
    await v.hears(v.sign(v.command({ alertId: 'b', scope: [VILLAGE, '533324100202'] }), neighbour.signer));
    await v.hears(v.sign(v.command({ alertId: 'c', scope: [COUNTY] }), v.signers.township));
    expect(v.said()).toEqual(Array.from({ length: 3 }, () => 'unknown refused key-scope'));
    await v.hears(v.sign(v.command({ scope: [GROUP] }), own.signer));
    expect(v.starts()).toEqual(['alert-1 1 1']);
    // And the narrower one ends nothing that the county signed.
    await v.hears(v.sign(v.command({ alertId: 'd', level: 'red' }), v.signers.live));
    await v.hears(v.sign(v.command({ alertId: 'd', action: 'stop', stopReason: 'cancelled' }), own.signer));
    expect(v.said()).not.toContain('d stopped cancelled');
  });
});

describe('a box from before key books', () => {
  it('learns of the root from its county’s live key, once, and then believes the root alone, also after a restart', async () => {
    const keeper = new BookKeeper();
    const file = spoolFile();
    const fresh = madeKey(`${LIVE}-2`, COUNTY);
    const first = await new VillageOfBooks(keeper, { file, knowsNoBook: true }).start();
    expect(first.line.hellos.map(({ keyBook }) => keyBook)).toEqual([0]);
    expect(first.line.states.at(-1)!.keyBook).toBe(1);
    const stranger = new BookKeeper();
    await first.hears(keeper.wire({ version: 7, root: stranger.book.root }, keeper.signers.live));
    expect(first.line.states.at(-1)!.keyBook).toBe(1);
    keeper.changes([LIVE], [fresh]);
    await first.hears(keeper.wire());
    await first.gateway.stop();
    await first.db.close();
    await playsByTheSecondBookOnly(new VillageOfBooks(keeper, { file, knowsNoBook: true }), fresh);
  });

  it('does not learn it from a drill’s key or a township’s', async () => {
    const keeper = new BookKeeper();
    const v = await new VillageOfBooks(keeper, { knowsNoBook: true, answers: false }).start();
    await v.hears(keeper.wire({}, keeper.signers.drill));
    await v.hears(keeper.wire({}, keeper.signers.township));
    await v.advance(20_000);
    expect(v.line.states.at(-1)!.keyBook).toBe(0);
  });
});
