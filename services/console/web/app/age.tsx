// How old something is, going on by itself. Nothing stays green on old news.
import { line } from '../api/live-line.ts';
import { frameWords } from '../i18n/frame-words.ts';
import { useWords, type Say } from '../i18n/language.ts';
import { useServerNow } from './server-time.ts';
import { useStore } from './store.ts';

/** A figure older than this is not what holds now. */
const OLD_MS = 30_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type SpanKey = 'seconds' | 'minutes' | 'hours' | 'days';

/** "3 min" in words; days only from the second on. */
export function spanWords(ms: number, say: Say<SpanKey>): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE_MS) return say('seconds', { n: Math.floor(whole / 1_000) });
  if (whole < HOUR_MS) return say('minutes', { n: Math.floor(whole / MINUTE_MS) });
  return whole < 2 * DAY_MS ? say('hours', { n: Math.floor(whole / HOUR_MS) }) : say('days', { n: Math.floor(whole / DAY_MS) });
}

export function Age({ atMs }: { atMs: number | null }) {
  const say = useWords(frameWords);
  const nowMs = useServerNow();
  if (atMs === null) return <span className="age">{say('never')}</span>;
  return <time className="age">{say('ago', { age: spanWords(nowMs - atMs, say) })}</time>;
}

/** Beside a figure: of when it is. Red and said when it is old, or when the line is lost. */
export function AsOf({ atMs }: { atMs: number | undefined }) {
  const say = useWords(frameWords);
  const nowMs = useServerNow();
  const isLost = useStore(line).is === 'lost';
  if (atMs === undefined) return null;
  const isOld = isLost || nowMs - atMs > OLD_MS;
  return (
    <span className={isOld ? 'as-of old' : 'as-of'}>
      {isOld ? `✕ ${say('old')} · ` : `${say('asOf')} `}
      <Age atMs={atMs} />
    </span>
  );
}
