// Personal links: what a token opens, and everything that it must not open.
import { describe, expect, it } from 'vitest';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { openPersonalLink, personalToken, revokeLinks, type LinkKind, type Linked } from './personal-link.ts';
import { Vault } from './vault.ts';

const ID = '01a202ae-fbd3-7000-8000-01bd672ea07e';
const HOUR_MS = 3_600_000;

const vault = new Vault(Buffer.alloc(32, 7));
const db = SqliteDatabase.open(':memory:', HOUSE);
let nowMs = 0;
const deps = { db, vault, clock: { now: () => nowMs } };
const linked: Linked = { alertId: 'a-1', memberId: 'm-1', overAtMs: null };

async function opens(token: string, kind: LinkKind = 'call', found: Linked = linked): Promise<string | undefined> {
  let asked: string | undefined;
  await openPersonalLink(deps, kind, token, async (id) => {
    asked = id;
    return found;
  });
  return asked;
}

describe('a personal link', () => {
  it('carries any id that begins with a UUID, and is short enough for a message', async () => {
    for (const id of [ID, `${ID}-1`, `${ID}-190000`, `${ID}-0`, `${ID}-007`, `${ID}-53332410020001-2`, `${ID}-m_1`]) {
      const token = personalToken(vault, 'rung', id);
      expect(await opens(token, 'rung'), id).toBe(id);
      expect(token.length).toBeLessThan(60);
    }
    expect(() => personalToken(vault, 'call', 'not-a-uuid')).toThrow(/cannot be the subject/);
  });

  it('opens its own kind only, and a guess never reaches the database', async () => {
    const token = personalToken(vault, 'task', ID);
    const [id, mac] = token.split('.') as [string, string];
    let asked = 0;
    for (const [kind, given] of [
      ['call', token],
      ['rung', token],
      ['task', `${id}.${'A'.repeat(16)}`],
      ['task', `${id}1.${mac}`],
      ['task', `${id}.2.${mac}`],
      ['task', id],
      ['task', ''],
      ['task', `${'长'.repeat(22)}.${mac}`],
    ] as const)
      await expect(
        openPersonalLink(deps, kind, given, async () => ((asked += 1), linked)),
        `${kind} ${given}`,
      ).rejects.toMatchObject({ code: 'link-invalid' });
    expect(asked).toBe(0);
    await expect(openPersonalLink(deps, 'task', token, async () => undefined)).rejects.toMatchObject({ code: 'link-invalid' });
  });

  it('dies 24 hours after what it opens is over', async () => {
    const token = personalToken(vault, 'doors', ID);
    nowMs = 24 * HOUR_MS;
    expect(await opens(token, 'doors', { ...linked, overAtMs: 0 })).toBe(ID);
    nowMs += 1;
    await expect(opens(token, 'doors', { ...linked, overAtMs: 0 })).rejects.toMatchObject({ code: 'link-invalid' });
  });

  it('is revoked with all the links of the member for the alert, of every kind, and for no other alert', async () => {
    await db.atomically([revokeLinks({ alertId: 'a-1', memberId: 'm-1', version: 1 }, 0)]);
    for (const kind of ['call', 'rung', 'task', 'doors'] as const) {
      await expect(opens(personalToken(vault, kind, ID), kind)).rejects.toMatchObject({ code: 'link-invalid', fields: { revoked: true } });
      expect(await opens(personalToken(vault, kind, ID, 2), kind)).toBe(ID);
      expect(await opens(personalToken(vault, kind, ID), kind, { ...linked, alertId: 'a-2' })).toBe(ID);
      expect(await opens(personalToken(vault, kind, ID), kind, { ...linked, alertId: null })).toBe(ID);
    }
    await expect(db.atomically([revokeLinks({ alertId: 'a-1', memberId: 'm-1', version: 1 }, 0)])).rejects.toMatchObject({ code: 'changed-meanwhile' });
  });
});
