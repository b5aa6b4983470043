// Somebody who is on no list: a name or how to know him, where he was met, and how he is.
import { LIMITS } from '@laba/domain/limits';
import type { Mark } from '@laba/domain/rollcall';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { PlaceSelect } from '../../app/place-select.tsx';
import { useStore } from '../../app/store.ts';
import { useWords } from '../../i18n/language.ts';
import { StatusChoice } from './mark-window.tsx';
import { say as tell } from './marks.ts';
import { heardBy, useRoll } from './roll-context.ts';
import { rollWords } from './words.ts';

const GROUP_DIGITS = 14;

export function FoundForm({ code }: { code: string }) {
  const say = useWords(rollWords);
  const { alertId } = useRoll();
  const means = useStore(heardBy);
  const [name, setName] = useState('');
  const [gridCode, setPlace] = useState(code.length === GROUP_DIGITS ? code : undefined);
  const [status, choose] = useState<Mark>();
  const [words, setWords] = useState('');
  const why = name.trim() === '' ? say('why.name') : gridCode === undefined ? say('why.place') : status === undefined ? say('why.status') : undefined;
  const write = () => {
    if (why !== undefined || gridCode === undefined || status === undefined) return;
    const mark = { status, means, ...(words.trim() === '' ? {} : { words: words.trim() }) };
    tell({ is: 'found', alertId, named: name.trim(), name: name.trim(), gridCode, mark });
    setName('');
    setWords('');
    choose(undefined);
  };
  return (
    <details className="roll-found">
      <summary>{say('foundTitle')}</summary>
      <form
        className="act-window"
        onSubmit={(event) => {
          event.preventDefault();
          write();
        }}
      >
        <label className="field">
          {say('foundName')}
          <Input name="found" maxLength={LIMITS.nameChars} value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
        </label>
        <div className="field">
          <span>{say('foundPlace')}</span>
          <PlaceSelect {...(gridCode === undefined ? {} : { value: gridCode })} onChange={setPlace} label={say('foundPlace')} tiers={['group', 'village']} />
        </div>
        <StatusChoice status={status} onChange={choose} />
        <label className="field">
          {say('said')}
          <Input name="found-said" maxLength={LIMITS.noteChars} value={words} onChange={(event) => setWords(event.target.value)} autoComplete="off" />
        </label>
        <p className="acts">
          <Button type="primary" htmlType="submit" disabled={why !== undefined} aria-describedby="why-not-found">
            {say('foundYes')}
          </Button>
          <span id="why-not-found" className="small" role="status">
            {why}
          </span>
        </p>
      </form>
    </details>
  );
}
