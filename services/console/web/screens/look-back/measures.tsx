// Chapter 6, look back: one alert or drill in figures, curves and words.
import type { MeasuresView } from '@laba/domain/measures-view';
import { Button } from 'antd';
import { AsOf } from '../../app/age.tsx';
import { useFrameMode } from '../../app/mode-frame.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { Findings } from './findings.tsx';
import { PlaceTable } from './place-table.tsx';
import { DrillScore } from './score.tsx';
import { spreadWords, tookWords } from './spans.ts';
import { StepPlot } from './step-plot.tsx';
import { Timeline } from './timeline.tsx';
import { lookBackWords } from './words.ts';

const READ_AGAIN_MS = 15_000;
const CHANGED_BY = /^(alert|person|rollcall|ladder)\./;

export const clockOf = (at: string) => at.slice(0, 16).replace('T', ' ');
const measuresOf = (id: string) => `/api/v1/alerts/${encodeURIComponent(id)}/measures`;

function Acts({ view: { alertId, title } }: { view: MeasuresView }) {
  const say = useWords(lookBackWords);
  const lang = useLanguage() === 'zh' ? 'zh-CN' : 'en';
  return (
    <div className="acts">
      <Button onClick={() => window.print()}>{say('print')}</Button>
      <Button href={`${measuresOf(alertId)}.csv?lang=${lang}`} download>
        {say('csv')}
      </Button>
      <Button href={measuresOf(alertId)} download={`${say('title')} ${title}.json`}>
        {say('json')}
      </Button>
      <Button href={hrefOf('board', alertId)}>{say('board')}</Button>
    </div>
  );
}

function Curves({ view: { firstSound, answers, rollCall } }: { view: MeasuresView }) {
  const say = useWords(lookBackWords);
  const { households, persons } = rollCall;
  const counted = { count: persons.accounted, total: persons.total, households: households.accounted, allHouseholds: households.total };
  return (
    <div className="plots">
      <StepPlot
        name="sound"
        title={say('sound')}
        summary={`${say('sound.all', { count: firstSound.count, total: firstSound.speakers })} · ${spreadWords(firstSound, say)}`}
        curve={firstSound.curve}
        total={firstSound.speakers}
        unit={say('unit.sound')}
      />
      <StepPlot
        name="answers"
        title={say('answers')}
        summary={`${say('answers.all', { count: answers.count, total: answers.members })} · ${spreadWords(answers, say)}`}
        curve={answers.curve}
        total={answers.members}
        unit={say('unit.answers')}
      />
      <StepPlot
        name="roll-call"
        title={say('rollCall')}
        summary={say('rollCall.all', counted)}
        curve={rollCall.curve}
        total={persons.total}
        unit={say('unit.rollCall')}
      />
    </div>
  );
}

function Ladders({ ladders }: Pick<MeasuresView, 'ladders'>) {
  const say = useWords(lookBackWords);
  const { answered, total, moving, persons, overdue } = ladders;
  return (
    <>
      <p className={overdue > 0 ? 'bad' : undefined}>{say('laddersAll', { answered, total, moving, persons, overdue })}</p>
      <p>{say('answerTimes', { spread: spreadWords(ladders.answerTimes, say) })}</p>
      <p>{say('movingTimes', { spread: spreadWords(ladders.movingTimes, say) })}</p>
    </>
  );
}

function Head({ view }: { view: MeasuresView }) {
  const say = useWords(lookBackWords);
  const { mode, title, raisedAt, overAt, lastedMs } = view;
  return (
    <>
      <h2 id="measures-title">
        <ModeTag mode={mode} always /> <Said>{title}</Said>
      </h2>
      <p>
        {raisedAt === null ? '' : `${say('raisedAt', { at: clockOf(raisedAt) })} · `}
        {overAt === null ? <b>{say('standing')}</b> : say('over', { at: clockOf(overAt) })} · {say('lasted', { span: tookWords(lastedMs, say) })}
      </p>
    </>
  );
}

export function Measures({ id }: { id: string }) {
  const say = useWords(lookBackWords);
  const frame = useWords(frameWords);
  const { data, error, dataUpdatedAt, refetch } = useRead<MeasuresView>(measuresOf(id), { changedBy: CHANGED_BY, every: READ_AGAIN_MS });
  useFrameMode(data?.mode === 'drill' ? 'drill' : undefined);
  if (data === undefined) return <section>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</section>;
  return (
    <>
      <section aria-labelledby="measures-title" className="measures">
        <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
        {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
        <Head view={data} />
        <Acts view={data} />
        <Curves view={data} />
        <h2>{say('ladders')}</h2>
        <Ladders ladders={data.ladders} />
        <h2>{say('byPlace')}</h2>
        <PlaceTable view={data} />
        <h2>{say('drillScore')}</h2>
        <DrillScore score={data.score} />
      </section>
      <Findings alertId={id} />
      <section aria-labelledby="timeline-title">
        <h2 id="timeline-title">{say('timeline')}</h2>
        <Timeline id={id} />
      </section>
    </>
  );
}
