// Joining on the spot (现场加入), beside the board: codes for a village or group, and who joined by them, to be kept or let go.
import type { JoinCodeView, JoinedView } from '@laba/domain/join-view';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { SKILLS } from '@laba/domain/member';
import { roleMay } from '@laba/domain/officer';
import { Button, InputNumber, Select } from 'antd';
import { useId, useState } from 'react';
import { post } from '../../api/client.ts';
import { session } from '../../api/session.ts';
import { Age, AsOf } from '../../app/age.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { hrefOfList, useBoard } from './board-context.ts';
import { useCoverage } from './board-reads.ts';
import { Chip, MemberChip } from './chips.tsx';
import { CodeRow, CodeWindow, ShowCode, type CodeAct } from './join-codes.tsx';
import { joinCodesPath, useJoinCodes } from './join-reads.ts';
import { joiningWords } from './joining-words.ts';
import { JoinWindow, useJoinAct } from './join-window.tsx';
import { memberStateOf } from './looks.ts';
import type { ListProps } from './row-list.tsx';
import { RowMode } from './row-mode.tsx';
import { VirtualList } from './virtual-list.tsx';

const HOURS = [1, 3, 6, 12, 24];
const FIRST_HOURS = 6;
const FIRST_MOST = 100;
const MS_PER_HOUR = 3_600_000;

/** The alert's villages and groups in the officer's own area. */
function useJoinPlaces(): string[] | undefined {
  const { alertId } = useBoard();
  const { data } = useCoverage(alertId);
  const standing = useStore(session);
  const scopes = 'officer' in standing ? standing.officer.scopes : [];
  return data?.nodes
    .filter(({ tier, code }) => (tier === 'village' || tier === 'group') && scopes.some((scope) => isWithin(scope, code)))
    .map(({ code }) => code);
}

interface FieldsProps {
  codes: readonly string[];
  chosen: { place: string | undefined; hours: number; most: number | null };
  onChange: (next: FieldsProps['chosen']) => void;
}

function Fields({ codes, chosen, onChange }: FieldsProps) {
  const say = useWords(joiningWords);
  const language = useLanguage();
  const places = usePlaces();
  const { place, hours, most } = chosen;
  return (
    <>
      <label className="field">
        {say('place')}
        <Select
          key={language}
          aria-label={say('place')}
          title=""
          {...(place === undefined ? {} : { value: place })}
          options={codes.map((code) => ({ value: code, label: `${placeName(places, code)} ${code}`, title: '' }))}
          showSearch={{ optionFilterProp: 'label' }}
          optionRender={({ label }) => <Said>{label}</Said>}
          labelRender={({ label }) => <Said>{label}</Said>}
          onChange={(next: string) => onChange({ ...chosen, place: next })}
        />
      </label>
      <div className="two">
        <label className="field">
          {say('hours')}
          <Select
            key={language}
            aria-label={say('hours')}
            title=""
            value={hours}
            options={HOURS.filter((n) => n * MS_PER_HOUR <= LIMITS.joinCodeMs).map((n) => ({ value: n, label: say('hoursOf', { n }), title: '' }))}
            onChange={(next: number) => onChange({ ...chosen, hours: next })}
          />
        </label>
        <label className="field">
          {say('most')}
          <InputNumber
            aria-label={say('most')}
            min={1}
            max={LIMITS.joinsPerCode}
            precision={0}
            value={most}
            onChange={(next) => onChange({ ...chosen, most: next })}
          />
        </label>
      </div>
    </>
  );
}

/** The new code is shown at once, large: that is what it was opened for. */
function OpenForm({ codes, code }: { codes: readonly string[]; code: string | undefined }) {
  const say = useWords(joiningWords);
  const { alertId } = useBoard();
  const whyId = useId();
  const first = code !== undefined && codes.includes(code) ? code : codes.length === 1 ? codes[0] : undefined;
  const [chosen, choose] = useState<FieldsProps['chosen']>({ place: first, hours: FIRST_HOURS, most: FIRST_MOST });
  const [made, show] = useState<JoinCodeView>();
  const { run, isBusy, problem } = useJoinAct();
  const { place, hours, most } = chosen;
  const why = place === undefined ? say('placeMissing') : most === null ? say('mostMissing', { n: LIMITS.joinsPerCode }) : null;
  const submit = () =>
    run(async () => show(await post<JoinCodeView>(joinCodesPath(alertId), { gridCode: place, hours, ...(most === null ? {} : { mostJoins: most }) })));
  return (
    <form
      className="act-window"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === null && !isBusy) void submit();
      }}
    >
      <Fields codes={codes} chosen={chosen} onChange={choose} />
      {problem}
      <p className="acts">
        <Button type="primary" htmlType="submit" disabled={why !== null} loading={isBusy} aria-describedby={whyId}>
          {say('open')}
        </Button>
        <span id={whyId} className="small" role="status">
          {why}
        </span>
      </p>
      {made === undefined ? null : <ShowCode code={made} onClose={() => show(undefined)} />}
    </form>
  );
}

interface JoinedProps {
  one: JoinedView;
  /** The window stands under the list: the row goes when somebody else was first. */
  onLetGo: (one: JoinedView) => void;
}

const memberPath = ({ memberId }: JoinedView, way: string) => `/api/v1/members/${encodeURIComponent(memberId)}/${way}`;

