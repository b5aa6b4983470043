// What was heard of this alert by telephone only, beside what is proven, and where somebody was alone; nothing where every place is heard by the line.
import type { AlonePlacesView } from '@laba/domain/alone-view';
import { roleMay } from '@laba/domain/officer';
import type { StatusesView, StatusView } from '@laba/domain/status-view';
import { session } from '../../api/session.ts';
import { AsOf } from '../../app/age.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { useWords } from '../../i18n/language.ts';
import { ALONE, aloneHref, CHANGED_BY as ALONE_CHANGED_BY, dayAndHour } from '../houses/alone/alone.ts';
import { Differs, SpokenLine } from '../houses/status/spoken-line.tsx';
import { CHANGED_BY, isAlarm, statusHref, STATUSES } from '../houses/status/statuses.ts';
import { statusWords } from '../houses/status/words.ts';
import { useBoard } from './board-context.ts';
import { RowMode } from './row-mode.tsx';

const DANGER = 3;
const NEEDS = 4;

/** What is dangerous there and what they need stands in their own words. */
function Told({ status, asOf, mayWrite }: { status: StatusView; asOf: string; mayWrite: boolean }) {
  return (
    <li className={isAlarm(status) ? 'heard-row grave' : 'heard-row'} data-status={status.id}>
      <RowMode />{' '}
      <a href={statusHref(status.gridCode)}>
        <Said>{status.gridName}</Said>
      </a>{' '}
      <SpokenLine status={status} asOf={asOf} />
      {[status.lines[DANGER], status.lines[NEEDS]].map((line) =>
        line === undefined || line === '' ? null : (
          <Said key={line} block>
            {line}
          </Said>
        ),
      )}
      <Differs status={status} asOf={asOf} maySettle={mayWrite} />
    </li>
  );
}

function Alone({ alone }: AlonePlacesView) {
  const say = useWords(statusWords);
  return alone.map(({ code, name, fromMs, from, back }) => (
    <li key={`${code} ${fromMs}`} className="heard-row">
      <a href={aloneHref(code, fromMs)}>
        <Said>{name}</Said>{' '}
        {back === null ? say('aloneSince', { from: dayAndHour(from) }) : say('aloneUntil', { from: dayAndHour(from), back: dayAndHour(back) })}
      </a>
    </li>
  ));
}

function Both({ mayWrite }: { mayWrite: boolean }) {
  const say = useWords(statusWords);
  const { alertId } = useBoard();
  const id = encodeURIComponent(alertId);
  const said = useRead<StatusesView>(`${STATUSES}?alertId=${id}&newest=true`, { changedBy: CHANGED_BY }).data;
  const alone = useRead<AlonePlacesView>(`${ALONE}?alertId=${id}`, { changedBy: ALONE_CHANGED_BY }).data;
  if ((said?.statuses.length ?? 0) + (alone?.alone.length ?? 0) === 0) return null;
  return (
    <section className="heard" aria-labelledby="heard-title">
      <div className="spread">
        <h2 id="heard-title">{say('heard')}</h2>
        <span>
          <AsOf atMs={said?.asOfMs} /> · <a href={statusHref()}>{say('six')}</a>
        </span>
      </div>
      <ul className="plain-list">
        {said?.statuses.map((status) => (
          <Told key={status.id} {...{ status, mayWrite }} asOf={said.asOf} />
        ))}
        {alone === undefined ? null : <Alone {...alone} />}
      </ul>
    </section>
  );
}

export function Heard() {
  const standing = useStore(session);
  if (!('officer' in standing) || !roleMay(standing.officer.role, 'status.read')) return null;
  return <Both mayWrite={roleMay(standing.officer.role, 'status.write')} />;
}
