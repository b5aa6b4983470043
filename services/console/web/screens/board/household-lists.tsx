// Behind the figures of the roll-call: each household with its persons, who goes to that door, and the places where others are tonight.
import type { DoorsView, HouseholdView, ListedPersonView, PlacesView, PlaceView, RollCallView } from '@laba/domain/board-view';
import { PLACE_KINDS } from '@laba/domain/place';
import { householdStatus, MARK_MEANS, WORST_FIRST, type PersonStatus } from '@laba/domain/rollcall';
import { Age } from '../../app/age.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useReadPages } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords, type Say } from '../../i18n/language.ts';
import { hrefOfList, useBoard } from './board-context.ts';
import { pathOf } from './board-reads.ts';
import { Chip, StatusChip } from './chips.tsx';
import { History } from './history.tsx';
import { NextStep } from './next-step.tsx';
import { RowList, type ListProps } from './row-list.tsx';
import { RowMode } from './row-mode.tsx';
import { boardWords } from './words.ts';

type Key = keyof (typeof boardWords)['zh'];
type Door = DoorsView['doors'][number];

const NEXT: Record<Exclude<PersonStatus, 'unreached'>, Key> = {
  missing: 'next.missing',
  returned: 'next.returned',
  dead: 'next.grave',
  injured: 'next.grave',
  'needs-help': 'next.needsHelp',
  refused: 'next.refused',
  moved: 'next.recount',
  safe: 'next.recount',
  away: 'next.none',
  relocated: 'next.none',
};

function nextWords(status: PersonStatus, door: Door | undefined, isOver: boolean, say: Say<Key>): string {
  if (isOver) return say('next.over');
  if (status !== 'unreached') return say(NEXT[status]);
  if (door === undefined || door.memberId === null) return say('next.noDoor');
  return say('next.door', { who: door.helperName ?? say('hiddenName') });
}

const newest = (persons: readonly ListedPersonView[]) =>
  persons.reduce<number | null>((atMs, { markedAt }) => (markedAt === null ? atMs : Math.max(atMs ?? 0, Date.parse(markedAt))), null);

interface RowProps {
  household: HouseholdView;
  door: Door | undefined;
  code: string | undefined;
}

function HouseholdRow({ household, door, code }: RowProps) {
  const say = useWords(boardWords);
  const places = usePlaces();
  const { alertId, isOver } = useBoard();
  const status = householdStatus(household.persons);
  const named = [household.doorplate, household.headName].filter(Boolean).join(' ');
  return (
    <div className="list-row">
      <span>
        <RowMode /> <StatusChip status={status} />{' '}
        <b>{named === '' ? say(household.householdId === null ? 'onNoList' : 'hiddenName') : <Said>{named}</Said>}</b>{' '}
        <small>
          <Said>{placeName(places, household.gridCode)}</Said> · <Age atMs={newest(household.persons)} />
        </small>
      </span>
      <span className="chips">
        {household.persons.map((person) => (
          <a key={person.personId} className="cell" href={hrefOfList(alertId, 'households', code, person.personId)}>
            {person.name === null ? say('hiddenName') : <Said>{person.name}</Said>} <StatusChip status={person.status} />
          </a>
        ))}
      </span>
      <NextStep words={<Said>{nextWords(status, door, isOver, say)}</Said>} />
    </div>
  );
}

function PersonRow({ person }: { person: ListedPersonView }) {
  const say = useWords(boardWords);
  const language = useLanguage();
  return (
    <div className="list-row">
      <span>
        <RowMode /> <StatusChip status={person.status} /> <b>{person.name === null ? say('hiddenName') : <Said>{person.name}</Said>}</b>{' '}
        <Age atMs={person.markedAt === null ? null : Date.parse(person.markedAt)} />
      </span>
      <small>
        {person.means === null ? '' : MARK_MEANS[person.means][language]} {person.words === null ? null : <Said>{person.words}</Said>}
      </small>
    </div>
  );
}

