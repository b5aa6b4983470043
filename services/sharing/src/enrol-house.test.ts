// A house that could not be given keys of its own is not confirmed: it would stand there and could order nothing alone.
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import type { Permit } from '@laba/runtime/auth';
import { configSchema } from '@laba/runtime/config';
import { FakeClock } from '@laba/runtime/fake-clock';
import { Vault } from '@laba/runtime/vault';
import { exactly, one, type Database } from '@laba/storage/database';
import { findPeer } from '@laba/storage/sharing/peers';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { confirmHouse } from './enrol-house.ts';
import { newHouse } from './own-house.ts';

const COUNTY = '533324';
const VILLAGE = '533324100201';

it('a house is confirmed as long as the county’s key book has room for its keys', async () => {
  const db: Database = SqliteDatabase.open(':memory:', HOUSE);
  const house = newHouse();
  let ids = 0;
  const deps = { db, vault: new Vault(Buffer.alloc(32, 7)), clock: new FakeClock(), ids: () => `id-${++ids}`, config: configSchema.parse({ county: COUNTY }) };
  const peer = { id: house.id, gridCode: VILLAGE, side: 'below', status: 'claimed', ...house.public, listId: '1.x', createdAtMs: 0 } as const;
  await db.atomically([one((q, t) => q.insert(t.peer).values(peer).returning({ id: t.peer.id }))]);
  const keys = Array.from({ length: LIMITS.keysInBook - 1 }, (_, i) => ({
    ...{ kid: `k${i}`, scope: COUNTY, modes: ['live' as const], publicKey: 'k', privateCipher: 'k', createdAtMs: 0 },
  }));
  await db.atomically([exactly(keys.length, (q, t) => q.insert(t.signingKey).values(keys).returning({ kid: t.signingKey.kid }))]);
  const permit = {} as Permit<'house.enrol'>;
  const act = { who: 'officer:a', via: 'http', once: [] } as const;
  await expect(confirmHouse(deps, permit, await findPeer(db, house.id), act)).rejects.toMatchObject({ code: 'transition-refused' });
  await db.atomically([one((q, t) => q.delete(t.signingKey).where(eq(t.signingKey.kid, 'k0')).returning({ kid: t.signingKey.kid }))]);
  await confirmHouse(deps, permit, await findPeer(db, house.id), act);
  expect(await findPeer(db, house.id)).toMatchObject({ status: 'active' });
});
