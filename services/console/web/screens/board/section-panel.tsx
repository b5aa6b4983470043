// Behind needed and have: who sits where and why he was chosen, who commands, who is out; and what the officer changes of it.
import type { SectionGroupView, SectionsView, SeatView } from '@laba/domain/board-view';
import { READY_ANSWERS, SECTIONS, type ReadyAnswer } from '@laba/domain/section';
import { Button } from 'antd';
import { useState } from 'react';
import { Age } from '../../app/age.tsx';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { hrefOfList, useBoard } from './board-context.ts';
import { useSections } from './board-reads.ts';
import { Chip } from './chips.tsx';
import { Commanders } from './commanders.tsx';
import { RowList, type ListProps } from './row-list.tsx';
import { RowMode } from './row-mode.tsx';
import { AssignWindow, FreeWindow, PairWindow, WithdrawWindow } from './section-acts.tsx';
import { useWhyNot } from './section-window.tsx';
import { sectionWords } from './section-words.ts';
import { groupsOf, SectionRow } from './sections.tsx';
import { Watches } from './watches.tsx';
import { boardWords } from './words.ts';

const SEATS: readonly SeatView['state'][] = ['held', 'stood-down', 'freed'];
const LOOKS = { held: ['✓', 'good'], 'stood-down': ['○', 'idle'], freed: ['■', 'idle'] } as const;

interface SeatProps {
  seat: SeatView;
  group: SectionGroupView;
  why: string | null;
  /** The window stands in the panel: the row may go while it is open. */
  onAct: (act: SeatAct) => void;
}

interface SeatAct {
  is: 'assign' | 'free';
  seat: SeatView;
}

function SeatActs({ seat, why, onAct }: SeatProps) {
  const say = useWords(sectionWords);
  const isHeld = seat.state === 'held';
  const name = seat.name ?? seat.memberId;
  const cannot = why ?? (READY_ANSWERS.includes(seat.answer as ReadyAnswer) ? null : say('why.answer'));
  return (
    <span className="acts">
      <Button
        size="small"
        disabled={cannot !== null}
        title={cannot ?? undefined}
        aria-label={`${say(isHeld ? 'move' : 'place')} ${name}`}
        onClick={() => onAct({ is: 'assign', seat })}
      >
        {say(isHeld ? 'move' : 'place')}
      </Button>
      {isHeld ? (
        <Button size="small" disabled={why !== null} title={why ?? undefined} aria-label={`${say('free')} ${name}`} onClick={() => onAct({ is: 'free', seat })}>
          {say('free')}
        </Button>
      ) : null}
      {why === null && cannot !== null ? <small>{cannot}</small> : null}
    </span>
  );
}

function SeatWindow({ act: { is, seat }, group, onClose }: { act: SeatAct; group: SectionGroupView; onClose: () => void }) {
  const name = seat.name ?? seat.memberId;
  if (is === 'free') return <FreeWindow seat={seat} name={name} onClose={onClose} />;
  const first = { memberId: seat.memberId, name, answer: null, isOut: false, seat: { ...seat, code: group.code, groupName: group.name } };
  return <AssignWindow group={group} first={first} onClose={onClose} />;
}

function SeatRow({ seat, group, why, onAct }: SeatProps) {
  const say = useWords(boardWords);
  const section = useWords(sectionWords);
  const language = useLanguage();
  const { alertId } = useBoard();
  return (
    <div className="list-row" data-seat={seat.memberId}>
      <span>
        <RowMode /> <Chip look={LOOKS[seat.state]} word={say(`seat.${seat.state}`)} />{' '}
        <b>
          <a href={hrefOfList(alertId, 'members', group.code, seat.memberId)}>{seat.name === null ? say('hiddenName') : <Said>{seat.name}</Said>}</a>
        </b>{' '}
        {seat.section === null ? '' : SECTIONS[seat.section][language]} · {section(`answer.${(seat.answer ?? 'none') as 'none'}`)}{' '}
        <Age atMs={Date.parse(seat.changedAt)} />
      </span>
      <small>
        {seat.reasons.map((reason) => reason[language]).join(' · ')}{' '}
        {seat.decidedByName === null ? null : <Said>{section('decidedBy', { who: seat.decidedByName })}</Said>}{' '}
        {seat.words === null ? null : <Said>{seat.words}</Said>}
      </small>
      <SeatActs seat={seat} group={group} why={why} onAct={onAct} />
    </div>
  );
}

