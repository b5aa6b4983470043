// What this desk wrote down and the house has not taken: how much waits, and by name what it refused and no row of the list shows.
import { useStore } from '../../app/store.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { useWords } from '../../i18n/language.ts';
import { refused, waiting } from './marks.ts';
import { RefusedMark } from './refused-mark.tsx';
import { rollWords } from './words.ts';

/** What the house takes at once needs no word. */
const LATE_MS = 2_000;

export function OnItsWay() {
  const say = useWords(rollWords);
  const nowMs = useServerNow();
  const all = useStore(waiting);
  const errors = useStore(refused);
  const late = all.filter((one) => errors[one.key] === undefined && nowMs - one.writtenAtMs > LATE_MS);
  // Of a person, a household or a place the row itself says it, where it is on the screen.
  const lost = all.filter((one) => errors[one.key] !== undefined);
  if (late.length + lost.length === 0) return null;
  return (
    <section className="clash" aria-label={say('waitingTitle', { n: all.length })} data-on-its-way={all.length}>
      {late.length === 0 ? null : (
        <p role="status">
          <b>○ {say('waitingTitle', { n: late.length })}</b> <span className="small">{say('waitingLead')}</span>
          <span className="block small">
            <Said>{late.map(({ named }) => named).join(' · ')}</Said>
          </span>
        </p>
      )}
      {lost.map((one) => (
        <div key={one.key}>
          <b>
            <Said>{one.named}</Said>
          </b>
          <RefusedMark one={one} error={errors[one.key]} version={undefined} />
        </div>
      ))}
    </section>
  );
}
