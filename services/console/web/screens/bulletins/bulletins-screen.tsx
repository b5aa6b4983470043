// Peacetime, routine broadcasts (日常广播): the week's plan by day, every broadcast, one of them or one of its times beside them, and a new one.
import type { BulletinListView } from '@laba/domain/bulletin-view';
import { roleMay, type Officer } from '@laba/domain/officer';
import { session } from '../../api/session.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf, useRoute } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { ActButton } from './acts.tsx';
import { BulletinForm } from './bulletin-form.tsx';
import { BulletinList } from './bulletin-list.tsx';
import { BULLETINS, CHANGED_BY } from './bulletins.ts';
import { OneBulletin, Panel } from './one-bulletin.tsx';
import { OneTime } from './one-time.tsx';
import { WeekPlan } from './week-plan.tsx';
import { bulletinsWords } from './words.ts';

interface Props {
  list: BulletinListView;
  officer: Officer;
}

function OldGateways({ list: { oldGateways, oldSites } }: Pick<Props, 'list'>) {
  const say = useWords(bulletinsWords);
  if (oldGateways.length === 0) return null;
  return (
    <section role="note" data-old-gateways>
      <b className="bad">✕ {say('oldGateways', { n: oldGateways.length })}</b>
      <ul className="old-sites">
        {oldSites.map(({ gatewayId, siteName, placeName }) => (
          <li key={gatewayId}>
            <Said>
              {siteName} · {placeName} · {gatewayId}
            </Said>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Open({ list, officer, id }: Props & { id: string }) {
  const say = useWords(bulletinsWords);
  const bulletin = list.bulletins.find((one) => one.id === id);
  if (bulletin === undefined) return <Panel title={say('gone')}>{null}</Panel>;
  return <OneBulletin bulletin={bulletin} officer={officer} asOf={list.asOf} />;
}

function Lists({ list, officer, rest: [first, second] }: Props & { rest: readonly string[] }) {
  const say = useWords(bulletinsWords);
  const mayManage = roleMay(officer.role, 'bulletin.manage');
  const timeId = first === 'time' ? second : undefined;
  const openId = first === 'time' ? undefined : first;
  return (
    <>
      <p className="acts">
        <ActButton
          words={say('create')}
          look="primary"
          why={mayManage ? undefined : say('why.role')}
          onPress={() => location.assign(hrefOf('bulletins', 'new'))}
        />
      </p>
      <OldGateways list={list} />
      <div className={first === undefined ? 'board' : 'board split'}>
        <div>
          <WeekPlan asOf={list.asOf} openId={timeId} />
          <BulletinList view={list} openId={openId} />
        </div>
        {openId === undefined ? null : <Open key={openId} list={list} officer={officer} id={openId} />}
        {timeId === undefined ? null : <OneTime key={timeId} id={timeId} list={list} officer={officer} />}
      </div>
    </>
  );
}

function Chosen({ list, officer }: Props) {
  const { rest } = useRoute();
  const [first, second] = rest;
  const current = second === 'edit' ? list.bulletins.find(({ id }) => id === first) : undefined;
  if (first === 'new' && roleMay(officer.role, 'bulletin.manage')) return <BulletinForm list={list} officer={officer} />;
  if (current !== undefined) return <BulletinForm key={current.id} list={list} officer={officer} current={current} />;
  return <Lists list={list} officer={officer} rest={rest} />;
}

export function BulletinsScreen() {
  const say = useWords(bulletinsWords);
  const frame = useWords(frameWords);
  const standing = useStore(session);
  const { data, error, refetch } = useRead<BulletinListView>(BULLETINS, { changedBy: CHANGED_BY });
  if (!('officer' in standing)) return null;
  return (
    <>
      <h1>{say('title')}</h1>
      <p className="lead">{say('lead')}</p>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null && <p>{frame('loading')}</p> : <Chosen list={data} officer={standing.officer} />}
    </>
  );
}
