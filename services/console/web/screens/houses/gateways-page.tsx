// The machines that sound the loudspeakers: enrolled by a code, confirmed by their fingerprint, and how each of them is.
import { roleMay } from '@laba/domain/officer';
import type { GatewayView } from '@laba/domain/gateway-view';
import { useMemo, useState } from 'react';
import { session } from '../../api/session.ts';
import { Age, AsOf } from '../../app/age.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useReadPages } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { EnrolledActs } from './enrolled-acts.tsx';
import {
  boxesOf,
  ENROLMENTS,
  GATEWAYS,
  GATEWAYS_CHANGED_BY,
  provenAtMs,
  SITES,
  type Box,
  type EnrolmentsPage,
  type GatewaysPageOf,
  type SitesPage,
} from './gateways.ts';
import { SiteClaim } from './site-claim.tsx';
import { housesWords } from './words.ts';

function Line({ said }: { said: GatewayView }) {
  const say = useWords(housesWords);
  const line = said.online === null ? 'never' : said.online ? 'heard' : 'silent';
  return (
    <span className={line === 'heard' ? 'good' : 'bad'}>
      <span aria-hidden="true">{line === 'heard' ? '●' : '✕'}</span> {say(`line.${line}`)}{' '}
      <Age atMs={said.lastSeen === null ? null : Date.parse(said.lastSeen)} />
    </span>
  );
}

/** What it says of itself that somebody should know. */
function Self({ said }: { said: GatewayView }) {
  const say = useWords(housesWords);
  const { power, clockKnown, reportsWaiting } = said;
  const onBattery = power?.source === 'battery';
  return (
    <>
      <span className={onBattery ? 'bad' : ''}>{power === null ? '–' : say(`power.${power.source}`)}</span>
      {onBattery && power.batteryPercent !== null && power.hoursLeft !== null ? (
        <small> {say('powerLeft', { percent: power.batteryPercent, hours: power.hoursLeft })}</small>
      ) : null}
      {clockKnown === false ? <b className="bad block">✕ {say('clockUnknown')}</b> : null}
      {reportsWaiting === null || reportsWaiting === 0 ? null : <small className="block">{say('waiting', { n: reportsWaiting })}</small>}
    </>
  );
}

function Speakers({ box }: { box: Box }) {
  const say = useWords(housesWords);
  const proven = provenAtMs(box);
  return (
    <>
      {(box.said?.speakers ?? []).map(({ speakerId, name, player }) => (
        <span key={speakerId} className="block">
          <Said>{name}</Said> {player === 'failed' ? <b className="bad">✕ {say('playerFailed')}</b> : null}
        </span>
      ))}
      {box.status === 'active' ? proven === undefined ? <b className="bad">{say('neverProven')}</b> : <Age atMs={proven} /> : null}
    </>
  );
}

function BoxRow({ box, siteName, mayAct }: { box: Box; siteName: string; mayAct: boolean }) {
  const say = useWords(housesWords);
  const places = usePlaces();
  const { id, gridCode, status, fingerprint, said } = box;
  const isOn = status === 'active' && said !== undefined;
  const enrolled = { kind: 'gateway', path: `${GATEWAYS}/${encodeURIComponent(id)}`, list: ENROLMENTS, shown: fingerprint, place: siteName, status } as const;
  return (
    <tr data-gateway={id} className={status}>
      <th scope="row">
        <Said>{siteName}</Said>{' '}
        <small className="block">
          <Said>{placeName(places, gridCode)}</Said>
        </small>
      </th>
      <td>
        <b className={status === 'claimed' ? 'bad' : ''}>{say(`status.${status}`)}</b>
      </td>
      <td>{isOn ? <Line said={said} /> : '–'}</td>
      <td>{isOn ? <Self said={said} /> : '–'}</td>
      <td>
        <Speakers box={box} />
      </td>
      <td>{mayAct ? <EnrolledActs of={enrolled} /> : null}</td>
    </tr>
  );
}

function BoxTable({ boxes, names, mayAct }: { boxes: readonly Box[]; names: ReadonlyMap<string, string>; mayAct: boolean }) {
  const say = useWords(housesWords);
  const [isAll, showAll] = useState(false);
  const revoked = boxes.filter(({ status }) => status === 'revoked').length;
  const shown = isAll ? boxes : boxes.filter(({ status }) => status !== 'revoked');
  return (
    <>
      {shown.length === 0 ? (
        <p className="empty">{say('noGateway')}</p>
      ) : (
        <WideTable name={say('gatewayList')} columns={columnsOf(['room', 'state', 'line', 'power', 'speakersOf', 'acts'], say)}>
          {shown.map((box) => (
            <BoxRow key={box.id} box={box} siteName={names.get(box.siteId) ?? box.said?.siteName ?? box.siteId} mayAct={mayAct} />
          ))}
        </WideTable>
      )}
      {revoked === 0 ? null : (
        <label>
          <input type="checkbox" checked={isAll} onChange={(event) => showAll(event.target.checked)} /> {say('revokedToo', { n: revoked })}
        </label>
      )}
    </>
  );
}

export function GatewaysPage() {
  const say = useWords(housesWords);
  const frame = useWords(frameWords);
  const standing = useStore(session);
  const options = { changedBy: GATEWAYS_CHANGED_BY };
  const enrolments = useReadPages<EnrolmentsPage>(ENROLMENTS, options);
  const gateways = useReadPages<GatewaysPageOf>(GATEWAYS, options);
  const sites = useReadPages<SitesPage>(SITES, { changedBy: /^grid\./, every: 60_000 });
  const known = useMemo(() => (sites.data?.pages ?? []).flatMap((page) => page.sites), [sites.data]);
  const names = useMemo(() => new Map(known.map(({ id, name }) => [id, name])), [known]);
  const boxes = useMemo(() => {
    const all = <T,>(pages: readonly { gateways: T[] }[] | undefined) => (pages ?? []).flatMap((page) => page.gateways);
    return boxesOf(all(enrolments.data?.pages), all(gateways.data?.pages));
  }, [enrolments.data, gateways.data]);
  const failed = [enrolments, gateways, sites].find(({ error }) => error !== null);
  const problem = failed === undefined ? null : <ProblemNote error={failed.error} onRetry={() => void failed.refetch()} />;
  if (enrolments.data === undefined || gateways.data === undefined) return problem ?? <p>{frame('loading')}</p>;
  const mayAct = 'officer' in standing && roleMay(standing.officer.role, 'gateway.enrol');
  return (
    <>
      {problem}
      <p className="lead">{say('gatewaysLead')}</p>
      {mayAct ? <SiteClaim sites={known} /> : null}
      <section aria-labelledby="gateways-title">
        <div className="spread">
          <h2 id="gateways-title">{say('gatewayList')}</h2>
          <AsOf atMs={serverTimeOf(Math.min(enrolments.dataUpdatedAt, gateways.dataUpdatedAt))} />
        </div>
        <BoxTable boxes={boxes} names={names} mayAct={mayAct} />
        {enrolments.data.isCut ? <p className="empty">{say('moreGateways')}</p> : null}
      </section>
    </>
  );
}
