// The second officer is not at a desk: he agrees on the telephone, his words are written down, and he countersigns later.
import type { AlertView, SecondOfficerView } from '@laba/domain/alert-view';
import { LIMITS } from '@laba/domain/limits';
import { ROLE_WORDS } from '@laba/domain/officer';
import { Input, Select } from 'antd';
import { useState } from 'react';
import { actOn, useAct } from '../../acts/act.ts';
import { HoldButton } from '../../acts/hold-button.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { raiseWords } from './words.ts';

export function CallBack({ alert, seconds }: { alert: AlertView; seconds: readonly SecondOfficerView[] }) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const [approver, setApprover] = useState<string>();
  const [words, setWords] = useState('');
  const { error, run } = useAct();
  const body = { means: 'telephone-call-back', approverUsername: approver, words: words.trim() };
  const isMissing = approver === undefined || body.words === '';
  return (
    <details className="call-back">
      <summary>{say('callBack')}</summary>
      <p>{say('callBackLead')}</p>
      <label className="field">
        {say('approver')}
        <Select
          className="approver"
          showSearch={{ optionFilterProp: 'label' }}
          value={approver}
          onChange={setApprover}
          options={seconds.map(({ username, name, role }) => ({ value: username, label: `${name} · ${ROLE_WORDS[role][language]}` }))}
          notFoundContent={say('noSecond')}
        />
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
