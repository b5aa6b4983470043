// What an officer does to a box that was enrolled, a village's house or a gateway: confirms that it stands there, or revokes it. Both are asked again in words.
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { queries } from '../../app/queries.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { housesWords } from './words.ts';

const TYPED_CHARS = 4;

export interface Enrolled {
  kind: 'house' | 'gateway';
  /** Its address in the API, read anew by what is below `list`. */
  path: string;
  list: string;
  /** What the machine shows by itself: read over the telephone. */
  shown: string;
  place: string;
  status: 'claimed' | 'active' | 'revoked';
}

interface Asked {
  of: Enrolled;
  onClose: () => void;
}

function useAct({ path, list }: Enrolled, verb: 'confirm' | 'revoke', onClose: () => void) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    try {
      await post(`${path}/${verb}`);
      await queries.invalidateQueries({ queryKey: [list] });
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return { error, isBusy, act };
}

function ConfirmWindow({ of, onClose }: Asked) {
  const say = useWords(housesWords);
  const frame = useWords(frameWords);
  const { error, isBusy, act } = useAct(of, 'confirm', onClose);
  return (
    <Modal
      open
      title={<Said>{say(`confirmTitle.${of.kind}`, { place: of.place })}</Said>}
      okText={say('confirmYes')}
      cancelText={frame('cancel')}
      confirmLoading={isBusy}
      onOk={() => void act()}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <p>{say('confirmLead')}</p>
      <p className="code small-code" translate="no">
        {of.shown}
      </p>
      <p>{say(`confirmAlso.${of.kind}`)}</p>
      {error === undefined ? null : <ProblemNote error={error} />}
    </Modal>
  );
}

function RevokeWindow({ of, onClose }: Asked) {
  const say = useWords(housesWords);
  const frame = useWords(frameWords);
  const [typed, setTyped] = useState('');
  const { error, isBusy, act } = useAct(of, 'revoke', onClose);
  const isTyped = typed.trim() === of.shown.slice(-TYPED_CHARS);
  return (
    <Modal
      open
      title={<Said>{say(`revokeTitle.${of.kind}`, { place: of.place })}</Said>}
      okText={say('revokeYes')}
      okButtonProps={{ danger: true, disabled: !isTyped }}
      cancelText={frame('cancel')}
      confirmLoading={isBusy}
      onOk={() => void act()}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <p>{say(`revokeLead.${of.kind}`)}</p>
      <p className="code small-code" translate="no">
        {of.shown}
      </p>
      <label>
        {say('revokeType')}
        <Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" maxLength={TYPED_CHARS} />
      </label>
      {error === undefined ? null : <ProblemNote error={error} />}
    </Modal>
  );
}

export function EnrolledActs({ of }: { of: Enrolled }) {
  const say = useWords(housesWords);
  const [asked, ask] = useState<'confirm' | 'revoke'>();
  const onClose = () => ask(undefined);
  if (of.status === 'revoked') return null;
  return (
    <span className="acts">
      {of.status === 'claimed' ? (
        <Button type="primary" aria-label={`${say('confirm')} ${of.place}`} onClick={() => ask('confirm')}>
          {say('confirm')}
        </Button>
      ) : null}
      <Button danger aria-label={`${say('revoke')} ${of.place}`} onClick={() => ask('revoke')}>
        {say('revoke')}
      </Button>
      {asked === 'confirm' ? <ConfirmWindow of={of} onClose={onClose} /> : null}
      {asked === 'revoke' ? <RevokeWindow of={of} onClose={onClose} /> : null}
    </span>
  );
}
