// After a power cut (断电) a village's own house does not know what time it is. Over every screen its officer says so, by this desk's clock or by hand, and what is in force goes on.
import { roleMay, type Role } from '@laba/domain/officer';
import type { ClockView } from '@laba/domain/clock-view';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { post } from '../api/client.ts';
import { IS_VILLAGE } from '../api/sign-in.ts';
import { frameWords } from '../i18n/frame-words.ts';
import { useWords } from '../i18n/language.ts';
import { ProblemNote } from './problem-note.tsx';
import { readAllAnew, useRead } from './queries.ts';
import { useDeskNow } from './server-time.ts';

const CLOCK = '/api/v1/clock';
const MINUTE_MS = 60_000;

/** As the village's clocks show it: 2026-07-01 03:00. */
const wallOf = (ms: number, offsetMinutes: number) => new Date(ms + offsetMinutes * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ');
const msOf = (wall: string, offsetMinutes: number) => Date.parse(`${wall}Z`) - offsetMinutes * MINUTE_MS;

function useConfirm() {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const confirm = async (ms: number) => {
    setBusy(true);
    setError(undefined);
    try {
      await post(`${CLOCK}/confirm`, { time: new Date(ms).toISOString() });
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
    readAllAnew();
  };
  return { error, isBusy, confirm };
}

function Ways({ offset }: { offset: number }) {
  const say = useWords(frameWords);
  const { error, isBusy, confirm } = useConfirm();
  const [typed, setTyped] = useState('');
  const deskMs = useDeskNow();
  const isWhole = !Number.isNaN(msOf(typed, offset));
  return (
    <>
      <p>
        <Button type="primary" loading={isBusy} onClick={() => void confirm(Date.now())}>
          {say('clockDesk', { time: wallOf(deskMs, offset) })}
        </Button>
      </p>
      <form
        className="acts"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) void confirm(msOf(typed, offset));
        }}
      >
        <label className="field">
          {say('clockTyped')}
          <Input type="datetime-local" name="time" required value={typed} onChange={({ target }) => setTyped(target.value)} />
        </label>
        <Button htmlType="submit" loading={isBusy}>
          {say('clockConfirm')}
        </Button>
      </form>
      {error === undefined ? null : <ProblemNote error={error} />}
    </>
  );
}

function Asked({ role }: { role: Role }) {
  const say = useWords(frameWords);
  const { data } = useRead<ClockView>(CLOCK, { changedBy: /^clock\./ });
  if (data === undefined || data.state === 'known') return null;
  const { state, nowMs, waiting, utcOffsetMinutes: offset } = data;
  const time = wallOf(nowMs, offset);
  const ways = roleMay(role, 'clock.confirm') ? <Ways offset={offset} /> : <p role="note">{say('clockNotYours')}</p>;
  return (
    <section className="house-time" aria-label={say('clockLabel')} data-clock={state}>
      {state === 'unknown' ? (
        <>
          <h2 role="alert">✕ {say('clockAsk')}</h2>
          <p>{say('clockGuess', { time, n: waiting })}</p>
          {ways}
        </>
      ) : (
        <details>
          <summary>{say('clockByHand', { time })}</summary>
          {ways}
        </details>
      )}
    </section>
  );
}

/** Asked only where a house may have lost the time. */
export function HouseTime({ role }: { role: Role }) {
  return IS_VILLAGE ? <Asked role={role} /> : null;
}
