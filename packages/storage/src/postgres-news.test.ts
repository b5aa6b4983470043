// Word of commits: seldom enough for the server, and the last one is never lost.
import { expect, test } from 'vitest';
import { atMostEvery } from './postgres-news.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('while one word is on its way no other is sent, and what was asked meanwhile is one more', async () => {
  const underway: (() => void)[] = [];
  const news = atMostEvery(1, () => new Promise<void>((resolve) => underway.push(resolve)));
  for (let i = 0; i < 5; i++) {
    news.ask();
    await pause(5);
  }
  expect(underway).toHaveLength(1);
  underway[0]!();
  await pause(10);
  expect(underway).toHaveLength(2);
  underway[1]!();
  await pause(10);
  expect(underway).toHaveLength(2);
  news.ask();
  expect(underway).toHaveLength(3);
  news.stop();
});

test('a word that goes out quickly still waits for its turn', async () => {
  let words = 0;
  const news = atMostEvery(60_000, () => void (words += 1));
  news.ask();
  news.ask();
  await pause(5);
  expect(words).toBe(1);
  news.stop();
});
