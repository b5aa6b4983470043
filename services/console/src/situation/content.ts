// Chapter 6, reporting upward: what one situation report consists of. Every copy of it is made from this and from nothing else.
import type { Kind, Level, Mode, Order, AlertState } from '@laba/domain/alert';
import type { CountedNode, NodeFigures } from '@laba/domain/board-view';
import { LabaError } from '@laba/domain/errors';
import type { LadderCounts } from '@laba/domain/ladder-counts';
import type { Totals } from '@laba/domain/rollcall-totals';
import type { SituationKind, SituationWords } from '@laba/domain/situation';
import type { Vault } from '@laba/runtime/vault';
import type { Tables } from '@laba/storage/tables';
import type { TaskSums } from '../task-overview-store.ts';

type Named = { code: string; name: string };

/** What the report is about, as it stood when the figures were taken. */
export interface AlertSubject {
  title: string;
  text: string;
  issuer: string;
  kind: Kind;
  level: Level | null;
  order: Order | null;
  eventCode: string;
  state: AlertState;
  revision: number;
  areas: Named[];
  raisedAtMs: number;
  endTimeMs: number;
  overAtMs: number | null;
  slopeCheckedBy: string | null;
}

/** The board's own answers about the alert. */
export interface AlertFigures {
  coverage: NodeFigures;
  rollCall: Totals & { round: number };
  ladders: LadderCounts;
  tasks: TaskSums;
  /** Groups stand for themselves where the alert does not reach their whole village. */
  villages: (CountedNode & { rollCall: Totals })[];
}

/** Of a quiet day: the state of readiness. */
export interface DayFigures {
  sites: { total: number; silent: number };
  reports: { unread: number };
  tasks: TaskSums;
}

interface AnyContent {
  id: string;
  number: number;
  mode: Mode;
  /** Who reports. */
  county: Named;
  asOfMs: number;
  dueAtMs: number | null;
  words: SituationWords;
  /** Null until it is sent. */
  sent: { by: string; atMs: number } | null;
}

export type AlertContent = AnyContent & { kind: Exclude<SituationKind, 'zero'>; alertId: string; subject: AlertSubject; figures: AlertFigures };
export type DayContent = AnyContent & { kind: 'zero'; day: { day: string; fromMs: number; toMs: number }; figures: DayFigures };
export type Content = AlertContent | DayContent;

export type SituationRow = Tables['situationReport']['$inferSelect'];

const SEAL = 'situation-report';

/** As it is kept; `seal` names exactly this content. */
export function closeContent(vault: Vault, content: Content): { contentCipher: string; seal: string } {
  const plain = JSON.stringify(content);
  return { contentCipher: vault.encrypt(plain), seal: vault.hash(SEAL, plain) };
}

/** Undefined where somebody changed the row past the house. */
export function tryOpen(vault: Vault, row: SituationRow): Content | undefined {
  let plain: string;
  try {
    plain = vault.decrypt(row.contentCipher);
  } catch {
    return undefined;
  }
  const content = JSON.parse(plain) as Content;
  const isItself = content.id === row.id && content.number === row.number && content.kind === row.kind && content.mode === row.mode;
  const isSealed = row.state === 'draft' ? content.sent === null : content.sent !== null && row.seal === vault.hash(SEAL, plain);
  return isItself && isSealed ? content : undefined;
}

/** @throws `report-altered` */
export function openContent(vault: Vault, row: SituationRow): Content {
  const content = tryOpen(vault, row);
  if (content === undefined) throw new LabaError('report-altered', `Situation report ${row.id} is not as this house wrote it.`, { id: row.id });
  return content;
}
