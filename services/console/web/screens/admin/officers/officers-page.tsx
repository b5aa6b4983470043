// Accounts: who may sign in, as what and where; who waits for an administrator stands first.
import { ROLE_WORDS } from '@laba/domain/officer';
import type { OfficersView, OfficerView } from '@laba/domain/officer-view';
import { Input } from 'antd';
import { useState } from 'react';
import { session } from '../../../api/session.ts';
import { AsOf } from '../../../app/age.tsx';
import { placeName, usePlaces } from '../../../app/places.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { useRead } from '../../../app/queries.ts';
import { hrefOf } from '../../../app/route.ts';
import { Said } from '../../../app/said.tsx';
import { serverTimeOf } from '../../../app/server-time.ts';
import { useStore } from '../../../app/store.ts';
import { columnsOf, WideTable } from '../../../app/wide-table.tsx';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { LinkSlip, type Slip } from './link-slip.tsx';
import { MakeForm } from './make-form.tsx';
import { OfficerActs } from './officer-acts.tsx';
import { listed, OFFICERS, stateOf } from './officers.ts';
import { officersWords } from './words.ts';

const LOOKS = { good: ['chip good', '●'], new: ['chip warn', '…'], locked: ['chip bad', '✕'], disabled: ['chip', '–'] } as const;

function Row({ officer, isSelf, onLink }: { officer: OfficerView; isSelf: boolean; onLink: (slip: Slip) => void }) {
  const say = useWords(officersWords);
  const language = useLanguage();
  const places = usePlaces();
  const state = stateOf(officer);
  const [look, icon] = LOOKS[state];
  return (
    <tr data-officer={officer.username} data-state={state}>
      <th scope="row">
        <Said>{officer.name}</Said>{' '}
        <small>
          <code translate="no">{officer.username}</code>
        </small>
      </th>
      <td>{ROLE_WORDS[officer.role][language]}</td>
      <td>
        {officer.scopes.map((code) => (
          <span key={code} className="block">
            <Said>{placeName(places, code)}</Said> <small translate="no">{code}</small>
          </span>
        ))}
      </td>
      <td>
        <span className={look}>
          <span aria-hidden="true">{icon}</span> {say(`state.${state}`)}
        </span>
      </td>
      <td>
        <OfficerActs officer={officer} isSelf={isSelf} onLink={onLink} />
      </td>
    </tr>
  );
}

function OfficerTable({ officers, selfId, onLink }: { officers: readonly OfficerView[]; selfId: string; onLink: (slip: Slip) => void }) {
  const say = useWords(officersWords);
  const places = usePlaces();
  const [wanted, want] = useState('');
  const rows = listed(officers, wanted, (code) => placeName(places, code));
  return (
    <>
      <Input type="search" aria-label={say('search')} placeholder={say('search')} value={wanted} onChange={({ target }) => want(target.value)} />
      <p className="small">{say('count', { n: officers.length, off: officers.filter(({ disabled }) => disabled).length })}</p>
      {rows.length === 0 ? (
        <p className="empty">{say('none')}</p>
      ) : (
        <WideTable name={say('list')} columns={columnsOf(['who', 'role', 'scopes', 'state', 'acts'], say)}>
          {rows.map((officer) => (
            <Row key={officer.id} officer={officer} isSelf={officer.id === selfId} onLink={onLink} />
          ))}
        </WideTable>
      )}
    </>
  );
}

export function OfficersPage() {
  const say = useWords(officersWords);
  const frame = useWords(frameWords);
  const standing = useStore(session);
  const [slip, show] = useState<Slip>();
  const { data, error, dataUpdatedAt, refetch } = useRead<OfficersView>(OFFICERS, { changedBy: /^officer\./ });
  if (!('officer' in standing)) return null;
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <p className="lead">{say('lead')}</p>
      <p>
        <a href={hrefOf('houses', 'codes')}>{say('localCodes')}</a>
      </p>
      <div className="two-columns">
        <MakeForm me={standing.officer} onLink={show} />
        <section aria-labelledby="officers-title">
          <div className="spread">
            <h2 id="officers-title">{say('list')}</h2>
            <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
          </div>
          <OfficerTable officers={data.officers} selfId={standing.officer.id} onLink={show} />
        </section>
      </div>
      {slip === undefined ? null : <LinkSlip slip={slip} onClose={() => show(undefined)} />}
    </>
  );
}
