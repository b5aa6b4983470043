// A round of tests that an officer starts now, of one place.
import type { StartedNumberRound } from '@laba/domain/number-view';
import { Alert, Button, Select } from 'antd';
import { useState } from 'react';
import { post } from '../../../api/client.ts';
import { PlaceSelect } from '../../../app/place-select.tsx';
import { placeName, usePlaces } from '../../../app/places.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { Said } from '../../../app/said.tsx';
import { useWords } from '../../../i18n/language.ts';
import { NUMBERS, readNumbersAnew } from './numbers.ts';
import { numbersWords } from './words.ts';

export function RoundForm() {
  const say = useWords(numbersWords);
  const places = usePlaces();
  const [gridCode, choose] = useState<string>();
  const [who, setWho] = useState<'due' | 'everybody'>('due');
  const [isMissing, setMissing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [started, setStarted] = useState<StartedNumberRound>();
  const start = async () => {
    setMissing(gridCode === undefined);
    if (gridCode === undefined) return;
    setBusy(true);
    setError(undefined);
    setStarted(undefined);
    try {
      setStarted(await post<StartedNumberRound>(`${NUMBERS}/rounds`, { gridCode, ...(who === 'due' ? {} : { olderThanDays: 0 }) }));
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
    await readNumbersAnew();
  };
  return (
    <form
      className="six-lines"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <div className="field">
        <label htmlFor="round-place">{say('place')}</label>
        <PlaceSelect
          id="round-place"
          {...(gridCode === undefined ? {} : { value: gridCode })}
          onChange={(chosen) => {
            setMissing(false);
            choose(chosen);
          }}
        />
        {isMissing ? (
          <p className="bad" role="alert">
            ✕ {say('choosePlace')}
          </p>
        ) : null}
      </div>
      <div className="field">
        <label htmlFor="round-who">{say('who')}</label>
        <Select id="round-who" value={who} options={(['due', 'everybody'] as const).map((value) => ({ value, label: say(value) }))} onChange={setWho} />
      </div>
      {error === undefined ? null : <ProblemNote error={error} />}
      {started === undefined ? null : (
        <Alert
          type="success"
          showIcon
          role="status"
          title={<Said>{say('started', { place: placeName(places, started.gridCode), people: started.people, numbers: started.numbers })}</Said>}
        />
      )}
      <Button type="primary" htmlType="submit" loading={isBusy}>
        {say('start')}
      </Button>
    </form>
  );
}
