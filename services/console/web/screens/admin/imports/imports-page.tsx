// The county's lists in and out: which list, which file, what it would change, and only then written.
import { LISTS, type ImportColumn, type ImportListsView, type ListKind } from '@laba/domain/import-view';
import { Button, Select } from 'antd';
import type { ChangeEvent } from 'react';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { useRead } from '../../../app/queries.ts';
import { hrefOf, useRoute } from '../../../app/route.ts';
import { columnsOf, WideTable } from '../../../app/wide-table.tsx';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { CheckResult } from './check-result.tsx';
import { exportPath, formPath, LISTS_PATH, MOST_MB, useImport, type Checked, type Standing } from './imports.ts';
import { importsWords } from './words.ts';

function ColumnTable({ columns }: { columns: readonly ImportColumn[] }) {
  const say = useWords(importsWords);
  const language = useLanguage();
  return (
    <details>
      <summary>{say('columns')}</summary>
      <WideTable name={say('columns')} columns={columnsOf(['column', 'meaning'], say)}>
        {columns.map((column) => (
          <tr key={column.name}>
            <th scope="row">
              <code translate="no">{column.name}</code>
            </th>
            <td>
              {column[language]}
              {column.isOptional ? <small className="block">{say('optional')}</small> : null}
            </td>
          </tr>
        ))}
      </WideTable>
    </details>
  );
}

function FileButton({ isBusy, onFile }: { isBusy: boolean; onFile: (file: File) => void }) {
  const say = useWords(importsWords);
  const chosen = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (file !== undefined) onFile(file);
    // The same file, mended, may be chosen again.
    target.value = '';
  };
  return (
    <>
      <label className="file-button">
        {say('chooseFile', { mb: MOST_MB })}
        <input className="unseen" type="file" name="list-file" accept=".csv,.txt,text/csv" disabled={isBusy} onChange={chosen} />
      </label>
      <p className="small">{say('fileNote')}</p>
    </>
  );
}

function Told({ standing, onWrite }: { standing: Standing; onWrite: (checked: Checked) => void }) {
  const say = useWords(importsWords);
  if (standing.is === 'none') return <p className="empty">{say('notYet')}</p>;
  if (standing.is === 'checking') return <p role="status">{say('checking')}</p>;
  if (standing.is === 'refused') return <ProblemNote error={standing.error} />;
  if (standing.is === 'wrong')
    return (
      <p className="bad" role="alert">
        ✕ {say(standing.key, { is: standing.mb, mb: MOST_MB })}
      </p>
    );
  const { file, result, isAnew } = standing;
  if (standing.is === 'written')
    return (
      <p className="good" role="status">
        ✓ {say('written', { fresh: result.fresh, changed: result.changed, removed: result.removed, unchanged: result.unchanged })}
      </p>
    );
  return <CheckResult fileName={file.name} result={result} isAnew={isAnew} isBusy={standing.is === 'writing'} onWrite={() => onWrite(standing)} />;
}

function OneList({ kind, columns }: { kind: ListKind; columns: readonly ImportColumn[] }) {
  const say = useWords(importsWords);
  const language = useLanguage();
  const { standing, take, write } = useImport(kind);
  const isBusy = standing.is === 'checking' || standing.is === 'writing';
  return (
    <div className="two-columns">
      <section aria-labelledby="choose-title" className="field">
        <h2 id="choose-title">{say('choose')}</h2>
        <label className="field" htmlFor="list">
          {say('list')}
          <Select
            id="list"
            value={kind}
            disabled={isBusy}
            options={Object.entries(LISTS).map(([value, words]) => ({ value, label: words[language] }))}
            onChange={(chosen) => location.assign(hrefOf('admin', 'imports', chosen))}
          />
        </label>
        <ColumnTable columns={columns} />
        <p className="acts">
          <Button href={formPath(kind, language)} download>
            {say('form')}
          </Button>
          <Button href={exportPath(kind)} download>
            {say('export')}
          </Button>
        </p>
        <p className="small">{say('exportNote')}</p>
        <FileButton isBusy={isBusy} onFile={(file) => void take(file)} />
      </section>
      <section aria-labelledby="result-title">
        <h2 id="result-title">{say('result')}</h2>
        <Told standing={standing} onWrite={(checked) => void write(checked)} />
      </section>
    </div>
  );
}

export function ImportsPage() {
  const say = useWords(importsWords);
  const frame = useWords(frameWords);
  const { rest } = useRoute();
  const { data, error, refetch } = useRead<ImportListsView>(LISTS_PATH, { every: false });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const list = data.lists.find(({ kind }) => kind === rest[1]) ?? data.lists[0];
  if (list === undefined) return null;
  return (
    <>
      <p className="lead">{say('lead')}</p>
      <OneList key={list.kind} kind={list.kind} columns={list.columns} />
    </>
  );
}
