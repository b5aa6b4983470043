// Local codes: how an officer signs in at a village's own house while the line is cut. Everybody makes his own; an administrator also those of his area.
import type { LocalCodesView, LocalCodeView } from '@laba/domain/local-code-view';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { post } from '../../../api/client.ts';
import { session } from '../../../api/session.ts';
import { IS_VILLAGE } from '../../../api/sign-in.ts';
import { Age, AsOf } from '../../../app/age.tsx';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { useRead } from '../../../app/queries.ts';
import { Said } from '../../../app/said.tsx';
import { serverTimeOf } from '../../../app/server-time.ts';
import { useStore } from '../../../app/store.ts';
import { columnsOf, WideTable } from '../../../app/wide-table.tsx';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useWords } from '../../../i18n/language.ts';
import { CodeSlip, type Slip } from './code-slip.tsx';
import { CHANGED_BY, CODES, readCodesAnew } from './codes.ts';
import { MakeCode } from './make-code.tsx';
import { codesWords } from './words.ts';

/** The list behind the window goes on being read: the code may be gone by the time he presses. */
function RevokeWindow({ code, isGone, onClose }: { code: LocalCodeView; isGone: boolean; onClose: () => void }) {
  const say = useWords(codesWords);
  const frame = useWords(frameWords);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const revoke = async () => {
    setBusy(true);
    try {
      await post(`${CODES}/${encodeURIComponent(code.id)}/revoke`);
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
    await readCodesAnew();
  };
  return (
    <Modal
      open
      title={<Said>{say('revokeTitle', { name: code.name, place: code.gridName })}</Said>}
      okText={say('revokeYes')}
      okButtonProps={{ danger: true, disabled: isGone }}
      cancelText={frame('cancel')}
      confirmLoading={isBusy}
      onOk={() => void revoke()}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <p>{say('revokeLead')}</p>
      {isGone ? (
        <p className="bad" role="status">
          ! {say('gone')}
        </p>
      ) : null}
      {error === undefined ? null : <ProblemNote error={error} />}
    </Modal>
  );
}

function CodeTable({ codes }: Pick<LocalCodesView, 'codes'>) {
  const say = useWords(codesWords);
  const [asked, ask] = useState<LocalCodeView>();
  return (
    <>
      {codes.length === 0 ? (
        <p className="empty">{say('none')}</p>
      ) : (
        <WideTable name={say('list')} columns={columnsOf(['name', 'place', 'made', 'acts'], say)}>
          {codes.map((code) => (
            <tr key={code.id} data-code={code.id}>
              <th scope="row">
                <Said>{code.name}</Said>
              </th>
              <td>
                <Said>{code.gridName}</Said> <small translate="no">{code.gridCode}</small>
              </td>
              <td>
                <time dateTime={code.createdAt}>{code.createdAt.slice(0, 10)}</time> · <Age atMs={code.createdAtMs} />
              </td>
              <td>
                <Button danger size="small" aria-label={`${say('revoke')} ${code.name} ${code.gridName}`} onClick={() => ask(code)}>
                  {say('revoke')}
                </Button>
              </td>
            </tr>
          ))}
        </WideTable>
      )}
      {asked === undefined ? null : <RevokeWindow code={asked} isGone={codes.every(({ id }) => id !== asked.id)} onClose={() => ask(undefined)} />}
    </>
  );
}

function Codes({ selfId }: { selfId: string }) {
  const say = useWords(codesWords);
  const frame = useWords(frameWords);
  const [slip, show] = useState<Slip>();
  const { data, error, dataUpdatedAt, refetch } = useRead<LocalCodesView>(CODES, { changedBy: CHANGED_BY });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <p className="lead">{say('lead')}</p>
      <div className="two-columns">
        <section aria-labelledby="make-title">
          <h2 id="make-title">{say('make')}</h2>
          <MakeCode officers={data.officers} selfId={selfId} onMade={show} />
        </section>
        <section aria-labelledby="codes-title">
          <div className="spread">
            <h2 id="codes-title">{say('list')}</h2>
            <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
          </div>
          <CodeTable codes={data.codes} />
        </section>
      </div>
      {slip === undefined ? null : <CodeSlip slip={slip} onClose={() => show(undefined)} />}
    </>
  );
}

export function CodesPage() {
  const say = useWords(codesWords);
  const standing = useStore(session);
  if (!('officer' in standing)) return null;
  if (IS_VILLAGE)
    return (
      <section>
        <p role="note">{say('notHere')}</p>
      </section>
    );
  return <Codes selfId={standing.officer.id} />;
}
