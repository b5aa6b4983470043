// How a person or a household is, in full: any status, by what it was learnt, where they were taken, and in words.
import { LIMITS } from '@laba/domain/limits';
import { PERSON_STATUSES, type Mark, type PersonStatus } from '@laba/domain/rollcall';
import { Button, Input, Modal, Radio } from 'antd';
import { useState, type ReactNode } from 'react';
import { ModeTag } from '../../app/mode-tag.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { MeansSelect, PointSelect } from './how-select.tsx';
import { say as tell, type GivenMark } from './marks.ts';
import { heardBy, movedTo, useRoll } from './roll-context.ts';
import { rollWords } from './words.ts';

/** As they are said most. */
const OFFERED: readonly Mark[] = ['moved', 'safe', 'needs-help', 'refused', 'missing', 'injured', 'away', 'relocated', 'returned', 'dead'];

type Target = { alertId: string; named: string; version: number } & (
  | { is: 'person'; personId: string; householdId: string | null }
  | { is: 'household'; householdId: string }
);

interface WindowProps {
  target: Target;
  was: PersonStatus;
  title: ReactNode;
  onClose: () => void;
}

export function StatusChoice({ status, onChange }: { status: Mark | undefined; onChange: (status: Mark) => void }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  return (
    <Radio.Group
      aria-label={say('status')}
      className="roll-statuses"
      value={status}
      onChange={(event) => onChange(event.target.value as Mark)}
      options={OFFERED.map((value) => ({ value, label: PERSON_STATUSES[value][language] }))}
    />
  );
}

export function MarkWindow({ target, was, title, onClose }: WindowProps) {
  const say = useWords(rollWords);
  const frame = useWords(frameWords);
  const { mode } = useRoll();
  const [status, choose] = useState<Mark | undefined>(was === 'unreached' ? undefined : was);
  const [means, setMeans] = useState(heardBy.value);
  const [point, setPoint] = useState(movedTo.value ?? '');
  const [words, setWords] = useState('');
  const why = status === undefined ? say('why.status') : undefined;
  const write = () => {
    if (status === undefined) return;
    const mark: GivenMark = {
      status,
      means,
      ...(words.trim() === '' ? {} : { words: words.trim() }),
      ...(status === 'moved' && point !== '' ? { musterPointId: point } : {}),
    };
    tell({ ...target, mark });
    onClose();
  };
  return (
    <Modal
      open
      title={
        <>
          {say('markTitle')} <ModeTag mode={mode} /> {title}
        </>
      }
      footer={null}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <form
        className="act-window"
        onSubmit={(event) => {
          event.preventDefault();
          write();
        }}
      >
        {target.is === 'household' ? <p className="small">{say('wholeNote')}</p> : null}
        <StatusChoice status={status} onChange={choose} />
        <div className="field">
          <span>{say('heardBy')}</span>
          <MeansSelect value={means} onChange={setMeans} />
        </div>
        {status === 'moved' ? (
          <div className="field">
            <span>{say('movedTo')}</span>
            <PointSelect label={say('movedTo')} none={say('nowhere')} value={point} onChange={setPoint} />
          </div>
        ) : null}
        <label className="field">
          {say('said')}
          <Input.TextArea name="said" rows={2} maxLength={LIMITS.noteChars} value={words} onChange={(event) => setWords(event.target.value)} />
        </label>
        <p className="acts">
          <Button type="primary" htmlType="submit" disabled={why !== undefined} aria-describedby="why-not-mark">
            {say('mark')}
          </Button>
          <span id="why-not-mark" className="small" role="status">
            {why}
          </span>
        </p>
      </form>
    </Modal>
  );
}
