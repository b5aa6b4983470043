// One word of a village, as it was said: in a line, line by line, and what became of it.
import { STATUS_LINES } from '@laba/domain/spoken-status';
import type { StatusView } from '@laba/domain/status-view';
import { ModeTag } from '../../../app/mode-tag.tsx';
import { placeName, usePlaces } from '../../../app/places.ts';
import { hrefOf } from '../../../app/route.ts';
import { Said } from '../../../app/said.tsx';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { Differs, SpokenLine } from './spoken-line.tsx';
import { isAlarm, momentOf, statusHref } from './statuses.ts';
import { statusWords } from './words.ts';

interface CardProps {
  status: StatusView;
  /** When it was read, by the village's clocks. */
  asOf: string;
  mayWrite: boolean;
  /** Whether it stands in the list of its own place. */
  isOwnList: boolean;
}

function Beside({ status, asOf }: Pick<CardProps, 'status' | 'asOf'>) {
  const say = useWords(statusWords);
  const language = useLanguage();
  const { orderWords, orderAt, contact, nextContactAt, needReportId, writtenBy, writtenAt } = status;
  const told = [
    orderWords === null ? '' : say('orderThere', { order: orderWords[language], at: orderAt === null ? '' : momentOf(orderAt, asOf) }),
    contact === null || nextContactAt === null ? '' : say(`contact.${contact}`, { at: momentOf(nextContactAt, asOf) }),
    needReportId === null ? '' : say('isNeed'),
  ].filter((words) => words !== '');
  return (
    <p className="small">
      {told.join(' · ')}
      {told.length === 0 ? '' : ' · '}
      <Said>{say('writtenBy', { by: writtenBy, at: momentOf(writtenAt, asOf) })}</Said>
    </p>
  );
}

export function StatusCard({ status, asOf, mayWrite, isOwnList }: CardProps) {
  const say = useWords(statusWords);
  const places = usePlaces();
  const { id, gridCode, mode, isGrave, isNewest, lines } = status;
  const look = isAlarm(status) ? 'report-card spoken grave' : isNewest ? 'report-card spoken' : 'report-card spoken former';
  return (
    <article className={look} data-status={id}>
      <div className="spread">
        <h3>
          {mode === null ? null : <ModeTag mode={mode} />} <Said>{placeName(places, gridCode)}</Said>{' '}
          {isNewest ? null : <span className="chip">{say('former')}</span>}
        </h3>
        {isGrave ? <b className="bad">✕ {say('grave')}</b> : null}
      </div>
      <p>
        <SpokenLine status={status} asOf={asOf} />
      </p>
      <Differs status={status} asOf={asOf} maySettle={mayWrite} />
      <ol className="six-said">
        {STATUS_LINES.map(({ zh }, i) => (
          <li key={zh}>{lines[i] === undefined || lines[i] === '' ? <span className="age">{say('noLine')}</span> : <Said>{lines[i]}</Said>}</li>
        ))}
      </ol>
      <Beside status={status} asOf={asOf} />
      <p className="acts small">
        {isOwnList ? null : <a href={statusHref(gridCode)}>{say('history')}</a>}
        <a href={hrefOf('houses', 'alone', gridCode)}>{say('aloneThere')}</a>
      </p>
    </article>
  );
}
