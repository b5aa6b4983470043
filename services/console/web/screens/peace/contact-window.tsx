// Peacetime: whom to call, and the personal page by which he tells his rounds himself.
import type { RoundContact, RoundRow } from '@laba/domain/round-view';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { actPath } from './peace.ts';
import { peaceWords } from './words.ts';

function Link({ link, planId, onRenewed }: { link: string; planId: string; onRenewed: () => Promise<unknown> }) {
  const say = useWords(peaceWords);
  const [told, tell] = useState<'copied' | 'renewed'>();
  const [error, setError] = useState<unknown>();
  const address = new URL(link, location.origin).href;
  const copy = async () => {
    await navigator.clipboard.writeText(address);
    tell('copied');
  };
  const renew = async () => {
    await post(actPath(planId, 'new-link'));
    await onRenewed();
    tell('renewed');
  };
  const run = (act: () => Promise<void>) => () => {
    setError(undefined);
    void act().catch(setError);
  };
  return (
    <>
      <pre translate="no" className="round-link">
        {address}
      </pre>
      <p className="acts">
        <Button onClick={run(copy)}>{say('copy')}</Button>
        <Button onClick={run(renew)}>{say('newLink')}</Button>
        <span role="status">{told === undefined ? null : say(told)}</span>
      </p>
      {error === undefined ? null : <ProblemNote error={error} />}
    </>
  );
}

export function ContactWindow({ row, onClose }: { row: RoundRow; onClose: () => void }) {
  const say = useWords(peaceWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useRead<RoundContact>(actPath(row.planId, 'contact'), { every: false });
  return (
    <Modal open title={<Said>{say('contactTitle', { name: row.name })}</Said>} footer={null} onCancel={onClose} closable={{ 'aria-label': frame('close') }}>
      {data === undefined ? null : (
        <div className="act-window">
          <p>{data.walker === null ? say('nobody') : <Said>{data.walker}</Said>}</p>
          <p>
            {say('phone')}: {data.phone === null ? say('noPhone') : <a href={`tel:${data.phone}`}>{data.phone}</a>}
          </p>
          <h3>{say('link')}</h3>
          {data.link === null ? <p>{say('noLink')}</p> : <Link link={data.link} planId={row.planId} onRenewed={refetch} />}
        </div>
      )}
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
    </Modal>
  );
}
