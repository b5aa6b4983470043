// Chapter 6, reporting upward: one report as it would be printed, with the board's figures, and the officer's words while it is a draft.
import type { SituationDocument, SituationSheet, SituationTable } from '@laba/domain/situation-view';
import { Age, AsOf } from '../../app/age.tsx';
import { useFrameMode } from '../../app/mode-frame.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf, useServerNow } from '../../app/server-time.ts';
import { WideTable } from '../../app/wide-table.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { clockOf } from './due-list.tsx';
import { isOld, ReportActs } from './report-acts.tsx';
import { CHANGED_BY, paths } from './upward.ts';
import { WordsForm, WordsLeft } from './words-form.tsx';
import { upwardWords } from './words.ts';

function Pairs({ rows, label }: { rows: SituationDocument['head']; label: string }) {
  return (
    <table className="pairs" aria-label={label}>
      <tbody>
        {rows.map(([name, said]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Said>{said}</Said>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Figures({ table: { heading, columns, rows } }: { table: SituationTable }) {
  const isByPlace = columns.length > 0;
  return (
    <div className={isByPlace ? 'figures by-place' : 'figures'}>
      <h3>{heading}</h3>
      <WideTable name={heading} columns={columns.map((words) => ({ key: words, words }))}>
        {rows.map(([name, ...figures], at) => (
          // Two groups may have one name.
          <tr key={`${at} ${String(name)}`}>
            <th scope="row">{isByPlace ? <Said>{name}</Said> : name}</th>
            {figures.map((figure, column) => (
              <td key={columns[column + 1] ?? 'figure'} className="figure">
                {figure}
              </td>
            ))}
          </tr>
        ))}
      </WideTable>
    </div>
  );
}

function Words({ words }: { words: SituationDocument['words'] }) {
  return words.map(({ heading, paragraphs }) => (
    <div key={heading}>
      <h3>{heading}</h3>
      <Said block>{paragraphs.join('\n')}</Said>
    </div>
  ));
}

function FiguresAge({ sheet: { asOf, asOfMs, state } }: { sheet: SituationSheet }) {
  const say = useWords(upwardWords);
  const isPast = isOld(asOfMs, useServerNow());
  const isBad = state === 'draft' && isPast;
  return (
    <p className={isBad ? 'bad' : undefined}>
      {isBad ? '✕ ' : ''}
      {say('figuresOf', { at: clockOf(asOf) })} · <Age atMs={asOfMs} />
    </p>
  );
}

function Sheet({ sheet, mayReport }: { sheet: SituationSheet; mayReport: boolean }) {
  const say = useWords(upwardWords);
  const { document, state, mode } = sheet;
  const isOpen = state === 'draft' && mayReport;
  useFrameMode(mode === 'drill' ? 'drill' : undefined);
  return (
    <>
      {document.marks.map((mark) => (
        <p key={mark} className={`sheet-mark ${mode}`} role="note">
          {mark}
        </p>
      ))}
      <h2 id="sheet-title">
        <Said>{document.title}</Said>
      </h2>
      <FiguresAge sheet={sheet} />
      <ReportActs sheet={sheet} mayReport={mayReport} />
      {state === 'sent' ? <WordsLeft id={sheet.id} /> : null}
      <Pairs rows={document.head} label={say('what')} />
      <h2>{say('officerWords')}</h2>
      {isOpen ? <WordsForm sheet={sheet} /> : <Words words={document.words} />}
      <h2>{say('figures')}</h2>
      <div className="figure-tables">
        {document.tables.map((table) => (
          <Figures key={table.heading} table={table} />
        ))}
      </div>
      <Pairs rows={document.signature} label={say('signed')} />
    </>
  );
}

export function ReportSheet({ id, mayReport }: { id: string; mayReport: boolean }) {
  const frame = useWords(frameWords);
  const language = useLanguage();
  const { data, error, dataUpdatedAt, refetch } = useRead<SituationSheet>(paths.sheet(id, language), { changedBy: CHANGED_BY });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      <Sheet sheet={data} mayReport={mayReport} />
    </>
  );
}
