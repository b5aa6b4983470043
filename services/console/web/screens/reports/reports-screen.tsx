// Chapter 1, report: the inbox, unread ones first, and the form for who is on the telephone.
import type { ReportsView } from '@laba/domain/report-view';
import { Segmented } from 'antd';
import { useState } from 'react';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { ReportCard } from './report-card.tsx';
import { TelephoneForm } from './telephone-form.tsx';
import { reportsWords } from './words.ts';

type Shown = 'new' | 'all';

function Inbox({ shown }: { shown: Shown }) {
  const say = useWords(reportsWords);
  const frame = useWords(frameWords);
  const { data, error, dataUpdatedAt, refetch } = useRead<ReportsView>(`/api/v1/reports${shown === 'new' ? '?state=new' : ''}`, { changedBy: /^report\./ });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const { reports } = data;
  return (
    <>
      <p>
        <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      </p>
      {reports.length === 0 ? <p className="empty">{say(shown === 'new' ? 'none' : 'noneAtAll')}</p> : null}
      {reports.map((report) => (
        <ReportCard
          key={report.id}
          report={report}
          others={reports.filter(({ id, state }) => id !== report.id && (state === 'new' || state === 'true'))}
          onChanged={() => void refetch()}
        />
      ))}
    </>
  );
}

export function ReportsScreen() {
  const say = useWords(reportsWords);
  const [shown, show] = useState<Shown>('new');
  return (
    <>
      <h1>{say('title')}</h1>
      <div className="reports">
        <section aria-labelledby="telephone-title">
          <h2 id="telephone-title">{say('telephone')}</h2>
          <TelephoneForm />
        </section>
        <section aria-labelledby="inbox-title">
          <div className="spread">
            <h2 id="inbox-title">{say('inbox')}</h2>
            <Segmented<Shown> value={shown} onChange={show} options={(['new', 'all'] as const).map((value) => ({ value, label: say(`show.${value}`) }))} />
          </div>
          <Inbox shown={shown} />
        </section>
      </div>
    </>
  );
}
