// Chapter 2, alert: the screen "Raise": a new alert, one begun from a report, the update of one that sounds, or one that waits for a second officer.
import type { AlertView, TemplateView } from '@laba/domain/alert-view';
import type { Officer } from '@laba/domain/officer';
import type { ReportView } from '@laba/domain/report-view';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { alertPath, soundingOf } from '../../acts/act.ts';
import { get } from '../../api/client.ts';
import { session } from '../../api/session.ts';
import { Age } from '../../app/age.tsx';
import { LevelTag, ModeTag } from '../../app/mode-tag.tsx';
import { useNow } from '../../app/now.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf, useRoute } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverNow } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { Compose } from './compose.tsx';
import { newDraft, updateDraft, type Draft } from './draft.ts';
import { OneAlert } from './one-alert.tsx';
import { Raising } from './raising.ts';
import { raiseWords } from './words.ts';

/** What is composed, and what was sent of it: whoever comes back and holds again raises nothing twice. */
interface Kept {
  draft: Draft;
  raising: Raising;
}

/** What was begun stands also after a look at another screen, for the officer who began it. */
const kept = new Map<string, Kept>();

function WaitingList() {
  const say = useWords(raiseWords);
  const waiting = useNow().data?.waiting ?? [];
  if (waiting.length === 0) return null;
  return (
    <section aria-labelledby="waiting-list">
      <h2 id="waiting-list">{say('waiting')}</h2>
      <ul className="waiting-list">
        {waiting.map((alert) => (
          <li key={alert.id}>
            <ModeTag mode={alert.mode} always /> <LevelTag level={alert.level} order={alert.order} />{' '}
            <a href={hrefOf('raise', 'alert', alert.id)} aria-label={`${say('openIt')} ${alert.title}`}>
              <Said>{alert.title}</Said>
            </a>{' '}
            · <Age atMs={alert.createdAtMs} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface BegunProps {
  name: string;
  templates: readonly TemplateView[];
  begin: () => Draft;
  /** Reads anew what the next one goes on from. */
  readAnew: () => Promise<() => Draft>;
}

const begunOf = (begin: () => Draft): Kept => ({ draft: begin(), raising: new Raising() });

function Begun({ name, templates, begin, readAnew }: BegunProps) {
  const [begun, setBegun] = useState(() => kept.get(name) ?? begunOf(begin));
  const [times, setTimes] = useState(0);
  const { draft, raising } = begun;
  const change = (part: Partial<Draft>) => {
    // What an answer changes comes late: the officer may have gone on writing.
    const next = { raising, draft: { ...(kept.get(name)?.draft ?? draft), ...part } };
    kept.set(name, next);
    setBegun(next);
  };
  const drop = () => (kept.get(name)?.raising === raising ? kept.delete(name) : false);
  const forget = async () => {
    drop();
    const next = begunOf(await readAnew());
    drop();
    setBegun(next);
    setTimes(times + 1);
  };
  return <Compose key={times} draft={draft} raising={raising} templates={templates} change={change} forget={() => void forget()} />;
}

/** What a new draft goes on from: a report, or what sounds. It is read once: a draft is not changed under the officer's hands. */
async function originOf(from: string | undefined, id: string, officer: Officer): Promise<() => Draft> {
  if (from === 'report') {
    const report = await get<ReportView>(`/api/v1/reports/${encodeURIComponent(id)}`);
    return () => newDraft(officer, report);
  }
  if (from !== 'update') return () => newDraft(officer);
  const alert = await get<AlertView>(alertPath(id));
  const sounding = soundingOf(alert);
  return () => (sounding === undefined ? newDraft(officer) : updateDraft({ alert, sounding }, serverNow()));
}

function Composing({ from, id, officer }: { from: string | undefined; id: string; officer: Officer }) {
  const frame = useWords(frameWords);
  const templates = useRead<{ templates: TemplateView[] }>('/api/v1/templates', { every: false });
  const name = [officer.id, from, id].join(' ');
  const origin = useQuery({ queryKey: ['origin of a draft', name], queryFn: () => originOf(from, id, officer), gcTime: 0, staleTime: Infinity });
  const error = templates.error ?? origin.error;
  const begin = origin.data;
  if (templates.data !== undefined && begin !== undefined)
    return <Begun key={name} name={name} templates={templates.data.templates} begin={begin} readAnew={async () => (await origin.refetch()).data ?? begin} />;
  if (error === null) return <p>{frame('loading')}</p>;
  const again = () => {
    void templates.refetch();
    void origin.refetch();
  };
  return <ProblemNote error={error} onRetry={again} />;
}

export function RaiseScreen() {
  const standing = useStore(session);
  const [from, id = '', said] = useRoute().rest;
  if (!('officer' in standing)) return null;
  if (from === 'alert') return <OneAlert key={id} id={id} isEarlier={said === 'earlier'} />;
  return (
    <>
      {from === undefined ? <WaitingList /> : null}
      <Composing from={from} id={id} officer={standing.officer} />
    </>
  );
}
