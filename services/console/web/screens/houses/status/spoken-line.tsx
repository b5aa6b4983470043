// What was said of one place, in a line; how old it is; and what differs from what was marked since.
import type { StatusView } from '@laba/domain/status-view';
import { Button } from 'antd';
import { useState } from 'react';
import { post } from '../../../api/client.ts';
import { Age } from '../../../app/age.tsx';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { Said } from '../../../app/said.tsx';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { momentOf, readStatusesAnew, STATUSES } from './statuses.ts';
import { statusWords } from './words.ts';

/** "by satellite phone 03:12: 60 of 65 households, 188 of 199 people …", and how old that is. */
export function SpokenLine({ status, asOf }: { status: StatusView; asOf: string }) {
  const say = useWords(statusWords);
  const language = useLanguage();
  const { counts, expected } = status;
  const said = [
    counts.households === null ? '' : say('households', { n: counts.households, total: expected.households }),
    counts.persons === null ? '' : say('people', { n: counts.persons, total: expected.persons }),
    ...(['moved', 'missing', 'injured'] as const).map((what) => (counts[what] === null ? '' : say(what, { n: counts[what] }))),
  ].filter((words) => words !== '');
  return (
    <span className="spoken-line">
      <b>
        {status.meansWords[language]} {momentOf(status.saidAt, asOf)}
      </b>{' '}
      {said.length === 0 ? say('noCounts') : said.join(language === 'zh' ? '，' : ', ')} · <Age atMs={status.saidAtMs} />
    </span>
  );
}

function Settle({ status }: { status: StatusView }) {
  const say = useWords(statusWords);
  const [error, setError] = useState<unknown>();
  const settle = async () => {
    setError(undefined);
    try {
      await post(`${STATUSES}/${encodeURIComponent(status.id)}/reconcile`, { version: status.version });
    } catch (refused) {
      setError(refused);
    }
    await readStatusesAnew();
  };
  return (
    <>
      <Button size="small" aria-label={`${say('reconcile')} ${status.gridName}`} onClick={() => void settle()}>
        {say('reconcile')}
      </Button>
      {error === undefined ? null : <ProblemNote error={error} />}
    </>
  );
}

/** What was said and what is marked since, and the button that settles it; nothing where they agree and nobody is missing or hurt. */
export function Differs({ status, asOf, maySettle }: { status: StatusView; asOf: string; maySettle: boolean }) {
  const say = useWords(statusWords);
  const language = useLanguage();
  const { differences, reconciled, isGrave, isNewest } = status;
  if (reconciled !== null)
    return (
      <p className="good">
        ✓ <Said>{say('reconciledBy', { by: reconciled.by, at: momentOf(reconciled.at, asOf) })}</Said>
      </p>
    );
  if (!isNewest || (differences.length === 0 && !isGrave)) return null;
  const told = differences.map(({ words, said, marked }) => say('saidButMarked', { what: words[language], said, marked }));
  return (
    <p className="differs acts">
      {told.length === 0 ? null : <b>≠ {told.join(language === 'zh' ? '；' : '; ')}</b>}
      {maySettle ? <Settle status={status} /> : null}
    </p>
  );
}
