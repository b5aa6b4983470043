// When it is played: once, daily or on some days of the week, at up to six hours.
import { REPEATS, type BulletinTimes } from '@laba/domain/bulletin';
import type { BulletinListView } from '@laba/domain/bulletin-view';
import { Button, Checkbox, Input, Radio } from 'antd';
import { useWords } from '../../i18n/language.ts';
import type { Key } from './bulletins.ts';
import { asHour, DEFAULT_HOUR } from './draft.ts';
import { bulletinsWords } from './words.ts';

const MOST_HOURS = 6;
const WEEK = [1, 2, 3, 4, 5, 6, 7] as const;

interface TimesProps {
  times: BulletinTimes;
  change: (part: Partial<BulletinTimes>) => void;
}

function Hours({ times: { at }, change }: TimesProps) {
  const say = useWords(bulletinsWords);
  return (
    <div className="acts" role="group" aria-label={say('hours')}>
      {at.map((hour, index) => (
        <span className="acts" key={index}>
          <Input
            className="hour-field"
            inputMode="numeric"
            autoComplete="off"
            maxLength={5}
            placeholder="07:30"
            aria-label={say('atHour', { n: index + 1 })}
            value={hour}
            onChange={({ target: { value } }) => change({ at: at.with(index, value) })}
            onBlur={() => change({ at: at.with(index, asHour(hour)) })}
          />
          {at.length === 1 ? null : (
            <Button size="small" aria-label={say('dropHour', { at: hour })} onClick={() => change({ at: at.toSpliced(index, 1) })}>
              ✕
            </Button>
          )}
        </span>
      ))}
      {at.length >= MOST_HOURS ? null : (
        <Button size="small" onClick={() => change({ at: [...at, DEFAULT_HOUR] })}>
          {say('addHour')}
        </Button>
      )}
    </div>
  );
}

function Days({ times: { repeat, from, to }, change }: TimesProps) {
  const say = useWords(bulletinsWords);
  return (
    <div className="two">
      <label className="field">
        {say(repeat === 'once' ? 'onDay' : 'fromDay')}
        <Input type="date" name="from" value={from} onChange={({ target: { value } }) => change({ from: value })} />
      </label>
      {repeat === 'once' ? null : (
        <label className="field">
          {say('toDay')}
          <Input type="date" name="to" value={to ?? ''} onChange={({ target: { value } }) => change({ to: value === '' ? null : value })} />
        </label>
      )}
    </div>
  );
}

export function TimesFields({ times, change, rules }: TimesProps & { rules: BulletinListView['rules'] }) {
  const say = useWords(bulletinsWords);
  const { quietFrom: from, quietTo: to, mostSeconds: most } = rules;
  return (
    <>
      <Radio.Group
        aria-label={say('repeat')}
        optionType="button"
        options={REPEATS.map((value) => ({ value, label: say(value) }))}
        value={times.repeat}
        onChange={(event) => change({ repeat: event.target.value as BulletinTimes['repeat'] })}
      />
      {times.repeat === 'weekly' ? (
        <div role="group" aria-label={say('weekdays')}>
          <Checkbox.Group
            options={WEEK.map((value) => ({ value, label: say(`day.${value}` as Key) }))}
            value={times.weekdays}
            onChange={(weekdays) => change({ weekdays })}
          />
        </div>
      ) : null}
      <Hours times={times} change={change} />
      <small>{say('quietHint', { from, to, most })}</small>
      <Days times={times} change={change} />
    </>
  );
}
