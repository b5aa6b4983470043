// What a file would do: how many rows are new, changed, known or faulty, each fault with its cure, each change cell by cell, and the button that writes it.
import type { ImportChange, ImportResultView } from '@laba/domain/import-view';
import { Button } from 'antd';
import { Said } from '../../../app/said.tsx';
import { columnsOf, WideTable } from '../../../app/wide-table.tsx';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { VirtualList } from '../../board/virtual-list.tsx';
import { importsWords } from './words.ts';

const LOOKS = { fresh: 'chip good', changed: 'chip warn', unchanged: 'chip', removed: 'chip bad', refused: 'chip bad' } as const;
const COUNTS = ['fresh', 'changed', 'removed', 'unchanged', 'refused'] as const;

function Counts({ result }: { result: ImportResultView }) {
  const say = useWords(importsWords);
  const shown = COUNTS.filter((name) => name !== 'removed' || result.removed > 0);
  return (
    <p className="chips">
      {shown.map((name) => (
        <span key={name} className={result[name] === 0 ? 'chip' : LOOKS[name]} data-count={name}>
          {say(name, { n: result[name] })}
        </span>
      ))}
    </p>
  );
}

function Faults({ result }: { result: ImportResultView }) {
  const say = useWords(importsWords);
  const language = useLanguage();
  const { errors, errorCount } = result;
  if (errorCount === 0) return null;
  return (
    <>
      <h3>{say('faults')}</h3>
      <p className="bad" role="alert">
        ✕ {say('faultsLead', { n: errorCount })} {errorCount > errors.length ? say('faultsMore', { shown: errors.length }) : null}
      </p>
      <WideTable name={say('faults')} columns={columnsOf(['row', 'where', 'wrong'], say)} look="faults">
        {errors.map(({ row, column, message, messageZh }, i) => (
          <tr key={i} data-fault={`${row}:${column}`}>
            <th scope="row">{row}</th>
            <td>{column === '' ? say('wholeRow') : <code translate="no">{column}</code>}</td>
            <td>{language === 'zh' ? messageZh : message}</td>
          </tr>
        ))}
      </WideTable>
    </>
  );
}

const CHANGE_LOOKS = { new: 'chip good', changed: 'chip warn', removed: 'chip bad' } as const;

function ChangeRow({ change: { is, row, id, cells } }: { change: ImportChange }) {
  const say = useWords(importsWords);
  const told = (text: string) => (text === '' ? say('emptyCell') : <Said>{text}</Said>);
  return (
    <div className="list-row" data-change={is}>
      <span>
        <span className={CHANGE_LOOKS[is]}>{say(`is.${is}`)}</span> {row === null ? null : say('rowNo', { n: row })}{' '}
        <b>
          <Said>{id}</Said>
        </b>
      </span>
      <small>
        {cells.map(({ column, was, becomes }) => (
          <span key={column} className="cell-change">
            <code translate="no">{column}</code> {is === 'changed' ? <>{told(was)} → </> : null}
            {told(becomes)}
          </span>
        ))}
      </small>
    </div>
  );
}

function Changes({ result }: { result: ImportResultView }) {
  const say = useWords(importsWords);
  const { changes, fresh, changed, removed } = result;
  const all = fresh + changed + removed;
  if (changes.length === 0) return null;
  return (
    <>
      <h3>{say('changes')}</h3>
      {all > changes.length ? <p className="small">{say('changesMore', { shown: changes.length, n: all })}</p> : null}
      <VirtualList
        rows={changes}
        keyOf={({ is, row, id }) => `${is} ${row ?? ''} ${id}`}
        draw={(change) => <ChangeRow change={change} />}
        label={say('changes')}
      />
    </>
  );
}

function WriteButton({ result, isBusy, onWrite }: { result: ImportResultView; isBusy: boolean; onWrite: () => void }) {
  const say = useWords(importsWords);
  const { fresh, changed, removed, errorCount } = result;
  const why = errorCount > 0 ? say('whyFaults') : fresh + changed + removed === 0 ? say('whyNothing') : undefined;
  return (
    <div className="field">
      {removed > 0 && why === undefined ? <p className="bad">! {say('removing', { n: removed })}</p> : null}
      <p className="acts">
        <Button
          type="primary"
          danger={removed > 0}
          disabled={why !== undefined}
          loading={isBusy}
          aria-describedby={why === undefined ? undefined : 'why-not-write'}
          onClick={onWrite}
        >
          {say(removed > 0 ? 'writeRemoving' : 'write', { fresh, changed, removed })}
        </Button>
        {why === undefined ? null : <span id="why-not-write">{why}</span>}
      </p>
    </div>
  );
}

interface CheckResultProps {
  fileName: string;
  result: ImportResultView;
  isAnew: boolean;
  isBusy: boolean;
  onWrite: () => void;
}

export function CheckResult({ fileName, result, isAnew, isBusy, onWrite }: CheckResultProps) {
  const say = useWords(importsWords);
  return (
    <>
      {isAnew ? (
        <p className="bad" role="alert">
          ! {say('again')}
        </p>
      ) : null}
      <p>
        <Said>{say('rows', { file: fileName, n: result.rows })}</Said>
      </p>
      <Counts result={result} />
      {result.ignoredColumns.length === 0 ? null : <p className="small">! {say('ignored', { columns: result.ignoredColumns.join(', ') })}</p>}
      <WriteButton result={result} isBusy={isBusy} onWrite={onWrite} />
      <Faults result={result} />
      <Changes result={result} />
    </>
  );
}