type Opened = 'assign' | 'pair' | 'withdraw';

function GroupActs({ group, view, pages, why }: { group: SectionGroupView; view: SectionsView; pages: readonly SectionsView[]; why: string | null }) {
  const say = useWords(sectionWords);
  const [open, setOpen] = useState<Opened>();
  const onClose = () => setOpen(undefined);
  const button = (name: Opened, more = {}) => (
    <Button {...more} disabled={why !== null} onClick={() => setOpen(name)}>
      {say(name)}…
    </Button>
  );
  return (
    <div className="section-acts" role="group" aria-label={say('acts')}>
      <span className="acts">
        {button('assign')}
        {button('pair')}
        {button('withdraw', { danger: true })}
      </span>
      {why === null ? null : <p className="note">{why}</p>}
      {open === 'assign' ? <AssignWindow group={group} first={undefined} onClose={onClose} /> : null}
      {open === 'pair' ? <PairWindow group={group} minutes={view.minutes.checkIn} onClose={onClose} /> : null}
      {open === 'withdraw' ? <WithdrawWindow pages={pages} code={group.code} onClose={onClose} /> : null}
    </div>
  );
}

interface OneGroupProps {
  group: SectionGroupView;
  view: SectionsView;
  pages: readonly SectionsView[];
  asOfMs: number;
}

function OneGroup({ group, view, pages, asOfMs }: OneGroupProps) {
  const say = useWords(boardWords);
  const section = useWords(sectionWords);
  const why = useWhyNot(group.code);
  const whyWords = why === null ? null : section(why);
  const [act, setAct] = useState<SeatAct>();
  const seats = group.seats.toSorted((a, b) => SEATS.indexOf(a.state) - SEATS.indexOf(b.state));
  return (
    <>
      <Watches view={view} code={group.code} acts />
      <SectionRow group={group} view={view} href={undefined} />
      <Commanders view={view} group={group} />
      <GroupActs group={group} view={view} pages={pages} why={whyWords} />
      <RowList
        rows={seats}
        keyOf={({ memberId }) => memberId}
        textOf={({ name }) => name ?? ''}
        label={say('sections')}
        asOfMs={asOfMs}
        draw={(seat) => <SeatRow seat={seat} group={group} why={whyWords} onAct={setAct} />}
      />
      {act === undefined ? null : <SeatWindow act={act} group={group} onClose={() => setAct(undefined)} />}
    </>
  );
}

/** Of the whole alert, or of a place with several groups: who is out there, everybody called back, and the groups. */
function AllGroups({ pages, code, asOfMs }: { pages: readonly SectionsView[]; code: string | undefined; asOfMs: number }) {
  const say = useWords(boardWords);
  const section = useWords(sectionWords);
  const { alertId } = useBoard();
  const why = useWhyNot(code);
  const [isOpen, open] = useState(false);
  const groups = groupsOf(pages);
  return (
    <>
      {pages[0] === undefined ? null : <Watches view={pages[0]} code={code} acts />}
      <p className="acts">
        <Button danger disabled={why !== null} title={why === null ? undefined : section(why)} onClick={() => open(true)}>
          {section('withdraw')}…
        </Button>
        {why === null ? null : <span className="small">{section(why)}</span>}
      </p>
      {isOpen ? <WithdrawWindow pages={pages} code={code} onClose={() => open(false)} /> : null}
      <RowList
        rows={groups.filter((one) => code === undefined || one.code.startsWith(code))}
        keyOf={(one) => one.code}
        textOf={({ name }) => name}
        label={say('sections')}
        asOfMs={asOfMs}
        draw={(one) => <SectionRow group={one} view={pages[0]} href={hrefOfList(alertId, 'sections', one.code)} />}
      />
    </>
  );
}

export function SectionPanel({ code }: ListProps) {
  const { alertId } = useBoard();
  const { data, dataUpdatedAt } = useSections(alertId);
  const first = data?.pages[0];
  if (data === undefined || first === undefined) return null;
  const group = data.pages.flatMap(({ groups }) => groups).find((one) => one.code === code);
  const asOfMs = serverTimeOf(dataUpdatedAt);
  if (group !== undefined) return <OneGroup group={group} view={first} pages={data.pages} asOfMs={asOfMs} />;
  return <AllGroups pages={data.pages} code={code} asOfMs={asOfMs} />;
}
