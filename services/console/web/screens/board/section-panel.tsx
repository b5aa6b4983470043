// Behind needed and have: who sits where and why he was chosen, who commands, who is out.
import type { SectionGroupView, SectionsView, SeatView } from '@laba/domain/board-view';
import { SECTIONS } from '@laba/domain/section';
import { Age } from '../../app/age.tsx';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { hrefOfList, useBoard } from './board-context.ts';
import { useSections } from './board-reads.ts';
import { Chip } from './chips.tsx';
import { RowList, type ListProps } from './row-list.tsx';
import { RowMode } from './row-mode.tsx';
import { groupsOf, SectionRow, Watches } from './sections.tsx';
import { boardWords } from './words.ts';

const SEATS: readonly SeatView['state'][] = ['held', 'stood-down', 'freed'];
const LOOKS = { held: ['✓', 'good'], 'stood-down': ['○', 'idle'], freed: ['■', 'idle'] } as const;

function SeatRow({ seat, code }: { seat: SeatView; code: string }) {
  const say = useWords(boardWords);
  const language = useLanguage();
  const { alertId } = useBoard();
  return (
    <div className="list-row">
      <span>
        <RowMode /> <Chip look={LOOKS[seat.state]} word={say(`seat.${seat.state}`)} />{' '}
        <b>
          <a href={hrefOfList(alertId, 'members', code, seat.memberId)}>{seat.name === null ? say('hiddenName') : <Said>{seat.name}</Said>}</a>
        </b>{' '}
        {seat.section === null ? '' : SECTIONS[seat.section][language]} <Age atMs={Date.parse(seat.changedAt)} />
      </span>
      <small>
        {seat.reasons.map((reason) => reason[language]).join(' · ')} {seat.words === null ? null : <Said>{seat.words}</Said>}
      </small>
    </div>
  );
}

function Commanders({ view, code }: { view: SectionsView; code: string }) {
  const say = useWords(boardWords);
  const here = view.commanders.filter(({ gridCode, leads, acknowledgedAt }) => gridCode === code && (leads || acknowledgedAt === null));
  return (
    <ul className="plain-list">
      {here.map(({ memberId, name, leads }) => (
        <li key={`${memberId} ${String(leads)}`}>
          {say(leads ? 'leads' : 'named')} <Said>{name ?? memberId}</Said>
        </li>
      ))}
    </ul>
  );
}

function OneGroup({ group, view, asOfMs }: { group: SectionGroupView; view: SectionsView; asOfMs: number }) {
  const say = useWords(boardWords);
  const seats = group.seats.toSorted((a, b) => SEATS.indexOf(a.state) - SEATS.indexOf(b.state));
  return (
    <>
      <SectionRow group={group} href={undefined} />
      <Commanders view={view} code={group.code} />
      <Watches view={view} code={group.code} />
      <RowList
        rows={seats}
        keyOf={({ memberId, changedAt }) => `${memberId} ${changedAt}`}
        textOf={({ name }) => name ?? ''}
        label={say('sections')}
        asOfMs={asOfMs}
        draw={(seat) => <SeatRow seat={seat} code={group.code} />}
      />
    </>
  );
}

export function SectionPanel({ code }: ListProps) {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { data, dataUpdatedAt } = useSections(alertId);
  const first = data?.pages[0];
  if (data === undefined || first === undefined) return null;
  const groups = groupsOf(data.pages);
  const group = groups.find((one) => one.code === code);
  const asOfMs = serverTimeOf(dataUpdatedAt);
  if (group !== undefined) return <OneGroup group={group} view={first} asOfMs={asOfMs} />;
  return (
    <RowList
      rows={groups}
      keyOf={(one) => one.code}
      textOf={({ name }) => name}
      label={say('sections')}
      asOfMs={asOfMs}
      draw={(one) => <SectionRow group={one} href={hrefOfList(alertId, 'sections', one.code)} />}
    />
  );
}
