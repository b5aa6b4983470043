// The windows of extend, end and cancel: what will be said, what must be known first, and a button to hold.
import type { AlertText } from '@laba/domain/alert';
import type { AlertView } from '@laba/domain/alert-view';
import { LIMITS } from '@laba/domain/limits';
import { Input, Modal, Radio } from 'antd';
import { useState, type ReactNode } from 'react';
import { ProblemNote } from '../app/problem-note.tsx';
import { serverNow } from '../app/server-time.ts';
import { frameWords } from '../i18n/frame-words.ts';
import { useWords } from '../i18n/language.ts';
import { actOn, soundingOf, useAct } from './act.ts';
import { HoldButton } from './hold-button.tsx';
import { SpokenWords } from './spoken-words.tsx';
import { actsWords } from './words.ts';

interface WindowProps {
  alert: AlertView;
  onClose: () => void;
}

const HOUR_MS = 3_600_000;
const HOURS = [1, 3, 6, 12];

function ActWindow({ title, lead, onClose, children }: { title: string; lead: string; onClose: () => void; children: ReactNode }) {
  const frame = useWords(frameWords);
  return (
    <Modal open title={title} footer={null} onCancel={onClose} closable={{ 'aria-label': frame('close') }}>
      <div className="act-window">
        <p>{lead}</p>
        {children}
      </div>
    </Modal>
  );
}

/** Closes the window when the house has done it; stays with the reason when it was refused. */
function useClosing(alert: AlertView, onClose: () => void) {
  const { error, run } = useAct();
  const does = (verb: string, body: unknown) =>
    run(async () => {
      await actOn(alert, verb, body);
      onClose();
    });
  return { does, problem: error === undefined ? null : <ProblemNote error={error} /> };
}

function Prepared({ title, texts }: { title: string; texts: readonly AlertText[] }) {
  const say = useWords(actsWords);
  return (
    <div>
      <p>{texts.length === 0 ? say('noWords') : title}</p>
      <SpokenWords texts={texts} />
    </div>
  );
}

export function EndWindow({ alert, onClose }: WindowProps) {
  const say = useWords(actsWords);
  const [checkedBy, setCheckedBy] = useState('');
  const [note, setNote] = useState('');
  const { does, problem } = useClosing(alert, onClose);
  const body = { checkedBy: checkedBy.trim(), ...(note.trim() === '' ? {} : { note: note.trim() }) };
  return (
    <ActWindow title={say('end')} lead={say('endLead')} onClose={onClose}>
      <Prepared title={say('endWords')} texts={soundingOf(alert)?.endTexts ?? []} />
      <label className="field">
        {say('checkedBy')}
        <Input value={checkedBy} maxLength={LIMITS.nameChars} autoComplete="off" onChange={(event) => setCheckedBy(event.target.value)} />
      </label>
      <label className="field">
        {say('note')}
        <Input.TextArea value={note} maxLength={LIMITS.noteChars} rows={2} onChange={(event) => setNote(event.target.value)} />
      </label>
      <HoldButton label={`✓ ${say('holdEnd')}`} look="good" why={body.checkedBy === '' ? say('checkedByMissing') : null} onHeld={does('end', body)} />
      {problem}
    </ActWindow>
  );
}

export function CancelWindow({ alert, onClose }: WindowProps) {
  const say = useWords(actsWords);
  const [reason, setReason] = useState('');
  const { does, problem } = useClosing(alert, onClose);
  const said = reason.trim();
  return (
    <ActWindow title={say('cancel')} lead={say('cancelLead')} onClose={onClose}>
      <Prepared title={say('cancelWords')} texts={soundingOf(alert)?.cancelTexts ?? []} />
      <label className="field">
        {say('reason')}
        <Input.TextArea value={reason} maxLength={LIMITS.noteChars} rows={2} onChange={(event) => setReason(event.target.value)} />
      </label>
      <HoldButton label={`✕ ${say('holdCancel')}`} look="danger" why={said === '' ? say('reasonMissing') : null} onHeld={does('cancel', { reason: said })} />
      {problem}
    </ActWindow>
  );
}

export function ExtendWindow({ alert, onClose }: WindowProps) {
  const say = useWords(actsWords);
  const [hours, setHours] = useState(HOURS[0]!);
  const { does, problem } = useClosing(alert, onClose);
  const endTime = new Date(Math.max(serverNow(), Date.parse(alert.endTime)) + hours * HOUR_MS).toISOString();
  return (
    <ActWindow title={say('extend')} lead={say('extendLead')} onClose={onClose}>
      <Radio.Group
        aria-label={say('extendBy')}
        options={HOURS.map((n) => ({ value: n, label: say('hours', { n }) }))}
        value={hours}
        onChange={(event) => setHours(event.target.value as number)}
      />
      <HoldButton label={`＋ ${say('holdExtend')}`} look="plain" why={null} onHeld={does('extend', { endTime })} />
      {problem}
    </ActWindow>
  );
}
