// Chapter 5, roll-call (清点): of one alert, by village and group, by household and person; marked by hand or by scanned tags.
import type { ListedAlertView } from '@laba/domain/alert-view';
import { Select } from 'antd';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRoute } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { MODE_WORDS } from '@laba/domain/alert';
import { OneRollCall } from './one-roll-call.tsx';
import { ALL, countable, hrefOfPart, useAlerts, useFirstListed } from './roll-reads.ts';
import { rollWords } from './words.ts';

function AlertSelect({ alerts, alertId }: { alerts: readonly ListedAlertView[]; alertId: string }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const options = alerts.map(({ id, title, mode, raisedAt }) => ({
    value: id,
    // Names are no words of ours: no second label of them.
    title: '',
    label: `${MODE_WORDS[mode][language]} · ${title} · ${(raisedAt ?? '').slice(5, 16).replace('T', ' ')}`,
  }));
  return (
    <Select
      key={language}
      className="roll-alert"
      aria-label={say('choose')}
      value={alertId}
      title=""
      options={options}
      optionRender={({ label }) => <Said>{label}</Said>}
      labelRender={({ label }) => <Said>{label}</Said>}
      onChange={(id: string) => location.assign(hrefOfPart(id, ALL))}
      popupMatchSelectWidth={false}
    />
  );
}

function Chosen({ alerts }: { alerts: readonly ListedAlertView[] }) {
  const say = useWords(rollWords);
  const [asked, code = ALL, part] = useRoute().rest;
  const { data: first, error } = useFirstListed(asked === undefined || asked === '' ? alerts : undefined);
  const alertId = asked === undefined || asked === '' ? first : asked;
  if (error !== null) return <ProblemNote error={error} />;
  if (alertId === undefined) return <section>{say('looking')}</section>;
  if (alertId === null)
    return (
      <section>
        <p className="empty">{say('none')}</p>
      </section>
    );
  return <OneRollCall key={alertId} alertId={alertId} code={code} part={part} choose={<AlertSelect alerts={alerts} alertId={alertId} />} />;
}

export function RollCallScreen() {
  const say = useWords(rollWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useAlerts();
  return (
    <>
      <h1>{say('title')}</h1>
      <p className="lead">{say('lead')}</p>
      {data !== undefined ? (
        <Chosen alerts={countable(data.alerts)} />
      ) : (
        <section>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</section>
      )}
    </>
  );
}
