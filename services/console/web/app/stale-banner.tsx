// What stands above every screen when it cannot be trusted: the line is lost, or the house is in trouble.
import { degradedWords } from '@laba/domain/degraded-words';
import { line } from '../api/live-line.ts';
import { frameWords } from '../i18n/frame-words.ts';
import { useLanguage, useWords } from '../i18n/language.ts';
import { spanWords } from './age.tsx';
import { useNow } from './now.ts';
import { serverTimeOf, useServerNow } from './server-time.ts';
import { useStore } from './store.ts';

const two = (n: number) => String(n).padStart(2, '0');

export function StaleBanner() {
  const say = useWords(frameWords);
  const state = useStore(line);
  const nowMs = useServerNow();
  if (state.is !== 'lost') return null;
  const at = new Date(state.sinceMs);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return (
    <p className="stale" role="alert">
      <b>✕ {say('stale')}</b> <span>{say('staleSince', { at: clock, age: spanWords(nowMs - serverTimeOf(state.sinceMs), say) })}</span>
    </p>
  );
}

export function DegradedBanner() {
  const say = useWords(frameWords);
  const language = useLanguage();
  const { data } = useNow();
  const words = (data?.degraded.words ?? []).map((told) => degradedWords(told, language));
  if (words.length === 0) return null;
  return (
    <div className="degraded" role="status">
      <b>! {say('degraded')}</b>
      <ul>
        {words.map((told) => (
          <li key={told}>{told}</li>
        ))}
      </ul>
    </div>
  );
}

/** Beside the name: whether what is shown follows the house. */
export function LineState() {
  const say = useWords(frameWords);
  const state = useStore(line);
  if (state.is === 'lost') return <span className="line lost">✕ {say('stale')}</span>;
  return <span className={`line ${state.is}`}>{state.is === 'up' ? `● ${say('lineUp')}` : `○ ${say('lineOpening')}`}</span>;
}