const rank = ({ persons }: HouseholdView) => WORST_FIRST.indexOf(householdStatus(persons));
const keyOf = ({ householdId, persons }: HouseholdView) => householdId ?? persons[0]?.personId ?? '';
const textOf = ({ doorplate, headName, persons }: HouseholdView) => [doorplate, headName, ...persons.map(({ name }) => name)].join(' ');

export function HouseholdList({ code, target }: ListProps) {
  const say = useWords(boardWords);
  const frame = useWords(frameWords);
  const { alertId } = useBoard();
  const { data, error, dataUpdatedAt, refetch } = useReadPages<RollCallView>(pathOf(alertId, 'rollcall', code), { changedBy: /^(rollcall|alert)\./ });
  const doors = useReadPages<DoorsView>(pathOf(alertId, 'rollcall/doors', code), { changedBy: /^(door|rollcall)\./ }).data;
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const rows = data.pages.flatMap(({ list }) => list).toSorted((a, b) => rank(a) - rank(b));
  if (target !== undefined) {
    const chosen = rows.flatMap(({ persons }) => persons).find(({ personId }) => personId === target);
    return (
      <>
        {chosen === undefined ? null : <PersonRow person={chosen} />}
        <History kind="person" id={target} />
      </>
    );
  }
  const doorOf = new Map((doors?.pages ?? []).flatMap((page) => page.doors).map((door) => [door.householdId, door]));
  return (
    <RowList
      rows={rows}
      keyOf={keyOf}
      textOf={textOf}
      label={say('households')}
      asOfMs={serverTimeOf(dataUpdatedAt)}
      isCut={data.isCut}
      draw={(household) => <HouseholdRow household={household} door={doorOf.get(household.householdId ?? '')} code={code} />}
    />
  );
}

function PlaceRow({ place }: { place: PlaceView }) {
  const say = useWords(boardWords);
  const language = useLanguage();
  const places = usePlaces();
  const { isOver } = useBoard();
  const isFull = (place.counted ?? 0) >= place.expected;
  const kind = PLACE_KINDS[place.kind as keyof typeof PLACE_KINDS];
  return (
    <div className="list-row">
      <span>
        <RowMode /> <Chip look={isFull ? ['✓', 'good'] : ['✕', 'bad']} word={kind?.[language] ?? ''} n={`${place.counted ?? 0} / ${place.expected}`} />{' '}
        <b>
          <Said>{place.name ?? place.placeId}</Said>
        </b>{' '}
        <Age atMs={place.markedAt === null ? null : Date.parse(place.markedAt)} />
      </span>
      <small>
        <Said>{placeName(places, place.gridCode)}</Said>
        {place.contactName === null ? null : (
          <>
            {' · '}
            <Said>{say('contact', { name: place.contactName })}</Said>
          </>
        )}
        {place.isExpectedOld ? ` · ${say('expectedOld')}` : ''}
      </small>
      <NextStep words={say(isOver ? 'next.over' : isFull ? 'next.none' : 'next.countPlace')} />
    </div>
  );
}

const missing = ({ counted, expected }: PlaceView) => expected - (counted ?? 0);

export function PlaceList({ code }: ListProps) {
  const say = useWords(boardWords);
  const frame = useWords(frameWords);
  const { alertId } = useBoard();
  const { data, error, dataUpdatedAt, refetch } = useReadPages<PlacesView>(pathOf(alertId, 'rollcall/places', code), { changedBy: /^(place|rollcall)\./ });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const rows = data.pages.flatMap(({ places }) => places).toSorted((a, b) => missing(b) - missing(a));
  return (
    <RowList
      rows={rows}
      keyOf={({ placeId }) => placeId}
      textOf={({ name, contactName }) => `${name ?? ''} ${contactName ?? ''}`}
      label={say('places')}
      asOfMs={serverTimeOf(dataUpdatedAt)}
      isCut={data.isCut}
      draw={(place) => <PlaceRow place={place} />}
    />
  );
}
