// What an officer does with the sections of an alert: places people, names who leads, sends pairs out, writes down who was heard of, calls everybody back.
import type { SectionGroupView, SectionsView, WatchView } from '@laba/domain/board-view';
import { isWithin, lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { READY_ANSWERS, SECTION_NAMES, SECTIONS, type ReadyAnswer, type Section } from '@laba/domain/section';
import { Checkbox, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { session } from '../../api/session.ts';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { HoldButton } from '../../acts/hold-button.tsx';
import { useBoard } from './board-context.ts';
import { useSections } from './board-reads.ts';
import { RowMode } from './row-mode.tsx';
import { fromHereFirst, isStillOut, missingOf, PersonSelect, usePeople, type SectionPerson } from './section-people.tsx';
import { sectionsPath, SectionWindow, useSectionAct } from './section-window.tsx';
import { sectionWords, type SectionKey } from './section-words.ts';

const comes = ({ answer }: Pick<SectionPerson, 'answer'>) => READY_ANSWERS.includes(answer as ReadyAnswer);
const etagOf = (version: number) => ({ etag: `"${version}"` });

function Words({ label, value, onChange }: { label: string; value: string; onChange: (words: string) => void }) {
  return (
    <label className="field">
      {label}
      <Input.TextArea rows={2} maxLength={LIMITS.noteChars} value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

function CutNote({ isCut, error, n }: { isCut: boolean; error: unknown; n: number }) {
  const say = useWords(sectionWords);
  if (error !== null) return <ProblemNote error={error} />;
  return isCut ? <p className="bad">! {say('cut', { n })}</p> : null;
}

interface PlaceFieldsProps {
  groups: readonly SectionGroupView[];
  code: string;
  section: Section | undefined;
  onPlace: (code: string) => void;
  onSection: (section: Section) => void;
}

function PlaceFields({ groups, code, section, onPlace, onSection }: PlaceFieldsProps) {
  const say = useWords(sectionWords);
  const language = useLanguage();
  const places = usePlaces();
  const needs = groups.find((one) => one.code === code)?.sections ?? [];
  const words = (name: Section) => {
    const need = needs.find((one) => one.section === name);
    return say('sectionOf', { section: SECTIONS[name][language], have: need?.have ?? 0, needed: need?.needed ?? 0 });
  };
  return (
    <div className="two">
      <label className="field">
        {say('group')}
        <Select
          key={language}
          aria-label={say('group')}
          title=""
          value={code}
          options={groups.map((one) => ({ value: one.code, label: placeName(places, one.code), title: '' }))}
          showSearch={{ optionFilterProp: 'label' }}
          optionRender={({ label }) => <Said>{label}</Said>}
          labelRender={({ label }) => <Said>{label}</Said>}
          onChange={onPlace}
        />
      </label>
      <label className="field">
        {say('section')}
        <Select
          key={language}
          aria-label={say('section')}
          title=""
          {...(section === undefined ? {} : { value: section })}
          options={SECTION_NAMES.map((name) => ({ value: name, label: words(name), title: '' }))}
          onChange={onSection}
        />
      </label>
    </div>
  );
}

interface GroupWindow {
  group: SectionGroupView;
  onClose: () => void;
}

/** Where he was when he was chosen: what the officer saw, whatever comes meanwhile. */
interface Choice {
  memberId: string;
  version: number;
  where: string;
}

const choiceOf = (person: Pick<SectionPerson, 'memberId' | 'seat'>): Choice => ({
  memberId: person.memberId,
  version: person.seat?.version ?? 0,
  where: person.seat?.state === 'held' ? `${person.seat.code} ${person.seat.section}` : '',
});

/** `first`: he was chosen by his row. */
export function AssignWindow({ group, first, onClose }: GroupWindow & { first: SectionPerson | undefined }) {
  const say = useWords(sectionWords);
  const { alertId } = useBoard();
  const sections = useSections(alertId);
  const { people, isCut, error } = usePeople();
  const [chosen, choose] = useState(first === undefined ? undefined : choiceOf(first));
  const [code, setCode] = useState(group.code);
  const [section, setSection] = useState<Section>();
  const [reason, setReason] = useState('');
  const groups = (sections.data?.pages ?? []).flatMap((page) => page.groups);
  const why = (): SectionKey | null => {
    if (chosen === undefined) return 'why.member';
    if (section === undefined) return 'why.section';
    if (chosen.where === `${code} ${section}`) return 'why.same';
    return reason.trim() === '' ? 'why.reason' : null;
  };
  const send = (seen = chosen?.version ?? 0) =>
    post(`${sectionsPath(alertId)}/sections/assign`, { memberId: chosen?.memberId, gridCode: code, section, reason: reason.trim() }, etagOf(seen));
  const select = (memberId: string) => choose(choiceOf(people.find((one) => one.memberId === memberId)!));
  return (
    <SectionWindow title={say('assignTitle')} lead={say('assignLead')} send={say('send')} why={why()} act={send} onClose={onClose}>
      <CutNote isCut={isCut} error={error} n={people.length} />
      <PersonSelect label={say('member')} people={fromHereFirst(people.filter(comes), group.code)} value={chosen?.memberId} onChange={select} />
      <PlaceFields groups={groups} code={code} section={section} onPlace={setCode} onSection={setSection} />
      <Words label={say('reason')} value={reason} onChange={setReason} />
    </SectionWindow>
  );
}

export function FreeWindow({ seat, name, onClose }: { seat: { memberId: string; version: number }; name: string; onClose: () => void }) {
  const say = useWords(sectionWords);
  const { alertId } = useBoard();
  const [reason, setReason] = useState('');
  // As it stood when the window was opened.
  const [{ memberId, version }] = useState(seat);
  const send = (seen = version) => post(`${sectionsPath(alertId)}/sections/free`, { memberId, reason: reason.trim() }, etagOf(seen));
  return (
    <SectionWindow
      title={say('freeTitle', { name })}
      lead={say('freeLead')}
      send={say('free')}
      why={reason.trim() === '' ? 'why.reason' : null}
      act={send}
      onClose={onClose}
    >
      <Words label={say('reason')} value={reason} onChange={setReason} />
    </SectionWindow>
  );
}

export const newestCommander = (view: SectionsView | undefined, code: string) => view?.commanders.findLast(({ gridCode }) => gridCode === code);

/** Who says that he comes may be asked; who said yes to the officer need not have answered before. */
export function CommanderWindow({ group, view, onClose }: GroupWindow & { view: SectionsView }) {
  const say = useWords(sectionWords);
  const { alertId } = useBoard();
  const { people, isCut, error } = usePeople();
  const [memberId, choose] = useState<string>();
  const [words, setWords] = useState('');
  const [acknowledged, setYes] = useState(false);
  const [number] = useState(newestCommander(view, group.code)?.number ?? 0);
  const person = people.find((one) => one.memberId === memberId);
  const why = (): SectionKey | null => {
    if (memberId === undefined) return 'why.member';
    return person !== undefined && !acknowledged && !comes(person) ? 'why.answer' : null;
  };
  const body = { gridCode: group.code, memberId, acknowledged, ...(words.trim() === '' ? {} : { words: words.trim() }) };
  const send = (seen = number) => post(`${sectionsPath(alertId)}/commanders`, body, etagOf(seen));
  const able = people.filter(({ answer }) => answer !== 'cannot');
  return (
    <SectionWindow title={say('commanderTitle', { place: group.name })} lead={say('commanderLead')} send={say('send')} why={why()} act={send} onClose={onClose}>
      <CutNote isCut={isCut} error={error} n={people.length} />
      <PersonSelect label={say('member')} people={fromHereFirst(able, group.code)} value={memberId} onChange={choose} />
      <Checkbox checked={acknowledged} onChange={({ target }) => setYes(target.checked)}>
        {say('saidYes')}
      </Checkbox>
      <Words label={say('note')} value={words} onChange={setWords} />
    </SectionWindow>
  );
}

/** Two of those who are there. Who is out stands in the list and cannot be chosen. */
export function PairWindow({ group, minutes, onClose }: GroupWindow & { minutes: number }) {
  const say = useWords(sectionWords);
  const { alertId } = useBoard();
  const { people, isCut, error } = usePeople();
  const [first, setFirst] = useState<string>();
  const [second, setSecond] = useState<string>();
  const [words, setWords] = useState('');
  const there = fromHereFirst(
    people.filter(({ answer }) => answer === 'arrived'),
    group.code,
  );
  const why: SectionKey | null = first === undefined || second === undefined || first === second ? 'why.two' : null;
  const body = { memberIds: [first, second], ...(words.trim() === '' ? {} : { words: words.trim() }) };
  return (
    <SectionWindow
      title={say('pairTitle')}
      lead={say('pairLead', { n: minutes })}
      send={say('sendPair')}
      why={why}
      act={() => post(`${sectionsPath(alertId)}/pairs`, body)}
      onClose={onClose}
    >
      <CutNote isCut={isCut} error={error} n={people.length} />
      <PersonSelect label={say('first')} people={there} value={first} onChange={setFirst} isBarred={({ isOut }) => isOut} />
      <PersonSelect label={say('second')} people={there} value={second} onChange={setSecond} isBarred={({ isOut, memberId }) => isOut || memberId === first} />
      <Words label={say('task')} value={words} onChange={setWords} />
    </SectionWindow>
  );
}

const MEANS = ['radio', 'telephone', 'face-to-face'] as const;

/** A pair is well, or somebody is back: as the officer heard it. */
export function HeardWindow({ title, path, body, onClose }: { title: string; path: string; body: object; onClose: () => void }) {
  const say = useWords(sectionWords);
  const [means, hear] = useState<(typeof MEANS)[number]>('radio');
  return (
    <SectionWindow title={title} send={say('record')} why={null} act={() => post(path, { ...body, means })} onClose={onClose}>
      <fieldset className="choices">
        <legend>{say('heardBy')}</legend>
        <Radio.Group
          options={MEANS.map((value) => ({ value, label: say(value) }))}
          value={means}
          onChange={(event) => hear(event.target.value as (typeof MEANS)[number])}
        />
      </fieldset>
    </SectionWindow>
  );
}

/** Everybody who would be told: there, on the way, or out. */
export function calledBack(pages: readonly SectionsView[], code: string): Map<string, string> {
  const seats = pages.flatMap(({ groups }) => groups.filter((group) => isWithin(code, group.code)).flatMap((group) => group.seats));
  const there = seats.filter(({ state, answer }) => state === 'held' && (answer === 'arrived' || answer === 'on-the-way'));
  const out = (pages[0]?.watches ?? []).filter((watch) => isStillOut(watch) && isWithin(code, watch.gridCode)).flatMap(missingOf);
  return new Map([...there, ...out].map(({ memberId, name }) => [memberId, name ?? memberId]));
}

/** The groups of the alert and what lies above them, in the officer's own area: the smallest first. */
function useWithin(pages: readonly SectionsView[], code: string | undefined): string[] {
  const standing = useStore(session);
  const scopes = 'officer' in standing ? standing.officer.scopes : [];
  const groups = pages.flatMap((page) => page.groups.map((group) => group.code)).filter((group) => code === undefined || isWithin(code, group));
  const all = new Set((code === undefined ? groups : [code, ...groups]).flatMap((group) => [group, ...lineage(group)]));
  return [...all].filter((one) => scopes.some((scope) => isWithin(scope, one))).toSorted((a, b) => b.length - a.length || a.localeCompare(b));
}

/** Said when somebody ordered it before: two orders are two messages to everybody. */
function OrderedBefore({ view, code }: { view: SectionsView; code: string }) {
  const say = useWords(sectionWords);
  const before = view.watches.filter((watch) => watch.kind === 'withdrawal' && isStillOut(watch) && isWithin(code, watch.gridCode));
  return before.map((watch) => (
    <p key={watch.id} className="bad" role="alert">
      ! <Said>{say('orderedBefore', { who: watch.orderedByName ?? say('somebody'), at: watch.orderedAt.slice(11, 16), n: missingOf(watch).length })}</Said>
    </p>
  ));
}

function WithdrawPlace({ codes, code, onChange }: { codes: readonly string[]; code: string | undefined; onChange: (code: string) => void }) {
  const say = useWords(sectionWords);
  const language = useLanguage();
  const places = usePlaces();
  return (
    <label className="field">
      {say('whose')}
      <Select
        key={language}
        aria-label={say('whose')}
        title=""
        {...(code === undefined ? {} : { value: code })}
        options={codes.map((one) => ({ value: one, label: placeName(places, one), title: '' }))}
        showSearch={{ optionFilterProp: 'label' }}
        optionRender={({ label }) => <Said>{label}</Said>}
        labelRender={({ label }) => <Said>{label}</Said>}
        onChange={onChange}
      />
    </label>
  );
}

/** `code`: what is open beside the board; undefined: the whole alert, and the officer says whom. */
export function WithdrawWindow({ pages, code: opened, onClose }: { pages: readonly SectionsView[]; code: string | undefined; onClose: () => void }) {
  const say = useWords(sectionWords);
  const frame = useWords(frameWords);
  const { alertId } = useBoard();
  const [code, choose] = useState(opened);
  const [words, setWords] = useState('');
  const codes = useWithin(pages, opened);
  const people = code === undefined ? [] : [...calledBack(pages, code).values()];
  const body = { gridCode: code, ...(words.trim() === '' ? {} : { words: words.trim() }) };
  const { run, problem } = useSectionAct(() => post(`${sectionsPath(alertId)}/withdraw`, body), onClose);
  const why = code === undefined ? say('why.place') : people.length === 0 ? say('why.nobodyOut') : null;
  const view = pages[0];
  return (
    <Modal
      open
      title={
        <>
          <RowMode /> {say('withdrawTitle')}
        </>
      }
      footer={null}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <div className="act-window">
        <p>{say('withdrawLead', { n: view?.minutes.back ?? 0 })}</p>
        <WithdrawPlace codes={codes} code={code} onChange={choose} />
        {view === undefined || code === undefined ? null : <OrderedBefore view={view} code={code} />}
        {people.length === 0 ? null : (
          <p data-called-back={people.length}>
            <Said>{say('callsBack', { n: people.length, names: people.join(' · ') })}</Said>
          </p>
        )}
        <Words label={say('note')} value={words} onChange={setWords} />
        <HoldButton label={`■ ${say('holdWithdraw')}`} look="danger" why={why} onHeld={() => run()} />
        {problem}
      </div>
    </Modal>
  );
}

/** What of a watch is written down: the pair is well, or one of its people is back. */
export const checkInPath = ({ id }: WatchView) => `/api/v1/pairs/${encodeURIComponent(id)}/check-in`;
