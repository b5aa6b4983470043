// Chapter 5, tasks: what an officer does with one task. What cannot be done says why; what needs words asks for them.
import { LIMITS } from '@laba/domain/limits';
import { roleMay, type Officer } from '@laba/domain/officer';
import type { TaskMove } from '@laba/domain/task';
import type { TaskDetail } from '@laba/domain/task-view';
import { Button, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { post } from '../../api/client.ts';
import { print } from '../../app/print.ts';
import { inZoneOf } from '../../app/county-time.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { serverNow, useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { OwnerSelect, type Owner } from './owner-select.tsx';
import { SpanSelect } from './span-select.tsx';
import { paths, readTasksAnew } from './tasks.ts';
import { tasksWords } from './words.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** Moves exactly the task that was seen. `error`: what was refused, kept until the next try. */
function useMove(task: TaskDetail, onDone?: () => void) {
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState<TaskMove>();
  const move = async (name: TaskMove, body: object = {}) => {
    setBusy(name);
    setError(undefined);
    try {
      await post(paths.move(task.id, name), { version: task.version, ...body });
      onDone?.();
    } catch (refused) {
      setError(refused);
    }
    await readTasksAnew();
    setBusy(undefined);
  };
  return { move, busy, problem: error === undefined ? null : <ProblemNote error={error} /> };
}

interface WindowProps {
  task: TaskDetail;
  onClose: () => void;
}

interface MoveWindowProps extends WindowProps {
  move: TaskMove;
  /** Why it cannot be sent as it stands. */
  why: string | undefined;
  body: object;
  children: ReactNode;
}

function MoveWindow({ task, move: name, why, body, onClose, children }: MoveWindowProps) {
  const say = useWords(tasksWords);
  const frame = useWords(frameWords);
  const { move, busy, problem } = useMove(task, onClose);
  return (
    <Modal open title={say(name)} footer={null} onCancel={onClose} closable={{ 'aria-label': frame('close') }}>
      <form
        className="act-window"
        onSubmit={(event) => {
          event.preventDefault();
          if (why === undefined) void move(name, body);
        }}
      >
        {children}
        {problem}
        <p className="acts">
          <Button type="primary" htmlType="submit" disabled={why !== undefined} loading={busy !== undefined} aria-describedby="why-not-move">
            {say('yes')}
          </Button>
          <span id="why-not-move" className="small" role="status">
            {why}
          </span>
        </p>
      </form>
    </Modal>
  );
}

function Words({ label, words, onChange }: { label: string; words: string; onChange: (words: string) => void }) {
  return (
    <label className="field">
      {label}
      <Input.TextArea rows={3} maxLength={LIMITS.noteChars} value={words} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

function DoneWindow(props: WindowProps) {
  const say = useWords(tasksWords);
  const [words, setWords] = useState('');
  const [lateReason, setReason] = useState('');
  const isLate = useServerNow() > Date.parse(props.task.dueAt);
  const why = isLate && lateReason.trim() === '' ? say('why.noWords') : undefined;
  const body = { ...(words.trim() === '' ? {} : { words: words.trim() }), ...(isLate ? { lateReason: lateReason.trim() } : {}) };
  return (
    <MoveWindow {...props} move="done" why={why} body={body}>
      <p>{say('doneLead')}</p>
      {isLate ? <Words label={say('whyLate')} words={lateReason} onChange={setReason} /> : null}
      <Words label={say('doneSaid')} words={words} onChange={setWords} />
    </MoveWindow>
  );
}

/** Sent back, or dropped: only with words. */
function WordsWindow({ move, lead, label, ...props }: WindowProps & { move: 'send-back' | 'drop'; lead: string; label: string }) {
  const say = useWords(tasksWords);
  const [words, setWords] = useState('');
  const why = words.trim() === '' ? say('why.noWords') : undefined;
  return (
    <MoveWindow {...props} move={move} why={why} body={{ words: words.trim() }}>
      <p>{lead}</p>
      <Words label={label} words={words} onChange={setWords} />
    </MoveWindow>
  );
}

function ReassignWindow(props: WindowProps) {
  const say = useWords(tasksWords);
  const [owner, choose] = useState<Owner>();
  const { task } = props;
  const isSame = owner !== undefined && ('memberId' in owner ? owner.memberId === task.owner?.memberId : owner.officerId === task.owner?.officerId);
  const why = owner === undefined ? say('why.noOwner') : isSame ? say('why.sameOwner') : undefined;
  return (
    <MoveWindow {...props} move="reassign" why={why} body={{ ...owner }}>
      <div className="field">
        <span>{say('chooseOwner')}</span>
        <OwnerSelect grid={task.gridCode} owner={owner} onChange={choose} mayBeNobody={false} />
      </div>
    </MoveWindow>
  );
}

function ExtendWindow(props: WindowProps) {
  const say = useWords(tasksWords);
  const [minutes, choose] = useState(HOUR_MINUTES);
  useServerNow();
  const dueMs = Math.max(serverNow(), Date.parse(props.task.dueAt)) + minutes * MINUTE_MS;
  const dueAt = new Date(dueMs).toISOString();
  return (
    <MoveWindow {...props} move="extend" why={undefined} body={{ dueAt }}>
      <div className="field">
        <span>{say('extendBy')}</span>
        <SpanSelect label={say('extendBy')} minutes={minutes} onChange={choose} />
      </div>
      <p>{say('newDue', { at: inZoneOf(props.task.dueAt, dueMs) })}</p>
    </MoveWindow>
  );
}

/** Signed off by somebody else than who owns it or said that it is done. */
function useWhyNotSign({ owner, doneBy }: TaskDetail, { id }: Officer): string | undefined {
  const say = useWords(tasksWords);
  if (owner?.officerId === id) return say('why.owner');
  return doneBy === `officer:${id}` ? say('why.doneByMe') : undefined;
}

function DoneActs({ task, officer, ask }: { task: TaskDetail; officer: Officer; ask: (move: TaskMove) => void }) {
  const say = useWords(tasksWords);
  const why = useWhyNotSign(task, officer);
  const { move, busy, problem } = useMove(task);
  return (
    <>
      <Button
        type="primary"
        disabled={why !== undefined}
        loading={busy === 'sign-off'}
        aria-describedby="why-not-sign-off"
        onClick={() => void move('sign-off')}
      >
        ✓ {say('sign-off')}
      </Button>
      <span id="why-not-sign-off" className="small">
        {why}
      </span>
      <Button onClick={() => ask('send-back')}>{say('send-back')}</Button>
      {problem}
    </>
  );
}

function OpenActs({ task, ask }: { task: TaskDetail; ask: (move: TaskMove) => void }) {
  const say = useWords(tasksWords);
  const [isReminded, setReminded] = useState(false);
  const { move, busy, problem } = useMove(task);
  const remind = () => move('remind').then(() => setReminded(true));
  return (
    <>
      {task.owner === null ? (
        <Button type="primary" loading={busy === 'take'} onClick={() => void move('take')}>
          {say('take')}
        </Button>
      ) : null}
      <Button loading={busy === 'remind'} onClick={() => void remind()}>
        {say('remind')}
      </Button>
      <Button onClick={() => ask('reassign')}>{say('reassign')}</Button>
      <Button onClick={() => ask('extend')}>{say('extend')}</Button>
      <Button onClick={() => ask('done')}>{say('done')}</Button>
      <span role="status" className="small">
        {isReminded && problem === null ? `✓ ${say('remindedNow')}` : ''}
      </span>
      {problem}
    </>
  );
}

export function TaskActs({ task, officer }: { task: TaskDetail; officer: Officer }) {
  const say = useWords(tasksWords);
  const [asked, ask] = useState<TaskMove>();
  const { state } = task;
  const window = { task, onClose: () => ask(undefined) };
  const isOpen = state === 'open' || state === 'taken';
  if (!roleMay(officer.role, 'task.act')) return <p className="small">{say('readOnly')}</p>;
  return (
    <div className="acts">
      {isOpen ? <OpenActs task={task} ask={ask} /> : null}
      {state === 'done' ? <DoneActs task={task} officer={officer} ask={ask} /> : null}
      {isOpen || state === 'done' ? (
        <Button danger onClick={() => ask('drop')}>
          {say('drop')}
        </Button>
      ) : null}
      <Button onClick={() => print(paths.sheet(task.id))}>{say('sheet')}</Button>
      {asked === 'done' ? <DoneWindow {...window} /> : null}
      {asked === 'reassign' ? <ReassignWindow {...window} /> : null}
      {asked === 'extend' ? <ExtendWindow {...window} /> : null}
      {asked === 'send-back' ? <WordsWindow {...window} move="send-back" lead={say('sendBackLead')} label={say('whatIsMissing')} /> : null}
      {asked === 'drop' ? <WordsWindow {...window} move="drop" lead={say('dropLead')} label={say('whyDrop')} /> : null}
    </div>
  );
}

export function Told({ label, words }: { label: string; words: string | null }) {
  if (words === null) return null;
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>
        <Said block>{words}</Said>
      </td>
    </tr>
  );
}