function JoinedActs({ one, onLetGo }: JoinedProps) {
  const say = useWords(joiningWords);
  const { isOver } = useBoard();
  const { run, isBusy, problem } = useJoinAct();
  if (one.kept) return null;
  return (
    <span className="acts">
      <Button size="small" loading={isBusy} aria-label={`${say('keep')} ${one.name}`} onClick={() => void run(() => post(memberPath(one, 'keep')))}>
        {say('keep')}
      </Button>
      <Button size="small" danger disabled={!isOver} aria-label={`${say('letGo')} ${one.name}`} onClick={() => onLetGo(one)}>
        {say('letGo')}
      </Button>
      {isOver ? null : <small>{say('why.notOver')}</small>}
      {problem}
    </span>
  );
}

function JoinedRow({ one, onLetGo }: JoinedProps) {
  const say = useWords(joiningWords);
  const language = useLanguage();
  const { alertId } = useBoard();
  const { memberId, name, gridCode, gridName, answer, household, skills, hasPhone, joinedAt, kept } = one;
  return (
    <div className="list-row" data-joined={memberId}>
      <span>
        <RowMode />{' '}
        {answer === null ? (
          <Chip look={['○', 'warn']} word={say('noAnswer')} />
        ) : (
          <MemberChip state={memberStateOf({ answer, state: 'answered', help: null })} />
        )}{' '}
        <b>
          <a href={hrefOfList(alertId, 'members', gridCode, memberId)}>
            <Said>{name}</Said>
          </a>
        </b>{' '}
        <Age atMs={Date.parse(joinedAt)} />
      </span>
      <small>
        <Said>{gridName}</Said>
        {household === null ? null : (
          <>
            {' · '}
            <Said>{say('household', { name: household })}</Said>
          </>
        )}
        {skills.map((skill) => ` · ${SKILLS[skill][language]}`)} · {say(hasPhone ? 'hasPhone' : 'noPhone')} · <b>{say(kept ? 'kept' : 'stays')}</b>
      </small>
      <JoinedActs one={one} onLetGo={onLetGo} />
    </div>
  );
}

/** Locked by wrong tries first, then those that take people, the newest first. */
const RANK = { guessed: 0, open: 1, full: 2, moved: 3, expired: 4, closed: 5, over: 6 } as const;

function Lists({ codes, joined, isCut, code }: { codes: readonly JoinCodeView[]; joined: readonly JoinedView[]; isCut: boolean; code: string | undefined }) {
  const say = useWords(joiningWords);
  const [asked, ask] = useState<JoinedView>();
  const [act, setAct] = useState<CodeAct>();
  const isHere = ({ gridCode }: { gridCode: string }) => code === undefined || isWithin(code, gridCode);
  const here = codes.filter(isHere).toSorted((a, b) => RANK[a.state] - RANK[b.state] || Date.parse(b.openedAt) - Date.parse(a.openedAt));
  const people = joined.filter(isHere).toSorted((a, b) => Date.parse(b.joinedAt) - Date.parse(a.joinedAt));
  return (
    <>
      <h3>
        {say('codes')} {here.length}
      </h3>
      {here.length === 0 ? <p className="empty">{say('noCodes')}</p> : null}
      <ul className="plain-list">
        {here.map((one) => (
          <CodeRow key={one.id} code={one} onAct={setAct} />
        ))}
      </ul>
      <h3>
        {say('joined')} {people.length}
      </h3>
      {isCut ? <p className="bad">! {say('cut', { n: people.length })}</p> : null}
      {people.length === 0 ? (
        <p className="empty">{say('noneJoined')}</p>
      ) : (
        <VirtualList rows={people} keyOf={({ memberId }) => memberId} label={say('joined')} draw={(one) => <JoinedRow one={one} onLetGo={ask} />} />
      )}
      {act === undefined ? null : <CodeWindow act={act} onClose={() => setAct(undefined)} />}
      {asked === undefined ? null : (
        <JoinWindow
          title={say('letGoTitle', { name: asked.name })}
          lead={say('letGoLead')}
          send={say('letGo')}
          act={() => post(memberPath(asked, 'let-go'))}
          onClose={() => ask(undefined)}
        />
      )}
    </>
  );
}

function Read({ code }: { code: string | undefined }) {
  const say = useWords(joiningWords);
  const frame = useWords(frameWords);
  const { alertId, mode, isOver } = useBoard();
  const codes = useJoinPlaces();
  const { data, error, dataUpdatedAt, refetch } = useJoinCodes(alertId);
  if (data === undefined || codes === undefined)
    return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const why = isOver ? say('why.over') : mode === 'test' ? say('why.test') : codes.length === 0 ? say('why.noPlace') : null;
  return (
    <>
      <p className="spread small">
        <span>{say('lead')}</span>
        <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      </p>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      {why === null ? <OpenForm codes={codes} code={code} /> : <p className="note">{why}</p>}
      <Lists codes={data.pages[0]?.codes ?? []} joined={data.pages.flatMap(({ joined }) => joined)} isCut={data.isCut} code={code} />
    </>
  );
}

export function JoiningPanel({ code }: ListProps) {
  const say = useWords(joiningWords);
  const standing = useStore(session);
  if (!('officer' in standing)) return null;
  return roleMay(standing.officer.role, 'member.admit') ? <Read code={code} /> : <p className="note">{say('why.role')}</p>;
}
