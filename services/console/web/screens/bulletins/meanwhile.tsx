// Two officers at one broadcast: the slower one is told who changed it, when, and what, before he does anything.
import type { BulletinView } from '@laba/domain/bulletin-view';
import { Said } from '../../app/said.tsx';
import { useWords } from '../../i18n/language.ts';
import { changesOf, clockOf } from './bulletins.ts';
import { bulletinsWords } from './words.ts';

/** `before`: as this officer saw it; `now`: as it is. Nothing while they are the same version. */
export function Meanwhile({ before, now }: { before: BulletinView; now: BulletinView }) {
  const say = useWords(bulletinsWords);
  if (before.version === now.version) return null;
  const changes = changesOf(before, now, say);
  const [head, tail] = say(now.state === 'stopped' ? 'theyStopped' : 'theyChanged', { name: '\n', at: clockOf(now.changedAt) }).split('\n');
  return (
    <div className="note" role="alert" data-meanwhile>
      <p className="bad">
        ✕ {head}
        <Said>{now.changedBy}</Said>
        {tail}
      </p>
      {changes.length === 0 ? <p>{say('sameContent')}</p> : null}
      <ul>
        {changes.map(({ field, was, is }) => (
          <li key={field}>
            <b>{say(field)}</b> · {say('wasThen')} <Said>{was}</Said> · {say('isNow')} <Said>{is}</Said>
          </li>
        ))}
      </ul>
    </div>
  );
}
