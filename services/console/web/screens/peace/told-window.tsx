// Peacetime: an officer writes down a round that he heard of by telephone, or made himself.
import { LIMITS } from '@laba/domain/limits';
import { ANSWERS_OF, isReported, type RoundResult } from '@laba/domain/round';
import type { RoundRow } from '@laba/domain/round-view';
import { Input, Radio, Select } from 'antd';
import { useState } from 'react';
import { inZoneOf } from '../../app/county-time.ts';
import { serverNow } from '../../app/server-time.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { ActWindow } from './act-window.tsx';
import { actPath } from './peace.ts';
import { peaceWords } from './words.ts';

const MINUTE_MS = 60_000;
const HOUR = 60;
/** Minutes; an officer chooses, and does not reckon. */
const AGO = [0, 15, 30, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 72 * HOUR];

function WhenSelect({ minutes, at, onChange }: { minutes: number; at: string; onChange: (minutes: number) => void }) {
  const say = useWords(peaceWords);
  const language = useLanguage();
  const words = (ago: number) => {
    if (ago === 0) return say('now');
    const time = inZoneOf(at, serverNow() - ago * MINUTE_MS);
    return ago < HOUR ? say('minutesAgo', { n: ago, time }) : say('hoursAgo', { n: ago / HOUR, time });
  };
  return (
    <div className="field">
      <span>{say('when')}</span>
      <Select
        key={language}
        aria-label={say('when')}
        value={minutes}
        options={AGO.map((value) => ({ value, label: words(value) }))}
        onChange={onChange}
        popupMatchSelectWidth={false}
      />
    </div>
  );
}

export function ToldWindow({ row, at, onClose }: { row: RoundRow; at: string; onClose: () => void }) {
  const say = useWords(peaceWords);
  const [result, setResult] = useState<RoundResult>();
  const [means, setMeans] = useState<'telephone' | 'on-site'>('telephone');
  const [minutes, setMinutes] = useState(0);
  const [words, setWords] = useState('');
  const isMissing = result !== undefined && isReported(result) && words.trim() === '';
  const why = result === undefined ? say('why.result') : isMissing ? say('why.words') : undefined;
  const body = {
    ...{ result, means },
    ...(words.trim() === '' ? {} : { words: words.trim() }),
    ...(minutes === 0 ? {} : { doneAtMs: Math.floor(serverNow()) - minutes * MINUTE_MS }),
  };
  return (
    <ActWindow title={say('tellTitle', { name: row.name })} send={say('send')} path={actPath(row.planId, 'done')} body={body} why={why} onClose={onClose}>
      <p>{say('tellLead')}</p>
      <fieldset className="choices">
        <legend>{say('found')}</legend>
        <Radio.Group
          name="result"
          value={result}
          options={ANSWERS_OF[row.kind].map((value) => ({ value, label: say(`result.${value}`) }))}
          onChange={(event) => setResult(event.target.value as RoundResult)}
        />
      </fieldset>
      <fieldset className="choices">
        <legend>{say('means')}</legend>
        <Radio.Group
          name="means"
          value={means}
          options={(['telephone', 'on-site'] as const).map((value) => ({ value, label: say(`means.${value}`) }))}
          onChange={(event) => setMeans(event.target.value as 'telephone' | 'on-site')}
        />
      </fieldset>
      <WhenSelect minutes={minutes} at={at} onChange={setMinutes} />
      <label className="field">
        {say('words')}
        <Input.TextArea name="words" rows={3} maxLength={LIMITS.noteChars} value={words} onChange={(event) => setWords(event.target.value)} />
      </label>
    </ActWindow>
  );
}
