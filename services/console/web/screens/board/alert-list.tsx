// Which alerts there are: those in force first, what is real before what is an exercise; each leads to its board.
import type { ListedAlertView } from '@laba/domain/alert-view';
import { Age, AsOf } from '../../app/age.tsx';
import { LevelTag, ModeTag } from '../../app/mode-tag.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { useAlerts } from './board-reads.ts';
import { boardWords } from './words.ts';

const rank = ({ state, mode }: ListedAlertView) => (state === 'raised' ? 0 : 2) + (mode === 'live' ? 0 : 1);

function TitleLink({ alert }: { alert: ListedAlertView }) {
  return (
    <a href={hrefOf('board', alert.id)}>
      <Said>{alert.title}</Said>
    </a>
  );
}

function AlertRow({ alert }: { alert: ListedAlertView }) {
  const say = useWords(boardWords);
  const language = useLanguage();
  const places = usePlaces();
  const isOn = alert.state === 'raised';
  return (
    <tr data-alert={alert.id} className={`${alert.mode} ${alert.state}`}>
      <td>
        <span className="tags">
          <ModeTag mode={alert.mode} always /> <LevelTag level={alert.level} order={alert.order} />
        </span>
      </td>
      <td>
        <TitleLink alert={alert} />
        {alert.updateWaits ? <small className="block">… {say('titleOfUpdate')}</small> : null}
      </td>
      <td>
        <Said>{alert.areaCodes.map((code) => placeName(places, code)).join(language === 'zh' ? '、' : ', ')}</Said>
      </td>
      <td>
        <b className={isOn && alert.mode === 'live' ? 'bad' : ''}>
          <span aria-hidden="true">{isOn ? '●' : '■'}</span> {say(`state.${alert.state}`)}
        </b>
      </td>
      <td>
        <Age atMs={alert.raisedAt === null ? null : Date.parse(alert.raisedAt)} />
      </td>
    </tr>
  );
}

export function AlertList() {
  const say = useWords(boardWords);
  const frame = useWords(frameWords);
  const { data, error, dataUpdatedAt, refetch } = useAlerts();
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const raised = data.alerts.filter(({ raisedAt }) => raisedAt !== null).toSorted((a, b) => rank(a) - rank(b) || (a.raisedAt! < b.raisedAt! ? 1 : -1));
  return (
    <>
      <h1>{say('title')}</h1>
      <section aria-labelledby="boards-title">
        <div className="spread">
          <h2 id="boards-title">{say('inForce')}</h2>
          <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
        </div>
        {raised.length === 0 ? (
          <p className="empty">{say('noAlerts')}</p>
        ) : (
          <WideTable name={say('inForce')} columns={columnsOf(['kind', 'alert', 'where', 'state', 'raised'], say)} look="alert-list">
            {raised.map((alert) => (
              <AlertRow key={alert.id} alert={alert} />
            ))}
          </WideTable>
        )}
      </section>
    </>
  );
}
