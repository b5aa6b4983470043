// The village alone: the houses above and below this one: enrolled by a code, confirmed by an officer, and how the line of each is.
import type { HousesView, HouseView } from '@laba/domain/house-view';
import { roleMay } from '@laba/domain/officer';
import { session } from '../../api/session.ts';
import { Age, AsOf } from '../../app/age.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf, useServerNow } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { ClaimForm } from './claim-form.tsx';
import { EnrolledActs } from './enrolled-acts.tsx';
import { HOUSES, inOrder, lineOf } from './houses.ts';
import { housesWords } from './words.ts';

const LOOKS = { heard: ['good', '●'], silent: ['bad', '✕'], never: ['bad', '✕'] } as const;

function Line({ house }: { house: HouseView }) {
  const say = useWords(housesWords);
  const line = lineOf(house, useServerNow());
  if (house.status !== 'active') return <span>–</span>;
  const [look, icon] = LOOKS[line];
  return (
    <span className={look}>
      <span aria-hidden="true">{icon}</span> {say(`line.${line}`)}
    </span>
  );
}

function HouseRow({ house, mayAct }: { house: HouseView; mayAct: boolean }) {
  const say = useWords(housesWords);
  const places = usePlaces();
  const place = placeName(places, house.gridCode);
  return (
    <tr data-house={house.id} className={house.status}>
      <th scope="row">
        <Said>{place}</Said> <small translate="no">{house.gridCode}</small>
      </th>
      <td>{say(`side.${house.side}`)}</td>
      <td>
        <b className={house.status === 'claimed' ? 'bad' : ''}>{say(`status.${house.status}`)}</b>
      </td>
      <td>
        <Line house={house} />
      </td>
      <td>
        <Age atMs={house.lastHeardAt === null ? null : Date.parse(house.lastHeardAt)} />
      </td>
      <td>
        {house.behind === 0 ? say('upToDate') : say('rows', { n: house.behind })}
        {house.trouble === null ? null : (
          <b className="bad block">
            ✕ <Said>{say('trouble', { why: house.trouble })}</Said>
          </b>
        )}
      </td>
      <td>
        <code translate="no">{house.id}</code>
      </td>
      <td>
        {mayAct && house.side === 'below' ? (
          <EnrolledActs of={{ kind: 'house', path: `${HOUSES}/${encodeURIComponent(house.id)}`, list: HOUSES, shown: house.id, place, status: house.status }} />
        ) : null}
      </td>
    </tr>
  );
}

function HouseTable({ houses, mayAct }: { houses: readonly HouseView[]; mayAct: boolean }) {
  const say = useWords(housesWords);
  if (houses.length === 0) return <p className="empty">{say('none')}</p>;
  return (
    <WideTable name={say('list')} columns={columnsOf(['where', 'side', 'state', 'line', 'heard', 'behind', 'id', 'acts'], say)}>
      {inOrder(houses).map((house) => (
        <HouseRow key={house.id} house={house} mayAct={mayAct} />
      ))}
    </WideTable>
  );
}

export function SystemsPage() {
  const say = useWords(housesWords);
  const frame = useWords(frameWords);
  const places = usePlaces();
  const standing = useStore(session);
  const { data, error, dataUpdatedAt, refetch } = useRead<HousesView>(HOUSES, { changedBy: /^house\./ });
  const mayAct = 'officer' in standing && roleMay(standing.officer.role, 'house.enrol');
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <p className="lead">{say('lead')}</p>
      <p>
        {say('own')}: <Said>{placeName(places, data.node)}</Said> <code translate="no">{data.id}</code>
      </p>
      {mayAct ? <ClaimForm /> : null}
      <section aria-labelledby="houses-title">
        <div className="spread">
          <h2 id="houses-title">{say('list')}</h2>
          <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
        </div>
        <HouseTable houses={data.houses} mayAct={mayAct} />
      </section>
    </>
  );
}
