// The phone page: what the county holds, told apart from what is only on this phone and from what the county did not take.
import type { PhoneState, Saying } from '@laba/domain/phone-page';
import { HAZARDS, type Hazard } from '@laba/domain/report';
import { PERSON_STATUSES, type PersonStatus } from '@laba/domain/rollcall';
import type { Kept } from './outbox.ts';
import { REFUSED_OTHERWISE, REFUSED_WORDS, SAFETY_WORDS, SAYING_WORDS, WORDS, type Language } from './words.ts';

interface Shown {
  state: PhoneState;
  kept: readonly Kept[];
  isUp: boolean;
  /** Of the hazard report that the county took last. */
  reportNumber: string | undefined;
  language: Language;
  onSeen: (kept: Kept) => void;
}

export function Standing({ state, kept, isUp, reportNumber, language, onSeen }: Shown) {
  const time = (ms: number) => <time>{clockTime(ms, state.utcOffsetMinutes)}</time>;
  const waiting = kept.filter((one) => one.refused === null);
  return (
    <div role="status">
      <Held state={state} language={language} />
      {reportNumber !== undefined && (
        <p class="held county">
          ✓ {WORDS.reportHeld[language]} <b>{reportNumber}</b>
        </p>
      )}
      {waiting.length > 0 && (
        <div class="held waiting">
          {isUp ? WORDS.sending[language] : WORDS.kept[language]}
          {waiting.map((one) => (
            <b key={one.id}>
              {wordsOf(one, language)} {time(one.saidAtMs)}{' '}
            </b>
          ))}
          {!isUp && <small>{WORDS.keptWhy[language]}</small>}
        </div>
      )}
      {kept
        .filter((one) => one.refused !== null)
        .map((one) => (
          <div class="held refused" key={one.id}>
            {WORDS.refused[language]}
            <b>
              {wordsOf(one, language)} {time(one.saidAtMs)}
            </b>
            <small>
              {(REFUSED_WORDS[one.refused ?? ''] ?? REFUSED_OTHERWISE)[language]}。{WORDS.refusedWhy[language]}
            </small>
            <button type="button" class="seen" onClick={() => onSeen(one)}>
              {WORDS.seen[language]}
            </button>
          </div>
        ))}
      {!isUp && waiting.length === 0 && state.isOpen && <p class="held none">{WORDS.lineLost[language]}</p>}
    </div>
  );
}

function Held({ state, language }: Pick<Shown, 'state' | 'language'>) {
  const { answer, helpAtMs, utcOffsetMinutes } = state;
  return (
    <>
      {answer === null ? (
        <p class="held none">{(state.isOpen ? WORDS.noAnswer : WORDS.noAnswerCame)[language]}</p>
      ) : (
        <p class="held county">
          ✓ {WORDS.held[language]}
          <b>{SAYING_WORDS[answer.answer].said[language]}</b> <time>{clockTime(answer.atMs, utcOffsetMinutes)}</time>
          {answer.saidAtMs !== null && ` (${WORDS.saidAt[language]} ${clockTime(answer.saidAtMs, utcOffsetMinutes)})`}
          {answer.byOfficer && WORDS.byOfficer[language]}
        </p>
      )}
      {helpAtMs !== null && (
        <p class="held help">
          ! {WORDS.helpKnown[language]} <time>{clockTime(helpAtMs, utcOffsetMinutes)}</time>
        </p>
      )}
    </>
  );
}

function wordsOf({ body, about }: Kept, language: Language): string {
  const status = body['status'] as PersonStatus | undefined;
  const hazard = body['hazard'] as Hazard | undefined;
  if (hazard !== undefined) return WORDS.reported[language] + HAZARDS[hazard][language];
  if (body['say'] !== undefined) return SAFETY_WORDS[String(body['say'])]?.[language] ?? '';
  return status === undefined ? SAYING_WORDS[body['answer'] as Saying].said[language] : `${about ?? ''} ${PERSON_STATUSES[status][language]}`;
}

export function clockTime(ms: number, utcOffsetMinutes: number): string {
  return new Date(ms + utcOffsetMinutes * 60_000).toISOString().slice(11, 16);
}
