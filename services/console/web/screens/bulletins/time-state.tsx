// How one time stands, as it is shown in every list.
import type { BulletinTimeView } from '@laba/domain/bulletin-view';
import { useServerNow } from '../../app/server-time.ts';
import { useWords } from '../../i18n/language.ts';
import { lookOf, LOOKS, remarksOf } from './time-look.ts';
import { bulletinsWords } from './words.ts';

export function TimeState({ time }: { time: BulletinTimeView }) {
  const say = useWords(bulletinsWords);
  const look = lookOf(time, useServerNow());
  const [icon, colour] = LOOKS[look];
  const { counts, reason } = time;
  const hasBegun = look !== 'told';
  return (
    <span data-look={look}>
      <span className={`chip ${colour}`}>
        <span aria-hidden="true">{icon}</span> {say(`look.${look}`)}
      </span>{' '}
      {reason === null ? null : <b className="bad">{say(`drop.${reason}`)}</b>}
      {counts === null ? null : (
        <>
          {hasBegun ? say('playedOf', { n: counts.played, total: counts.speakers }) : say('toldTo', { total: counts.speakers })}
          <span className="small block">
            {remarksOf(counts, look)
              .map(({ remark, n }) => say(`count.${remark}`, { n }))
              .join(' · ')}
          </span>
        </>
      )}
    </span>
  );
}
