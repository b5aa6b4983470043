// One household: how it stands, what its people need, who lives there and how each is, who said so and when; marked in one press, or with more words.
import type { DoorsView, HouseholdView, ListedPersonView } from '@laba/domain/board-view';
import { NEEDS, type Need } from '@laba/domain/member';
import { followsHousehold, householdStatus, isConfirmed, MARK_MEANS, PERSON_STATUSES, type PersonStatus } from '@laba/domain/rollcall';
import { Button } from 'antd';
import { useState } from 'react';
import { Age, spanWords } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { StatusChip } from '../board/chips.tsx';
import { MarkWindow } from './mark-window.tsx';
import { refused, say as tell, waiting, type Waiting } from './marks.ts';
import { RefusedMark } from './refused-mark.tsx';
import { heardBy, movedTo, useRoll } from './roll-context.ts';
import { useMusterPoints } from './roll-reads.ts';
import { rollWords } from './words.ts';

type Door = DoorsView['doors'][number];

export function NeedChips({ needs }: { needs: readonly Need[] }) {
  const language = useLanguage();
  return needs.map((need) => (
    <span key={need} className="chip need">
      {NEEDS[need][language]}
    </span>
  ));
}

/** How a mark of now is said: by what it was learnt, and where to. */
function howNow(status: 'moved') {
  const point = movedTo.value;
  return { status, means: heardBy.value, ...(point === undefined ? {} : { musterPointId: point }) } as const;
}

/** The mark of this row that the house has not taken yet. */
function useOwn(isOwn: (one: Waiting) => boolean): { one: Waiting; error: unknown } | undefined {
  const { alertId } = useRoll();
  const all = useStore(waiting);
  const errors = useStore(refused);
  const one = all.find((other) => other.alertId === alertId && isOwn(other));
  return one === undefined ? undefined : { one, error: errors[one.key] };
}

function OnItsWayChip({ one }: { one: Waiting }) {
  const say = useWords(rollWords);
  const frame = useWords(frameWords);
  const language = useLanguage();
  const nowMs = useServerNow();
  if (one.is !== 'person' && one.is !== 'household') return null;
  return (
    <span className="chip warn" role="status">
      {say('onItsWay', { status: PERSON_STATUSES[one.mark.status][language], age: spanWords(nowMs - one.writtenAtMs, frame) })}
    </span>
  );
}

function WhoSaid({ person }: { person: ListedPersonView }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const { alertId } = useRoll();
  const points = useMusterPoints(alertId).data?.points;
  const { markedAt, markedByName, means, musterPointId, words } = person;
  if (markedAt === null) return null;
  const point = points?.find(({ id }) => id === musterPointId)?.name;
  return (
    <small>
      {markedByName === null ? null : <Said>{markedByName} </Said>}
      {means === null ? '' : `${MARK_MEANS[means][language]} `}
      {markedAt.slice(11, 16)} (<Age atMs={Date.parse(markedAt)} />)
      {point === undefined ? null : (
        <>
          {' · '}
          <Said>{say('at', { place: point })}</Said>
        </>
      )}
      {words === null ? null : (
        <>
          {` · ${say('words')} `}
          <Said>{words}</Said>
        </>
      )}
    </small>
  );
}

interface PersonProps {
  person: ListedPersonView;
  household: HouseholdView;
  round: number;
}

