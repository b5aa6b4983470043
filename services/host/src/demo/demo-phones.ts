// The demo county's phones: what a provider would have carried is written down in the data folder, and nobody real is rung.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePurpose } from '@laba/domain/message';
import type { Channel } from '@laba/runtime/channel';
import type { Clock } from '@laba/runtime/clock';

export interface PhoneLine {
  atMs: number;
  channel: 'sms' | 'voice';
  purpose: MessagePurpose;
  words: string;
  /** The path of the personal page behind it; null: none. */
  link: string | null;
}

const fileOf = (dataDir: string) => join(dataDir, 'demo-phones.jsonl');

/** A provider of SMS and one of calls that take everything. The file holds personal links: mode 0600. */
export function demoPhones(dataDir: string, clock: Clock): Channel[] {
  return (['sms', 'voice'] as const).map((channel) => ({
    name: channel,
    send: async ({ id, purpose, title, text, link }) => {
      const line: PhoneLine = { atMs: clock.now(), channel, purpose, words: `${title} ${text}`, link: link === undefined ? null : new URL(link).pathname };
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      appendFileSync(fileOf(dataDir), `${JSON.stringify(line)}\n`, { mode: 0o600 });
      return { outcome: 'sent', providerId: `demo-${id}` };
    },
  }));
}

/** What the phones got since then, oldest first. */
export function phoneLines(dataDir: string, sinceMs: number): PhoneLine[] {
  const file = fileOf(dataDir);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as PhoneLine)
    .filter((line) => line.atMs >= sinceMs);
}

/** The distinct personal pages that messages of that purpose led to. */
export function pagesOf(lines: readonly PhoneLine[], purpose: MessagePurpose): string[] {
  return [...new Set(lines.flatMap((line) => (line.purpose === purpose && line.link !== null ? [line.link] : [])))];
}
