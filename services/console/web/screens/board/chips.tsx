// A state as it stands everywhere on the board: icon, word, and how many.
import type { MemberFigures } from '@laba/domain/board-view';
import type { DeliveryState } from '@laba/domain/delivery';
import { PERSON_STATUSES, WORST_FIRST, type PersonStatus } from '@laba/domain/rollcall';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { MEMBER_LOOKS, MEMBER_STATES, SPEAKER_LOOKS, SPEAKER_STATES, statusLook, type Look, type MemberState } from './looks.ts';
import { boardWords } from './words.ts';

export function Chip({ look: [icon, colour], word, n }: { look: readonly [string, Look]; word: string; n?: number | string | undefined }) {
  return (
    <span className={`chip ${colour}`}>
      <span aria-hidden="true">{icon}</span> {word}
      {n === undefined ? null : <b> {n}</b>}
    </span>
  );
}

export function SpeakerChip({ state, n }: { state: DeliveryState; n?: number }) {
  const say = useWords(boardWords);
  return <Chip look={SPEAKER_LOOKS[state]} word={say(`speaker.${state}`)} n={n} />;
}

export function MemberChip({ state, n }: { state: MemberState; n?: number }) {
  const say = useWords(boardWords);
  return <Chip look={MEMBER_LOOKS[state]} word={say(`member.${state}`)} n={n} />;
}

export function StatusChip({ status, n }: { status: PersonStatus; n?: number }) {
  const language = useLanguage();
  return <Chip look={statusLook(status)} word={PERSON_STATUSES[status][language]} n={n} />;
}

export function SpeakerChips({ states }: { states: Partial<Record<DeliveryState, number>> }) {
  return SPEAKER_STATES.filter((state) => (states[state] ?? 0) > 0).map((state) => <SpeakerChip key={state} state={state} n={states[state] ?? 0} />);
}

export function MemberChips({ members }: { members: MemberFigures }) {
  const counted = MEMBER_STATES.filter((state) => state !== 'help' && members[state] > 0) as Exclude<MemberState, 'help'>[];
  return counted.map((state) => <MemberChip key={state} state={state} n={members[state]} />);
}

export function StatusChips({ byStatus }: { byStatus: Readonly<Record<PersonStatus, number>> }) {
  return WORST_FIRST.filter((status) => byStatus[status] > 0).map((status) => <StatusChip key={status} status={status} n={byStatus[status]} />);
}
