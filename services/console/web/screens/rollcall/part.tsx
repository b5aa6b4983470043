// One village or group, or all: what was told of it, how it is marked, who is on its list, and the places where others are tonight.
import type { HouseholdView, RollCallView } from '@laba/domain/board-view';
import { Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { AsOf } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { serverTimeOf } from '../../app/server-time.ts';
import { VirtualList } from '../board/virtual-list.tsx';
import { initialsOf } from '../raise/initials.ts';
import { FoundForm } from './found-form.tsx';
import { useHeld } from './held.ts';
import { HouseholdRow } from './household-row.tsx';
import { HowSelect, PointSelect } from './how-select.tsx';
import { PlaceCounts } from './place-counts.tsx';
import { Prints } from './prints.tsx';
import { ASKED_OF_THE_HOUSE, inHeldOrder, inOrder, isShown, keyOf, NARROWED, type Narrowed } from './progress-order.ts';
import { useRoll } from './roll-context.ts';
import { ALL, useDoors, useHouseholds } from './roll-reads.ts';
import { Scanner, ScanButton } from './scanner.tsx';
import { Spoken } from './spoken.tsx';
import { rollWords } from './words.ts';

/** The whole list of so many persons is read at once; of more the house is asked for a part. */
const WHOLE_PERSONS = 2_000;
const ANYWHERE = '';

const textOf = ({ doorplate, headName, persons }: HouseholdView) => {
  const said = [doorplate, headName, ...persons.map(({ name }) => name)].filter((one) => one !== null).join(' ');
  return `${said} ${initialsOf(said)}`.toLowerCase();
};

interface Filter {
  only: Narrowed | undefined;
  point: string;
  text: string;
}

function FilterRow({ filter, isWide, onChange }: { filter: Filter; isWide: boolean; onChange: (part: Partial<Filter>) => void }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const names = isWide ? ASKED_OF_THE_HOUSE : NARROWED;
  const options = [...(isWide ? [] : [{ value: ALL, label: say('all') }]), ...names.map((value) => ({ value: value as string, label: say(`only.${value}`) }))];
  return (
    <div className="roll-filter" role="search" aria-label={say('filter')}>
      <Select
        key={language}
        aria-label={say('filter')}
        value={filter.only ?? ALL}
        options={options}
        onChange={(value: string) => onChange({ only: NARROWED.find((name) => name === value) })}
        popupMatchSelectWidth={false}
      />
      <PointSelect label={say('atPlace')} none={say('anyPlace')} value={filter.point} onChange={(point) => onChange({ point })} />
      <Input
        name="search"
        aria-label={say('search')}
        placeholder={say('search')}
        value={filter.text}
        onChange={({ target }) => onChange({ text: target.value })}
        autoComplete="off"
      />
    </div>
  );
}

/** The rows of a filter; while the list is under the hand, those that left it stay until the hand goes. */
function useRows(households: readonly HouseholdView[], filter: Filter, round: number) {
  const { only, point, text } = filter;
  const needle = text.trim().toLowerCase();
  const ordered = useMemo(() => inOrder(households), [households]);
  return useHeld(keyOf, (held) => {
    const isWanted = (household: HouseholdView) =>
      (isShown(household, only, round) || held?.includes(keyOf(household)) === true) &&
      (point === ANYWHERE || household.persons.some(({ musterPointId }) => musterPointId === point)) &&
      (needle === '' || textOf(household).includes(needle));
    return inHeldOrder(ordered.filter(isWanted), keyOf, held);
  });
}

interface ListProps {
  households: readonly HouseholdView[];
  filter: Filter;
  round: number;
  code: string;
  /** Of a part that the house chose it is not known how many there are in all. */
  isWide: boolean;
}

function Households({ households, filter, round, code, isWide }: ListProps) {
  const say = useWords(rollWords);
  const { alertId } = useRoll();
  const doors = useDoors(alertId, code).data?.pages;
  const doorOf = useMemo(() => new Map((doors ?? []).flatMap((page) => page.doors).map((door) => [door.householdId, door])), [doors]);
  const { rows, held, hand } = useRows(households, filter, round);
  return (
    <div {...hand}>
      <p className="spread small" role="status">
        <span>{isWide ? say('showingWide', { n: rows.length }) : say('showing', { n: rows.length, total: households.length })}</span>
        <span>{held === undefined ? '' : say('held')}</span>
      </p>
      {rows.length === 0 ? (
        <p className="empty">{say('noRows')}</p>
      ) : (
        <VirtualList
          rows={rows}
          keyOf={keyOf}
          label={say('list')}
          className="households"
          draw={(household) => <HouseholdRow household={household} door={doorOf.get(household.householdId ?? '')} round={round} isFar={code.length !== 14} />}
        />
      )}
    </div>
  );
}

function ListOf({ code, isWide, filter }: { code: string; isWide: boolean; filter: Filter }) {
  const say = useWords(rollWords);
  const frame = useWords(frameWords);
  const { alertId } = useRoll();
  const { data, error, dataUpdatedAt, refetch } = useHouseholds(alertId, code, isWide ? (filter.only ?? 'open') : undefined);
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const households = data.pages.flatMap(({ list }) => list);
  return (
    <>
      <p className="small">
        <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      </p>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isWide ? <p className="small">{say('wide')}</p> : null}
      {data.isCut ? (
        <p className="bad" role="status">
          ! {say('cut', { n: households.length })}
        </p>
      ) : null}
      <Households
        key={`${filter.only ?? ''} ${filter.point} ${filter.text}`}
        households={households}
        filter={filter}
        round={data.pages[0]?.round ?? 1}
        code={code}
        isWide={isWide}
      />
    </>
  );
}

export function Part({ code, isScanning, totals }: { code: string; isScanning: boolean; totals: RollCallView }) {
  const say = useWords(rollWords);
  const places = usePlaces();
  const { mode, isOpen, mayMark } = useRoll();
  const persons = totals.groups.filter((group) => code === ALL || group.code.startsWith(code)).reduce((sum, group) => sum + group.persons.total, 0);
  const isWide = persons > WHOLE_PERSONS;
  const [filter, setFilter] = useState<Filter>({ only: undefined, point: ANYWHERE, text: '' });
  const shown = isWide && filter.only === undefined ? { ...filter, only: 'open' as const } : filter;
  return (
    <div>
      <section aria-labelledby="part-title" data-part={code}>
        <div className="spread">
          <h2 id="part-title">
            <ModeTag mode={mode} /> {code === ALL ? say('whole') : <Said>{placeName(places, code)}</Said>} · {say('list')}
          </h2>
          {isOpen ? <ScanButton code={code} isScanning={isScanning} /> : null}
        </div>
        {mayMark ? <Prints code={code} /> : null}
        <Spoken code={code} />
        {isOpen && isScanning ? <Scanner /> : null}
        {isOpen ? <HowSelect /> : null}
        <FilterRow filter={shown} isWide={isWide} onChange={(part) => setFilter((was) => ({ ...was, ...part }))} />
        <ListOf code={code} isWide={isWide} filter={shown} />
        {isOpen ? <FoundForm code={code} /> : null}
      </section>
      <PlaceCounts code={code} />
    </div>
  );
}
