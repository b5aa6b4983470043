// Chapter 5, joining on the spot: of whom was let go the channels keep nothing that he gave.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { any } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { GROUP, TestCounty } from './county.test-kit.ts';

let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
});
afterEach(() => county.close());

test('his browser is no more woken, his words and number are gone, and nobody else’s', async () => {
  const { db, deps, clock, ids } = county;
  const cipher = (text: string) => deps.vault.encrypt(text);
  const people = ['gone', 'stays'];
  const reply = { channel: 'sms', gridCode: GROUP, messageId: null, receivedAtMs: 0 } as const;
  await db.atomically([
    any((q, t) =>
      q
        .insert(t.pushSubscription)
        .values(people.map((memberId) => ({ memberId, cipher: cipher('a browser'), createdAtMs: 0 })))
        .returning(),
    ),
    any((q, t) =>
      q
        .insert(t.inboundMessage)
        .values(people.map((id) => ({ ...reply, id, memberId: id, providerId: id, fromCipher: cipher('13900000077'), wordsCipher: cipher('我在打所') })))
        .returning(),
    ),
  ]);
  const event = { type: 'member.let-go', atMs: clock.now(), who: 'system', via: 'job', gridCode: GROUP, alertId: 'a1', subjectId: 'gone', data: {} } as const;
  await db.atomically(record(ids, event));
  await clock.settle();
  expect(await db.read((q, t) => q.select({ memberId: t.pushSubscription.memberId }).from(t.pushSubscription))).toEqual([{ memberId: 'stays' }]);
  const replies = await db.read((q, t) => q.select().from(t.inboundMessage).orderBy(t.inboundMessage.id));
  expect(replies.map(({ id, fromCipher, wordsCipher }) => [id, fromCipher && deps.vault.decrypt(fromCipher), deps.vault.decrypt(wordsCipher)])).toEqual([
    ['gone', null, ''],
    ['stays', '13900000077', '我在打所'],
  ]);
});
