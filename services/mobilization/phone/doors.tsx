// The phone page: the work he was chosen for, where to go, and his doors, marked by a touch.
import type { ComponentChildren } from 'preact';
import { NEEDS } from '@laba/domain/member';
import type { PhoneDoor, PhoneState } from '@laba/domain/phone-page';
import { PERSON_STATUSES, type Mark, type PersonStatus } from '@laba/domain/rollcall';
import { SECTIONS, seatReasonWords } from '@laba/domain/section';
import type { Kept, Said } from './outbox.ts';
import { WORDS, type Language } from './words.ts';

interface Shown {
  state: PhoneState;
  kept: readonly Kept[];
  language: Language;
  onMark: (said: Said) => void;
}

export function WayThere({ state, language }: Pick<Shown, 'state' | 'language'>) {
  const { seat, gatherAt, isOpen } = state;
  if (!isOpen || (seat === null && gatherAt.length === 0)) return null;
  return (
    <div class="way">
      {seat !== null && (
        <p>
          {WORDS.seat[language]}
          <b>
            {seat.place} · {SECTIONS[seat.section][language]}
          </b>
          <small>
            {WORDS.because[language]}
            {seat.reasons.map((reason) => seatReasonWords(reason)[language]).join(language === 'zh' ? '、' : ', ')}
          </small>
        </p>
      )}
      {gatherAt.length > 0 && (
        <p>
          {WORDS.gatherAt[language]}
          <b>{gatherAt.join(language === 'zh' ? '、' : ', ')}</b>
        </p>
      )}
    </div>
  );
}

export function Doors({ state, kept, language, onMark }: Shown) {
  if (state.doors.length === 0) return null;
  const left = state.doors.filter((door) => door.isOpen).length;
  return (
    <section class="doors">
      <h2>
        {WORDS.doors[language]} <small>{`${WORDS.doorsLeft[language]} ${left} / ${state.doors.length}`}</small>
      </h2>
      {state.doors.map((door) => (
        <Door key={door.householdId} door={door} round={state.round} kept={kept} language={language} onMark={onMark} />
      ))}
    </section>
  );
}

/** What is said most at a door; everything else is said of one person. */
const OF_ALL: readonly Mark[] = ['moved', 'safe', 'refused', 'needs-help'];
const OF_ONE: readonly Mark[] = ['moved', 'safe', 'refused', 'needs-help', 'away', 'relocated', 'injured', 'missing'];

type OfDoor = { door: PhoneDoor; round: number } & Omit<Shown, 'state'>;

function Door({ door, round, kept, language, onMark }: OfDoor) {
  const { householdId, doorplate, headName, persons, version } = door;
  const path = `rollcall/households/${encodeURIComponent(householdId)}/mark`;
  const all = persons[0]?.status;
  const same = all !== undefined && persons.every(({ status }) => status === all) ? all : undefined;
  const needs = door.needs.concat(...persons.map((person) => person.needs)).filter((need, i, every) => every.indexOf(need) === i);
  const isAgain = door.isOpen && persons.every(({ status }) => status === 'moved' || status === 'safe');
  const ofAll = (
    <Marks
      marks={OF_ALL}
      now={same}
      pending={pendingOf(kept, path)}
      language={language}
      name={`${doorplate} ${headName}`}
      onMark={(status) => onMark({ path, about: `${doorplate} ${headName}`, body: { status, round, version } })}
    />
  );
  return (
    <article class={door.isOpen ? 'door open' : 'door'}>
      <h3>
        {door.isOpen ? '○' : '✓'} {doorplate} {headName}
        <small>
          {persons.length > 1 && `${persons.length}${language === 'zh' ? ' 人 · ' : ' people · '}`}
          {Math.ceil(door.minutes)} {WORDS.minutes[language]}
        </small>
      </h3>
      {needs.length > 0 && <p class="needs">! {needs.map((need) => NEEDS[need][language]).join(language === 'zh' ? '、' : ', ')}</p>}
      {isAgain && <p>{WORDS.again[language]}</p>}
      {door.isOpen && ofAll}
      <ByPerson door={door} round={round} kept={kept} language={language} onMark={onMark} same={same}>
        {!door.isOpen && ofAll}
      </ByPerson>
    </article>
  );
}

/** One after the other, and all together once nobody is looked for any more. */
function ByPerson({ door, round, kept, language, onMark, same, children }: OfDoor & { same: PersonStatus | undefined; children: ComponentChildren }) {
  return (
    <details>
      <summary>
        {WORDS.byPerson[language]}
        {same !== undefined && !door.isOpen && `${language === 'zh' ? '：' : ': '}${PERSON_STATUSES[same][language]}`}
        {same === undefined &&
          `${language === 'zh' ? '：' : ': '}${door.persons.map((one) => `${one.name} ${PERSON_STATUSES[one.status][language]}`).join(language === 'zh' ? '，' : ', ')}`}
      </summary>
      {children}
      {door.persons.map((one) => {
        const own = `rollcall/persons/${encodeURIComponent(one.personId)}/mark`;
        return (
          <div key={one.personId}>
            <b>{one.name}</b>
            <Marks
              marks={OF_ONE}
              now={one.status}
              pending={pendingOf(kept, own)}
              language={language}
              name={one.name}
              onMark={(status) => onMark({ path: own, about: one.name, body: { status, round, version: one.version } })}
            />
          </div>
        );
      })}
    </details>
  );
}

interface Choice {
  marks: readonly Mark[];
  /** As the county holds it. */
  now: PersonStatus | undefined;
  /** Said, and still on this phone. */
  pending: string | undefined;
  language: Language;
  name: string;
  onMark: (mark: Mark) => void;
}

function Marks({ marks, now, pending, language, name, onMark }: Choice) {
  return (
    <div class="marks" role="group" aria-label={name}>
      {marks.map((mark) => (
        <button
          type="button"
          key={mark}
          class={mark === pending ? 'kept' : mark === now ? 'chosen' : ''}
          aria-pressed={mark === (pending ?? now)}
          disabled={pending !== undefined}
          onClick={() => onMark(mark)}
        >
          {PERSON_STATUSES[mark][language]}
        </button>
      ))}
    </div>
  );
}

/** A second mark would name a version that the first one makes old: it waits until the county has the first. */
function pendingOf(kept: readonly Kept[], path: string): string | undefined {
  const waiting = kept.find((one) => one.path === path && one.refused === null);
  return waiting && String(waiting.body['status']);
}
