// The six lines (六行情况): what a village says by telephone is typed in a minute, without a mouse, and read back line by line.
import { STATUS_LINES } from '@laba/domain/spoken-status';
import { Alert, Button, Checkbox, type CheckboxRef, type InputRef, type RefSelectProps } from 'antd';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { problemOf, type Problem } from '../../../api/problem.ts';
import { PlaceSelect } from '../../../app/place-select.tsx';
import { placeName, usePlaces } from '../../../app/places.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { Said } from '../../../app/said.tsx';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { Expected, Line } from './line.tsx';
import { readStatusesAnew, statusHref } from './statuses.ts';
import { NEEDS, useSixLines, type SixLinesState } from './use-six-lines.ts';
import { statusWords } from './words.ts';

/** Return goes to the next line, so that nobody looks for the mouse; after the last the form is sent. */
function goOn(event: KeyboardEvent, next: InputRef | null | undefined): void {
  // A Chinese keyboard takes its Return for itself.
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || next === null || next === undefined) return;
  event.preventDefault();
  next.focus();
}

interface PlaceFieldProps {
  code: string | undefined;
  isMissing: boolean;
  field: RefObject<RefSelectProps | null>;
  onChange: (code: string) => void;
}

function PlaceField({ code, isMissing, field, onChange }: PlaceFieldProps) {
  const say = useWords(statusWords);
  return (
    <div className="field">
      <label htmlFor="status-place">{say('place')}</label>
      <PlaceSelect id="status-place" ref={field} {...(code === undefined ? {} : { value: code })} tiers={['village', 'group']} onChange={onChange} />
      {isMissing ? (
        <p className="bad" role="alert">
          ✕ {say('choosePlace')}
        </p>
      ) : null}
    </div>
  );
}

interface LinesProps {
  six: SixLinesState;
  problem: Problem | undefined;
  inputs: RefObject<(InputRef | null)[]>;
}

function Lines({ six: { draft, back, type, change }, problem, inputs }: LinesProps) {
  const say = useWords(statusWords);
  const language = useLanguage();
  const line = (i: number) => (
    <Line
      key={i}
      {...{ i, back }}
      value={draft.lines[i]!}
      refused={(problem?.lines ?? []).flatMap((one) => (one.line === i + 1 ? one[language] : [])).join(' ')}
      onType={type}
      onKeyDown={(event) => goOn(event, inputs.current[i + 1])}
      take={(input) => {
        inputs.current[i] = input;
      }}
    />
  );
  return (
    <>
      {STATUS_LINES.slice(0, NEEDS + 1).map((_, i) => line(i))}
      {draft.lines[NEEDS]!.trim() === '' ? null : (
        <Checkbox name="asNeed" checked={draft.asNeed} onChange={({ target }) => change({ asNeed: target.checked })}>
          {say('asNeed')}
        </Checkbox>
      )}
      {line(NEEDS + 1)}
    </>
  );
}

function Written({ code }: { code: string }) {
  const say = useWords(statusWords);
  const places = usePlaces();
  return <Alert type="success" showIcon role="status" title={<Said>{say('written', { place: placeName(places, code) })}</Said>} />;
}

/** `code`: of the place that speaks; in the address, so that a silent village leads here. */
export function SixLines({ code }: { code: string | undefined }) {
  const say = useWords(statusWords);
  const six = useSixLines(code);
  const [isPlaceMissing, setPlaceMissing] = useState(false);
  const place = useRef<RefSelectProps>(null);
  const inputs = useRef<(InputRef | null)[]>([]);
  const confirm = useRef<CheckboxRef>(null);
  useEffect(() => (code === undefined ? place.current?.focus() : inputs.current[0]?.focus()), [code]);
  const problem = six.refused === undefined ? undefined : problemOf(six.refused);
  const isDoubted = (six.back?.read?.doubts.length ?? 0) > 0 || problem?.code === 'more-than-listed';
  const choose = (chosen: string) => {
    setPlaceMissing(false);
    six.change({ confirmed: false });
    location.replace(statusHref(chosen));
  };
  const save = async () => {
    setPlaceMissing(code === undefined);
    if (code === undefined) return place.current?.focus();
    const done = await six.write(code);
    if (done === 'refused') return undefined;
    if (done !== 'written') return (confirm.current ?? inputs.current[(done[0]?.line ?? 1) - 1])?.focus();
    void readStatusesAnew();
    return location.replace(statusHref());
  };
  return (
    <form
      className="six-lines"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <PlaceField code={code} isMissing={isPlaceMissing && code === undefined} field={place} onChange={choose} />
      <Expected back={six.back} />
      <Lines six={six} problem={problem} inputs={inputs} />
      {isDoubted ? (
        <Checkbox ref={confirm} name="confirmed" checked={six.draft.confirmed} onChange={({ target }) => six.change({ confirmed: target.checked })}>
          {say('confirmMore')}
        </Checkbox>
      ) : null}
      {six.refused === undefined || problem?.lines !== undefined ? null : <ProblemNote error={six.refused} />}
      {six.written === undefined ? null : <Written code={six.written} />}
      <Button type="primary" htmlType="submit" loading={six.isBusy}>
        {say('write')}
      </Button>
    </form>
  );
}
