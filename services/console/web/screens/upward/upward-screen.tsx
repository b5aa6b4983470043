// Chapter 6, reporting upward: what is due and since when, the reports there are, and the one that is open.
import { roleMay } from '@laba/domain/officer';
import type { SituationsView } from '@laba/domain/situation-view';
import { useState } from 'react';
import { session } from '../../api/session.ts';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { useRoute } from '../../app/route.ts';
import { serverTimeOf } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { DueList } from './due-list.tsx';
import { ReportList } from './report-list.tsx';
import { ReportSheet } from './report-sheet.tsx';
import { CHANGED_BY, REPORTS } from './upward.ts';
import { upwardWords } from './words.ts';

function Lists({ openId, mayReport }: { openId: string | undefined; mayReport: boolean }) {
  const say = useWords(upwardWords);
  const frame = useWords(frameWords);
  const [before, turnTo] = useState<string>();
  const path = before === undefined ? REPORTS : `${REPORTS}?before=${encodeURIComponent(before)}`;
  const { data, error, dataUpdatedAt, refetch } = useRead<SituationsView>(path, { changedBy: CHANGED_BY });
  if (data === undefined) return <section>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</section>;
  const asOf = <AsOf atMs={serverTimeOf(dataUpdatedAt)} />;
  return (
    <>
      <section aria-labelledby="due-title">
        <div className="spread">
          <h2 id="due-title">{say('due')}</h2>
          {asOf}
        </div>
        <DueList view={data} mayReport={mayReport} />
      </section>
      <section aria-labelledby="list-title">
        <div className="spread">
          <h2 id="list-title">{say('list')}</h2>
          {asOf}
        </div>
        <ReportList view={data} openId={openId} isOlder={before !== undefined} onTurn={turnTo} />
      </section>
    </>
  );
}

export function UpwardScreen() {
  const say = useWords(upwardWords);
  const standing = useStore(session);
  const [openId] = useRoute().rest;
  const mayReport = 'officer' in standing && roleMay(standing.officer.role, 'situation.report');
  return (
    <>
      <h1>{say('title')}</h1>
      <p className="lead">{say('lead')}</p>
      <div className="upward">
        <div>
          <Lists openId={openId} mayReport={mayReport} />
        </div>
        {openId === undefined ? (
          <section>
            <p className="empty">{say('choose')}</p>
          </section>
        ) : (
          <section aria-labelledby="sheet-title" className="sheet">
            <ReportSheet key={openId} id={openId} mayReport={mayReport} />
          </section>
        )}
      </div>
    </>
  );
}
