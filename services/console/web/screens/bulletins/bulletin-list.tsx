// All broadcasts: those that wait for a second officer first, the stopped ones on demand.
import type { BulletinListView, BulletinView } from '@laba/domain/bulletin-view';
import { Button } from 'antd';
import { useState } from 'react';
import { AsOf } from '../../app/age.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { clockOf, timesWords } from './bulletins.ts';
import { TimeState } from './time-state.tsx';
import { bulletinsWords } from './words.ts';

const STATE_LOOKS = { waiting: 'warn', on: 'good', stopped: '' } as const;

export function BulletinState({ state }: Pick<BulletinView, 'state'>) {
  const say = useWords(bulletinsWords);
  return <span className={`chip ${STATE_LOOKS[state]}`}>{say(`state.${state}`)}</span>;
}

function Row({ bulletin, isOpen }: { bulletin: BulletinView; isOpen: boolean }) {
  const say = useWords(bulletinsWords);
  const language = useLanguage();
  const { id, title, areaNames, times, state, nextTime, last } = bulletin;
  return (
    <tr data-bulletin={id} className={isOpen ? 'open' : undefined}>
      <th scope="row">
        <a href={hrefOf('bulletins', id)} aria-current={isOpen ? 'true' : undefined}>
          <Said>{title}</Said>
        </a>{' '}
        <BulletinState state={state} />
        <span className="block small">
          <Said>{areaNames.join(language === 'zh' ? '、' : ', ')}</Said>
        </span>
      </th>
      <td>
        {timesWords(times, say)}
        <span className="block small">
          {nextTime === null ? say(state === 'waiting' ? 'look.waiting' : 'noNext') : `${say('nextTime')} ${clockOf(nextTime)}`}
        </span>
      </td>
      <td>
        {last === null ? (
          <span className="small">{say('notYet')}</span>
        ) : (
          <>
            {clockOf(last.startTime)} <TimeState time={last} />
          </>
        )}
      </td>
    </tr>
  );
}

function Table({ name, bulletins, openId }: { name: string; bulletins: readonly BulletinView[]; openId: string | undefined }) {
  const say = useWords(bulletinsWords);
  if (bulletins.length === 0) return null;
  return (
    <WideTable name={name} columns={columnsOf(['what', 'hours', 'lastTime'] as const, say)} look="task-list">
      {bulletins.map((one) => (
        <Row key={one.id} bulletin={one} isOpen={one.id === openId} />
      ))}
    </WideTable>
  );
}

export function BulletinList({ view, openId }: { view: BulletinListView; openId: string | undefined }) {
  const say = useWords(bulletinsWords);
  const [isStoppedShown, showStopped] = useState(false);
  const stopped = view.bulletins.filter(({ state }) => state === 'stopped');
  const going = ['waiting', 'on'].flatMap((wanted) => view.bulletins.filter(({ state }) => state === wanted));
  return (
    <section aria-labelledby="all-title">
      <div className="spread">
        <h2 id="all-title">
          {say('all')} {going.length}
        </h2>
        <AsOf atMs={Date.parse(view.asOf)} />
      </div>
      {going.length === 0 ? <p className="empty">{say('none')}</p> : null}
      <Table name={say('all')} bulletins={going} openId={openId} />
      {stopped.length === 0 ? null : (
        <p>
          <Button aria-expanded={isStoppedShown} onClick={() => showStopped(!isStoppedShown)}>
            {isStoppedShown ? say('hideStopped') : say('showStopped', { n: stopped.length })}
          </Button>
        </p>
      )}
      {isStoppedShown ? <Table name={say('stopped')} bulletins={stopped} openId={openId} /> : null}
    </section>
  );
}
