// A local code that was just made: shown once, to be printed or written down and handed over.
import { Button, Modal } from 'antd';
import { Said } from '../../../app/said.tsx';
import { useWords } from '../../../i18n/language.ts';
import { codesWords } from './words.ts';

export interface Slip {
  name: string;
  gridName: string;
  code: string;
}

/** Closed by its own button alone: a click beside it would lose what is shown once. */
export function CodeSlip({ slip, onClose }: { slip: Slip; onClose: () => void }) {
  const say = useWords(codesWords);
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
        <Said>{slip.gridName}</Said>
      </p>
      <p className="code" translate="no">
        {slip.code}
      </p>
      <p>{say('slipLead')}</p>
      <ol>
        <li>{say('slipJoin')}</li>
        <li>{say('slipType')}</li>
      </ol>
      <p>{say('slipKeep')}</p>
    </Modal>
  );
}
