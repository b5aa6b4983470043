// The one-time link of a new or forgetful officer: shown once, to be printed and handed over.
import { Button, Modal } from 'antd';
import { Said } from '../../../app/said.tsx';
import { useWords } from '../../../i18n/language.ts';
import { officersWords } from './words.ts';

export interface Slip {
  name: string;
  username: string;
  /** As the house told it, without its address. */
  path: string;
}

/** Closed by its own button alone: a click beside it would lose what is shown once. */
export function LinkSlip({ slip, onClose }: { slip: Slip; onClose: () => void }) {
  const say = useWords(officersWords);
  return (
    <Modal
      open
      className="slip"
      title={say('slipTitle')}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={[
        <Button key="print" onClick={() => window.print()}>
          {say('print')}
        </Button>,
        <Button key="done" type="primary" onClick={onClose}>
          {say('slipDone')}
        </Button>,
      ]}
    >
      <p>
        <b>
          <Said>{slip.name}</Said>
        </b>
        {' · '}
        {say('username')} <code translate="no">{slip.username}</code>
      </p>
      <p>{say('slipLead')}</p>
      <p>{say('slipOpen')}</p>
      <p className="code small-code" translate="no">
        {new URL(slip.path, location.origin).href}
      </p>
    </Modal>
  );
}
