// The phone page: nobody is lost while looking for others. Who is out says that he is well or back; who commands calls everybody back.
import type { PhoneState } from '@laba/domain/phone-page';
import type { Kept, Said } from './outbox.ts';
import { clockTime } from './standing.tsx';
import { WORDS, type Language } from './words.ts';

interface Shown {
  state: PhoneState;
  kept: readonly Kept[];
  language: Language;
  onSay: (said: Said) => void;
}

const SAFETY = 'safety';

/** First on the page: what is said here is waited for with a clock. */
export function Safety({ state, kept, language, onSay }: Shown) {
  const isKept = kept.some((one) => one.path === SAFETY && one.refused === null);
  const button = (say: string, words: string, look: string, gridCode?: string) => (
    <button
      type="button"
      class={`answer ${look}`}
      disabled={isKept}
      onClick={() => onSay({ path: SAFETY, body: { say, ...(gridCode === undefined ? {} : { gridCode }) } })}
    >
      {words}
    </button>
  );
  const isCalledBack = state.out.some(({ kind }) => kind === 'withdrawal');
  return (
    <>
      {state.out.map(({ kind, with: others, dueAtMs }) => (
        <section class={`safety ${kind}`} role="alert" key={kind}>
          <h2>{kind === 'pair' ? WORDS.outInPair[language] + others.join(language === 'zh' ? '、' : ', ') : WORDS.comeBack[language]}</h2>
          <p>
            {WORDS.heardBy[language]} <b>{clockTime(dueAtMs, state.utcOffsetMinutes)}</b>
          </p>
          {kind === 'pair' && !isCalledBack && button('safe', WORDS.weAreWell[language], 'next')}
          {button('back', WORDS.iAmBack[language], kind === 'pair' ? 'small' : 'next')}
        </section>
      ))}
      {state.asked.map(({ gridCode, gridName }) => (
        <section class="safety" key={gridCode}>
          <h2>{`${gridName} · ${WORDS.askedToCommand[language]}`}</h2>
          {button('command', WORDS.iCommand[language], 'next', gridCode)}
        </section>
      ))}
    </>
  );
}

/** Who leads; and for who leads himself, the order that calls everybody back. */
export function Command({ state, kept, language, onSay }: Shown) {
  const { commander, isOpen } = state;
  if (!isOpen || commander === null) return null;
  const isKept = kept.some((one) => one.path === SAFETY && one.refused === null);
  if (!commander.isMe)
    return (
      <p class="way">
        {WORDS.commander[language]}
        <b>{commander.name}</b>
      </p>
    );
  return (
    <details class="report">
      <summary>{WORDS.callBack[language]}</summary>
      <p>{WORDS.callBackMeans[language]}</p>
      <button type="button" class="send" disabled={isKept} onClick={() => onSay({ path: SAFETY, body: { say: 'withdraw', gridCode: commander.gridCode } })}>
        {WORDS.callBack[language]}
      </button>
    </details>
  );
}
