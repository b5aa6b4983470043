// Two houses for tests: what the one above has to say to the one below is carried over, as the line or a stick would.
import { randomUUID } from 'node:crypto';
import type { Deps } from '@laba/runtime/service';
import { one } from '@laba/storage/database';
import { findPeer, listName } from '@laba/storage/sharing/peers';
import { noticeChanges, readPage } from '@laba/storage/sharing/say';
import { hearWord } from '@laba/storage/sharing/take';

type House = Pick<Deps, 'db' | 'vault' | 'clock'>;
const SIZE = { rows: 200, chars: 1_000_000 };

/** The two come to know each other: each by the same id, so that one house below several others needs no list of them. */
export async function introduce(above: House, below: House, gridCode: string): Promise<void> {
  for (const [house, side] of [
    [above, 'below'],
    [below, 'above'],
  ] as const) {
    const peer = { id: gridCode, gridCode, side, status: 'active', signKey: 's', sealKey: 'x', listId: listName(1, randomUUID()), createdAtMs: 0 } as const;
    await house.db.atomically([one((q, t) => q.insert(t.peer).values(peer).returning({ id: t.peer.id }))]);
  }
}

/** Everything that the house above has to say. @returns the tables of which rows were written below */
export async function tellDown(above: House, below: House, gridCode: string): Promise<string[]> {
  const written: string[] = [];
  await noticeChanges(above.db, above.vault, gridCode);
  for (;;) {
    const { heardListId, heardUpTo } = await findPeer(below.db, gridCode);
    const held = heardListId === null ? undefined : { listId: heardListId, upTo: heardUpTo };
    const page = await readPage(above.db, above.vault, gridCode, held, SIZE);
    const taken = await hearWord(below.db, below.vault, gridCode, { page }, randomUUID);
    written.push(...taken.written.keys());
    if (!page.more) return written;
  }
}
