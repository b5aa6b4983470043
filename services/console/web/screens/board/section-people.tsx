// Who may be given a place, sent out or asked to lead: everybody who was called for the alert, with his answer, his place, and whether he is out.
import type { CallsView, CallView, SectionsView, SeatView, WatchView } from '@laba/domain/board-view';
import { SECTIONS } from '@laba/domain/section';
import { Select } from 'antd';
import { useMemo } from 'react';
import { useReadPages } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { useBoard } from './board-context.ts';
import { pathOf, useSections } from './board-reads.ts';
import { sectionWords } from './section-words.ts';

export interface SectionPerson {
  memberId: string;
  name: string;
  answer: CallView['answer'];
  /** His row of the alert, whatever it says; with the group where it is. */
  seat: (SeatView & { code: string; groupName: string }) | undefined;
  /** In a pair that is not back. */
  isOut: boolean;
}

export const isStillOut = ({ state }: WatchView) => state === 'out';
export const missingOf = ({ members }: WatchView) => members.filter(({ backAt }) => backAt === null);

export function peopleOf(pages: readonly SectionsView[], calls: readonly CallView[]): SectionPerson[] {
  const seats = new Map(
    pages.flatMap(({ groups }) =>
      groups.flatMap(({ code, name, seats: of }) => of.map((seat) => [seat.memberId, { ...seat, code, groupName: name }] as const)),
    ),
  );
  const pairs = (pages[0]?.watches ?? []).filter((watch) => watch.kind === 'pair' && isStillOut(watch));
  const out = new Set(pairs.flatMap((pair) => missingOf(pair).map(({ memberId }) => memberId)));
  return calls
    .map(({ memberId, name, answer }) => ({ memberId, name, answer, seat: seats.get(memberId), isOut: out.has(memberId) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Those of this group first. */
export const fromHereFirst = (people: readonly SectionPerson[], code: string | undefined) =>
  people.toSorted((a, b) => Number(b.seat?.code === code) - Number(a.seat?.code === code));

/** Read as long as a window asks for them; `isCut`: of a county not everybody. */
export function usePeople(): { people: SectionPerson[]; isCut: boolean; error: unknown } {
  const { alertId } = useBoard();
  const sections = useSections(alertId);
  const calls = useReadPages<CallsView>(pathOf(alertId, 'calls', undefined), { changedBy: /^(call|member|alert)\./ });
  const people = useMemo(
    () =>
      peopleOf(
        sections.data?.pages ?? [],
        (calls.data?.pages ?? []).flatMap((page) => page.calls),
      ),
    [sections.data, calls.data],
  );
  return { people, isCut: calls.data?.isCut ?? false, error: calls.error };
}

interface PersonSelectProps {
  label: string;
  people: readonly SectionPerson[];
  value: string | undefined;
  onChange: (memberId: string) => void;
  /** Whom of them nobody can choose now: they stand there and say why. */
  isBarred?: (person: SectionPerson) => boolean;
}

export function PersonSelect({ label, people, value, onChange, isBarred = () => false }: PersonSelectProps) {
  const say = useWords(sectionWords);
  const language = useLanguage();
  const seatOf = ({ seat, isOut }: SectionPerson) => {
    if (isOut) return say('isOut');
    if (seat?.state !== 'held' || seat.section === null) return say('noSeat');
    return `${seat.groupName} ${SECTIONS[seat.section][language]}`;
  };
  const options = people.map((person) => ({
    value: person.memberId,
    title: '',
    disabled: isBarred(person),
    label: say('option', { name: person.name, seat: seatOf(person), answer: say(`answer.${person.answer ?? 'none'}`) }),
  }));
  return (
    <label className="field">
      {label}
      <Select
        key={language}
        aria-label={label}
        title=""
        {...(value === undefined ? {} : { value })}
        options={options}
        showSearch={{ optionFilterProp: 'label' }}
        optionRender={(option) => <Said>{option.label}</Said>}
        labelRender={(option) => <Said>{option.label}</Said>}
        onChange={onChange}
        placeholder={say('search')}
        notFoundContent={say('nobody')}
      />
    </label>
  );
}
