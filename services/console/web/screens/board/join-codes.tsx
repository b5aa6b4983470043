// The codes of an alert: each with its place, how many took it, how long it lasts and who opened it; shown large, printed, closed.
import type { JoinCodeView } from '@laba/domain/join-view';
import { Button, Modal, QRCode } from 'antd';
import { post } from '../../api/client.ts';
import { Age, spanWords } from '../../app/age.tsx';
import { print } from '../../app/print.ts';
import { placeName, usePlaces } from '../../app/places.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { Chip } from './chips.tsx';
import { joiningWords } from './joining-words.ts';
import { JoinWindow } from './join-window.tsx';
import { RowMode } from './row-mode.tsx';

const codePath = (id: string, what: string) => `/api/v1/join-codes/${encodeURIComponent(id)}/${what}`;

export const printSheet = ({ id }: JoinCodeView) => print(codePath(id, 'sheet'));

function Until({ code }: { code: JoinCodeView }) {
  const say = useWords(joiningWords);
  const span = useWords(frameWords);
  const leftMs = Date.parse(code.expiresAt) - useServerNow();
  const at = code.expiresAt.slice(5, 16).replace('T', ' ');
  if (leftMs <= 0) return say('untilPast', { at });
  return code.state === 'open' ? say('until', { at, left: spanWords(leftMs, span) }) : say('validTo', { at });
}

/** Large enough to be read over a desk and scanned from a screen. */
export function ShowCode({ code, onClose }: { code: JoinCodeView; onClose: () => void }) {
  const say = useWords(joiningWords);
  const frame = useWords(frameWords);
  const places = usePlaces();
  return (
    <Modal open title={<Said>{placeName(places, code.gridCode)}</Said>} footer={null} onCancel={onClose} closable={{ 'aria-label': frame('close') }}>
      <div className="act-window join-code" data-shown-code={code.code}>
        <RowMode />
        <QRCode aria-label={code.address} type="svg" value={code.address} size={260} errorLevel="M" bordered={false} color="#000000" bgColor="#ffffff" />
        <p className="code" translate="no">
          {code.code}
        </p>
        <p>
          <Said>{say('scan', { address: new URL('/j', code.address).href })}</Said>
        </p>
        <p>
          <Until code={code} />
        </p>
        <Button type="primary" onClick={() => printSheet(code)}>
          {say('print')}
        </Button>
      </div>
    </Modal>
  );
}

/** What was asked for one of the codes. */
export interface CodeAct {
  is: 'show' | 'close';
  code: JoinCodeView;
}

interface CodeProps {
  code: JoinCodeView;
  /** The window stands under the list: the row's buttons go when somebody else was first. */
  onAct: (act: CodeAct) => void;
}

export function CodeWindow({ act: { is, code }, onClose }: { act: CodeAct; onClose: () => void }) {
  const say = useWords(joiningWords);
  if (is === 'show') return <ShowCode code={code} onClose={onClose} />;
  const close = () => post(codePath(code.id, 'close'));
  return <JoinWindow title={say('closeTitle', { code: code.code })} lead={say('closeLead')} send={say('close')} act={close} onClose={onClose} />;
}

function CodeActs({ code, onAct }: CodeProps) {
  const say = useWords(joiningWords);
  return (
    <span className="acts">
      <Button size="small" aria-label={`${say('show')} ${code.code}`} onClick={() => onAct({ is: 'show', code })}>
        {say('show')}
      </Button>
      <Button size="small" aria-label={`${say('print')} ${code.code}`} onClick={() => printSheet(code)}>
        {say('print')}
      </Button>
      <Button size="small" danger aria-label={`${say('close')} ${code.code}`} onClick={() => onAct({ is: 'close', code })}>
        {say('close')}
      </Button>
    </span>
  );
}

export function CodeRow({ code, onAct }: CodeProps) {
  const say = useWords(joiningWords);
  const language = useLanguage();
  const places = usePlaces();
  const isOpen = code.state === 'open';
  const isLocked = code.state === 'guessed';
  return (
    <li data-code={code.code}>
      <RowMode /> <Chip look={isOpen ? ['✓', 'good'] : isLocked ? ['✕', 'bad'] : ['■', 'idle']} word={code.stateWords[language]} />{' '}
      <b className="code small-code" translate="no">
        {code.code}
      </b>{' '}
      <Said>{placeName(places, code.gridCode)}</Said> <b>{say('joins', { n: code.joins, most: code.mostJoins })}</b>{' '}
      {code.wrongTries === 0 ? null : <span className={isLocked ? 'bad' : ''}>{say('wrongTries', { n: code.wrongTries })}</span>}
      <small className="block">
        <Until code={code} /> · <Said>{say('openedBy', { who: code.openedByName ?? say('somebody') })}</Said> <Age atMs={Date.parse(code.openedAt)} />
      </small>
      {isOpen ? <CodeActs code={code} onAct={onAct} /> : null}
    </li>
  );
}
