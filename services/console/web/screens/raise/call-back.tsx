// The second officer is not at a desk: he agrees on the telephone, his words are written down, and he countersigns later.
import type { AlertView } from '@laba/domain/alert-view';
import { LIMITS } from '@laba/domain/limits';
import { Input } from 'antd';
import { useState } from 'react';
import { actOn, useAct } from '../../acts/act.ts';
import { HoldButton } from '../../acts/hold-button.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useWords } from '../../i18n/language.ts';
import { raiseWords } from './words.ts';

export function CallBack({ alert }: { alert: AlertView }) {
  const say = useWords(raiseWords);
  const [approver, setApprover] = useState('');
  const [words, setWords] = useState('');
  const { error, run } = useAct();
  const body = { means: 'telephone-call-back', approverUsername: approver.trim(), words: words.trim() };
  const isMissing = body.approverUsername === '' || body.words === '';
  return (
    <details className="call-back">
      <summary>{say('callBack')}</summary>
      <p>{say('callBackLead')}</p>
      <label className="field">
        {say('approver')}
        <Input value={approver} autoComplete="off" maxLength={LIMITS.nameChars} onChange={(event) => setApprover(event.target.value)} />
      </label>
      <label className="field">
        {say('callBackWords')}
        <Input.TextArea value={words} rows={2} maxLength={LIMITS.noteChars} onChange={(event) => setWords(event.target.value)} />
      </label>
      <HoldButton
        label={say('holdCallBack')}
        look="approve"
        why={isMissing ? say('callBackMissing') : null}
        onHeld={run(() => actOn(alert, 'approve', body))}
      />
      {error === undefined ? null : <ProblemNote error={error} />}
    </details>
  );
}
