// What an officer does to a house: confirms that the box stands there, or revokes it. Both are asked again in words.
import type { HouseView } from '@laba/domain/house-view';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { queries } from '../../app/queries.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { HOUSES } from './houses.ts';
import { housesWords } from './words.ts';

const TYPED_CHARS = 4;

interface Asked {
  house: HouseView;
  place: string;
  onClose: () => void;
}

function useAct(house: HouseView, verb: 'confirm' | 'revoke', onClose: () => void) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    try {
      await post(`/api/v1/houses/${encodeURIComponent(house.id)}/${verb}`);
      await queries.invalidateQueries({ queryKey: [HOUSES] });
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return { error, isBusy, act };
}

function ConfirmWindow({ house, place, onClose }: Asked) {
  const say = useWords(housesWords);
  const frame = useWords(frameWords);
  const { error, isBusy, act } = useAct(house, 'confirm', onClose);
  return (
    <Modal
      open
      title={<Said>{say('confirmTitle', { place })}</Said>}
      okText={say('confirmYes')}
      cancelText={frame('cancel')}
      confirmLoading={isBusy}
      onOk={() => void act()}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <p>{say('confirmLead')}</p>
      <p className="code small-code" translate="no">
        {house.id}
      </p>
      <p>{say('confirmAlso')}</p>
      {error === undefined ? null : <ProblemNote error={error} />}
    </Modal>
  );
}

function RevokeWindow({ house, place, onClose }: Asked) {
  const say = useWords(housesWords);
  const frame = useWords(frameWords);
  const [typed, setTyped] = useState('');
  const { error, isBusy, act } = useAct(house, 'revoke', onClose);
  const isTyped = typed.trim() === house.id.slice(-TYPED_CHARS);
  return (
    <Modal
      open
      title={<Said>{say('revokeTitle', { place })}</Said>}
      okText={say('revokeYes')}
      okButtonProps={{ danger: true, disabled: !isTyped }}
      cancelText={frame('cancel')}
      confirmLoading={isBusy}
      onOk={() => void act()}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <p>{say('revokeLead')}</p>
      <p className="code small-code" translate="no">
        {house.id}
      </p>
      <label>
        {say('revokeType')}
        <Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" maxLength={TYPED_CHARS} />
      </label>
      {error === undefined ? null : <ProblemNote error={error} />}
    </Modal>
  );
}

export function HouseActs({ house, place }: { house: HouseView; place: string }) {
  const say = useWords(housesWords);
  const [asked, ask] = useState<'confirm' | 'revoke'>();
  const onClose = () => ask(undefined);
  if (house.side === 'above' || house.status === 'revoked') return null;
  return (
    <span className="acts">
      {house.status === 'claimed' ? (
        <Button type="primary" size="small" aria-label={`${say('confirm')} ${place}`} onClick={() => ask('confirm')}>
          {say('confirm')}
        </Button>
      ) : null}
      <Button danger size="small" aria-label={`${say('revoke')} ${place}`} onClick={() => ask('revoke')}>
        {say('revoke')}
      </Button>
      {asked === 'confirm' ? <ConfirmWindow house={house} place={place} onClose={onClose} /> : null}
      {asked === 'revoke' ? <RevokeWindow house={house} place={place} onClose={onClose} /> : null}
    </span>
  );
}
