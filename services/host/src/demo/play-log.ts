// What the simulated poles wrote down: which sounds they played for an alert.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface PlayLine {
  alertId: string;
  speakerId: string;
  wav: string;
  repeat: number;
  purpose: string;
  outcome?: string;
}

function logsUnder(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('play-log.jsonl'))
    .map((name) => join(dir, name));
}

/** Plays that ended, of the alert, in the play logs under `dir`; `wav` is a whole path. */
export function playLines(dir: string, alertId: string): PlayLine[] {
  return logsUnder(dir).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as PlayLine)
      .filter((line) => line.alertId === alertId && line.outcome !== undefined)
      .map((line) => ({ ...line, wav: join(dirname(file), line.wav) })),
  );
}

/** The distinct sounds, each one file. */
export function distinctWavs(lines: readonly PlayLine[]): string[] {
  return [...new Set(lines.map((line) => line.wav))].sort();
}
