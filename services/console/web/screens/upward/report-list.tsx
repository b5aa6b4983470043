// Chapter 6, reporting upward: all reports, the newest first, and how each stands.
import type { SituationLine, SituationsView } from '@laba/domain/situation-view';
import { Button } from 'antd';
import { ModeTag } from '../../app/mode-tag.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { clockOf } from './due-list.tsx';
import { upwardWords } from './words.ts';

function Row({ line, isOpen }: { line: SituationLine; isOpen: boolean }) {
  const say = useWords(upwardWords);
  const language = useLanguage();
  const { id, number, kindWords, mode, title, state, altered, late, asOf, sentAt, sentBy } = line;
  return (
    <tr data-report={id} className={isOpen ? 'open' : undefined}>
      <th scope="row">
        <a href={hrefOf('upward', id)} aria-current={isOpen ? 'true' : undefined}>
          {say('report', { kind: kindWords[language], n: number })}
        </a>{' '}
        <ModeTag mode={mode} />
        <span className="block small">
          <Said>{title}</Said>
        </span>
      </th>
      <td>
        {altered ? <b className="bad">✕ {say('altered')}</b> : <b>{say(`state.${state}`)}</b>}
        {late ? <b className="bad block">{say(state === 'sent' ? 'late' : 'lateDraft')}</b> : null}
      </td>
      <td className="small">
        {say('figuresOf', { at: clockOf(asOf) })}
        {sentAt === null ? null : (
          <span className="block">
            {say('signed')} {clockOf(sentAt)} <Said>{sentBy}</Said>
          </span>
        )}
      </td>
    </tr>
  );
}

interface ListProps {
  view: SituationsView;
  openId: string | undefined;
  isOlder: boolean;
  onTurn: (before: string | undefined) => void;
}

export function ReportList({ view, openId, isOlder, onTurn }: ListProps) {
  const say = useWords(upwardWords);
  const { next } = view;
  return (
    <>
      {view.reports.length === 0 ? <p className="empty">{say('none')}</p> : null}
      <WideTable name={say('list')} columns={columnsOf(['what', 'state', 'asOf'], say)}>
        {view.reports.map((line) => (
          <Row key={line.id} line={line} isOpen={line.id === openId} />
        ))}
      </WideTable>
      <p className="acts">
        {isOlder ? <Button onClick={() => onTurn(undefined)}>{say('newest')}</Button> : null}
        {next === null ? null : <Button onClick={() => onTurn(next)}>{say('older')}</Button>}
      </p>
    </>
  );
}
