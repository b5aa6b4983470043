// What an answer proves: the number of who was asked, by the channel that was asked, if it is still his.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '@laba/storage/messages';
import { any } from '@laba/storage/database';
import type { Inbound } from '../call-out/reply-store.ts';
import { GROUP_A, Town } from '../town.test-kit.ts';
import { proofOf, readTestReply } from './answer-test.ts';

const NOW = '13800000001';
const BEFORE = '13900000009';

describe('the answer to a test', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.found();
    await town.member('m1', [GROUP_A], true, { phone: NOW });
  });

  const question = (channel: 'sms' | 'voice', purpose = 'number-check') => ({ id: 'q', purpose, channel, memberId: 'm1', dueAtMs: 0 }) as unknown as Message;
  const inbound = (channel: 'sms' | 'voice', from: string | null, memberId: string | null = 'm1') =>
    ({ id: 'i', channel, memberId, fromCipher: from === null ? null : town.deps.vault.encrypt(from) }) as unknown as Inbound;
  const proves = async (reply: Inbound, asked: Message) => (await proofOf(town.deps, reply, asked, 1)).length > 0;

  async function wasAsked(channel: 'sms' | 'voice', phone: string): Promise<void> {
    const row = { memberId: 'm1', channel, state: 'asked', addressHash: town.deps.vault.hash('phone', phone), step: 1, changedAtMs: 0 } as const;
    await town.deps.db.atomically([any((q, t) => q.insert(t.channelProof).values(row).returning({ id: t.channelProof.memberId }))]);
  }

  it('proves the number that it came from, once', async () => {
    expect(await readTestReply(town.deps, inbound('sms', NOW), question('sms'))).toBe('answered');
    await town.deps.db.atomically(await proofOf(town.deps, inbound('sms', NOW), question('sms'), 1));
    expect(await readTestReply(town.deps, inbound('sms', NOW), question('sms'))).toBe('repeated');
  });

  it('proves nothing from a number that is his no longer, by another channel, or from somebody else', async () => {
    expect(await proves(inbound('sms', BEFORE), question('sms'))).toBe(false);
    expect(await readTestReply(town.deps, inbound('sms', BEFORE), question('sms'))).toBe('over');
    expect(await proves(inbound('sms', NOW), question('voice'))).toBe(false);
    expect(await proves(inbound('sms', NOW, 'm2'), question('sms'))).toBe(false);
    expect(await proves(inbound('sms', NOW, null), question('sms'))).toBe(false);
  });

  it('a key names no number: it proves the one that was called, unless that has changed', async () => {
    await wasAsked('voice', BEFORE);
    expect(await proves(inbound('voice', null), question('voice'))).toBe(false);
    await town.deps.db.atomically([any((q, t) => q.delete(t.channelProof).returning({ id: t.channelProof.memberId }))]);
    await wasAsked('voice', NOW);
    expect(await proves(inbound('voice', null), question('voice'))).toBe(true);
  });

  it('an answer to an alert’s call proves the number as well', async () => {
    expect(await proves(inbound('sms', NOW), question('sms', 'call'))).toBe(true);
  });
});