function PersonLine({ person, household, round }: PersonProps) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const { alertId, isOpen } = useRoll();
  const [isMarking, setMarking] = useState(false);
  const own = useOwn((one) => one.is === 'person' && one.personId === person.personId);
  const { personId, name, needs, status, version } = person;
  const who = name ?? say('hiddenName');
  const isAgain = !isConfirmed(person, round);
  const target = { is: 'person', alertId, personId, householdId: household.householdId, named: who, version } as const;
  return (
    <div className="roll-person" data-person={personId}>
      <NeedChips needs={needs} /> {name === null ? say('hiddenName') : <Said>{name}</Said>}{' '}
      {isOpen ? (
        <button
          type="button"
          className="cell-button"
          aria-label={say('markOne', { who, status: PERSON_STATUSES[status][language] })}
          onClick={() => setMarking(true)}
        >
          <StatusChip status={status} />
        </button>
      ) : (
        <StatusChip status={status} />
      )}{' '}
      {isAgain ? <span className="chip warn">{say('unconfirmed')}</span> : null}
      {own !== undefined && own.error === undefined ? <OnItsWayChip one={own.one} /> : null}
      {isOpen && (status !== 'moved' || isAgain) ? (
        <Button size="small" aria-label={say('movedOne', { who })} onClick={() => tell({ ...target, mark: howNow('moved') })}>
          ✓ {PERSON_STATUSES.moved[language]}
        </Button>
      ) : null}{' '}
      <WhoSaid person={person} />
      {own?.error === undefined ? null : <RefusedMark one={own.one} error={own.error} version={version} />}
      {isMarking ? <MarkWindow target={target} was={status} title={<Said>{who}</Said>} onClose={() => setMarking(false)} /> : null}
    </div>
  );
}

function HouseholdActs({ household, status, who, round }: { household: HouseholdView; status: PersonStatus; who: string; round: number }) {
  const say = useWords(rollWords);
  const { alertId, isOpen } = useRoll();
  const [isMarking, setMarking] = useState(false);
  const { householdId, persons, version } = household;
  const own = useOwn((one) => one.is === 'household' && one.householdId === householdId);
  if (!isOpen || householdId === null) return null;
  const target = { is: 'household', alertId, householdId, named: who, version } as const;
  const isNews = persons.some((person) => followsHousehold(person, 'moved', round));
  return (
    <>
      <span className="acts">
        {isNews ? (
          <Button size="small" type="primary" aria-label={say('allMovedOf', { who })} onClick={() => tell({ ...target, mark: howNow('moved') })}>
            ✓ {say('allMoved')}
          </Button>
        ) : null}
        <Button size="small" aria-label={say('otherOf', { who })} onClick={() => setMarking(true)}>
          {say('other')}
        </Button>
        {own !== undefined && own.error === undefined ? <OnItsWayChip one={own.one} /> : null}
      </span>
      {own?.error === undefined ? null : <RefusedMark one={own.one} error={own.error} version={version} />}
      {isMarking ? <MarkWindow target={target} was={status} title={<Said>{who}</Said>} onClose={() => setMarking(false)} /> : null}
    </>
  );
}

interface RowProps {
  household: HouseholdView;
  door: Door | undefined;
  round: number;
  /** The list is of more than one group: each row says of which it is. */
  isFar: boolean;
}

export function HouseholdRow({ household, door, round, isFar }: RowProps) {
  const say = useWords(rollWords);
  const places = usePlaces();
  const { mode } = useRoll();
  const { householdId, doorplate, headName, needs, persons, gridCode } = household;
  const status = householdStatus(persons);
  const named = [doorplate, headName].filter(Boolean).join(' ');
  const who = named === '' ? (householdId === null ? (persons[0]?.name ?? '') : say('hiddenName')) : named;
  return (
    <div className="list-row roll-household" data-household={householdId ?? persons[0]?.personId}>
      <span className="spread">
        <span>
          <ModeTag mode={mode} /> <StatusChip status={status} /> <NeedChips needs={needs} />{' '}
          <b>{named === '' ? say(householdId === null ? 'onNoList' : 'hiddenName') : <Said>{named}</Said>}</b>{' '}
          {isFar ? (
            <small>
              <Said>{placeName(places, gridCode)}</Said>
            </small>
          ) : null}
        </span>
        <HouseholdActs household={household} status={status} who={who} round={round} />
      </span>
      {persons.map((person) => (
        <PersonLine key={person.personId} person={person} household={household} round={round} />
      ))}
      {door === undefined || !door.isOpen ? null : (
        <small>{door.memberId === null ? say('noDoor') : <Said>{say('door', { who: door.helperName ?? say('hiddenName') })}</Said>}</small>
      )}
    </div>
  );
}
