// A window in which an officer changes a section: it says why it cannot be sent, and when somebody else was first, who, when and how it stands now.
import type { Officer } from '@laba/domain/officer';
import { roleMay } from '@laba/domain/officer';
import { isWithin } from '@laba/domain/grid';
import { SECTIONS, type Section } from '@laba/domain/section';
import { Button, Modal } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { Refused } from '../../api/problem.ts';
import { session } from '../../api/session.ts';
import { Age } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { queries } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { useBoard } from './board-context.ts';
import { RowMode } from './row-mode.tsx';
import { sectionWords, type SectionKey } from './section-words.ts';

function whyNot(officer: Officer | undefined, code: string | undefined): SectionKey | null {
  if (officer === undefined || !roleMay(officer.role, 'section.manage')) return 'why.role';
  if (code === undefined) return null;
  return officer.scopes.some((scope) => isWithin(scope, code)) ? null : 'why.scope';
}

/** Why this officer cannot change anything there; null: he can. `later`: what is heard of people is written down also when the alert is over. */
export function useWhyNot(code: string | undefined, { later = false } = {}): SectionKey | null {
  const standing = useStore(session);
  const { isOver } = useBoard();
  const why = whyNot('officer' in standing ? standing.officer : undefined, code);
  return why ?? (isOver && !later ? 'why.over' : null);
}

/** What the house adds when somebody else was first. */
interface Meanwhile {
  version: number;
  changedByName: string | null;
  changedAtMs: number | null;
  section?: Section | null;
  seatState?: 'held' | 'freed' | 'stood-down' | null;
  gridName?: string | null;
  commanderName?: string;
}

function meanwhileOf(error: unknown): Meanwhile | undefined {
  if (!(error instanceof Refused) || error.problem.code !== 'changed-meanwhile') return undefined;
  const given = error.problem satisfies object as Partial<Meanwhile>;
  return given.version === undefined ? undefined : (given as Meanwhile);
}

function Clash({ first, onAnyway, onLeave }: { first: Meanwhile; onAnyway: () => void; onLeave: () => void }) {
  const say = useWords(sectionWords);
  const language = useLanguage();
  const who = first.changedByName ?? say('system');
  const words =
    first.commanderName === undefined
      ? say('clashSeat', {
          who,
          place: first.gridName ?? '',
          section: first.section ? SECTIONS[first.section][language] : '',
          state: first.seatState ? say(`state.${first.seatState}`) : '',
        })
      : say('clashCommander', { who, name: first.commanderName });
  return (
    <div className="clash">
      <p className="bad" role="alert">
        ✕ <Said>{words}</Said> <Age atMs={first.changedAtMs} />
      </p>
      <p className="acts">
        <Button onClick={onAnyway}>{say('anyway')}</Button>
        <Button onClick={onLeave}>{say('leave')}</Button>
      </p>
    </div>
  );
}

export const sectionsPath = (alertId: string) => `/api/v1/alerts/${encodeURIComponent(alertId)}`;

/** Done once, then everything about the sections is read anew. `act`: with the version that somebody else made meanwhile, where the officer does his all the same. */
export function useSectionAct(act: (seen?: number) => Promise<unknown>, onDone: () => void) {
  const { alertId } = useBoard();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const run = async (seen?: number) => {
    setBusy(true);
    setError(undefined);
    try {
      await act(seen);
      onDone();
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
    await queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(sectionsPath(alertId)) });
  };
  const first = meanwhileOf(error);
  const problem =
    error === undefined ? null : first === undefined ? (
      <ProblemNote error={error} />
    ) : (
      <Clash first={first} onAnyway={() => void run(first.version)} onLeave={onDone} />
    );
  return { run, isBusy, problem };
}

interface SectionWindowProps {
  title: string;
  lead?: string | undefined;
  send: string;
  /** Why it cannot be sent as it stands. */
  why: SectionKey | null;
  act: (seen?: number) => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
}

export function SectionWindow({ title, lead, send, why, act, onClose, children }: SectionWindowProps) {
  const say = useWords(sectionWords);
  const frame = useWords(frameWords);
  const whyId = useId();
  const { run, isBusy, problem } = useSectionAct(act, onClose);
  return (
    <Modal
      open
      title={
        <>
          <RowMode /> <Said>{title}</Said>
        </>
      }
      footer={null}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <form
        className="act-window"
        onSubmit={(event) => {
          event.preventDefault();
          if (why === null && !isBusy) void run();
        }}
      >
        {lead === undefined ? null : <p>{lead}</p>}
        {children}
        {problem}
        <p className="acts">
          <Button type="primary" htmlType="submit" disabled={why !== null} loading={isBusy} aria-describedby={whyId}>
            {send}
          </Button>
          <span id={whyId} className="small" role="status">
            {why === null ? '' : say(why)}
          </span>
        </p>
      </form>
    </Modal>
  );
}
