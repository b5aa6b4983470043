// Tables of the ladders: who stands on them, and in an alert how far each village's was climbed and who answered.
import type { StopReason } from '@laba/domain/alert';
import type { AnswerEffect, Degree, Duty, LadderMeans, LadderState, Question, SkipReason } from '@laba/domain/ladder';
import type { Kit } from '../columns.sqlite.ts';

export function ladderTables({ table, text, int, primaryKey, index, uniqueIndex }: Kit) {
  return {
    ladderRung: table(
      'ladder_rung',
      {
        gridCode: text().notNull(),
        /** From 1; who has the lower one is asked first. */
        position: int().notNull(),
        memberId: text().notNull(),
        duty: text().$type<Duty>().notNull(),
      },
      (t) => [primaryKey({ columns: [t.gridCode, t.position] }), index('ladder_rung_member').on(t.memberId)],
    ),
    ladder: table(
      'ladder',
      {
        id: text().primaryKey(),
        alertId: text().notNull(),
        /** The village; a wider node where it has no villages. */
        gridCode: text().notNull(),
        /** The gravest degree under which it was opened or updated: it names the policy's clocks. */
        degree: text().$type<Degree>().notNull(),
        state: text().$type<LadderState>().notNull(),
        openedAtMs: int().notNull(),
        /** Somebody must have answered by then; `…OverdueAtMs`: when nobody had, and the duty officer was told. */
        answerDueAtMs: int().notNull(),
        answerOverdueAtMs: int(),
        answeredAtMs: int(),
        movingDueAtMs: int(),
        movingOverdueAtMs: int(),
        movingAtMs: int(),
        persons: int(),
        /** When the next rung is asked; null: nobody needs to be asked any more. */
        askAtMs: int(),
        round: int().notNull(),
        /** The rung that was asked last in this round; null: the round begins. */
        askedCode: text(),
        askedPosition: int(),
        /** How many rows `ladder_step` and `ladder_answer` have of it. */
        steps: int().notNull(),
        answers: int().notNull(),
        closeReason: text().$type<StopReason>(),
        changedAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [uniqueIndex('ladder_once').on(t.alertId, t.gridCode), index('ladder_due').on(t.state, t.askAtMs)],
    ),
    /** One asking, or one rung that was passed over. */
    ladderStep: table(
      'ladder_step',
      {
        id: text().primaryKey(),
        ladderId: text().notNull(),
        alertId: text().notNull(),
        number: int().notNull(),
        question: text().$type<Question>().notNull(),
        round: int().notNull(),
        /** Null with `memberId`: the duty officer's own screen. */
        rungCode: text(),
        position: int(),
        duty: text().$type<Duty>(),
        memberId: text(),
        skipped: text().$type<SkipReason>(),
        atMs: int().notNull(),
      },
      (t) => [
        uniqueIndex('ladder_step_once').on(t.ladderId, t.number),
        index('ladder_step_alert').on(t.alertId),
        index('ladder_step_member').on(t.memberId, t.atMs),
      ],
    ),
    /** What was said about a village, also what came late, twice or after the end. */
    ladderAnswer: table(
      'ladder_answer',
      {
        id: text().primaryKey(),
        ladderId: text().notNull(),
        alertId: text().notNull(),
        kind: text().$type<'got-it' | 'moving'>().notNull(),
        persons: int(),
        means: text().$type<LadderMeans>().notNull(),
        /** Who answered: one of the lists, or a name that an officer wrote down. */
        memberId: text(),
        nameCipher: text(),
        wordsCipher: text(),
        /** `member:ID` himself, or `officer:ID` who wrote it down. */
        recordedBy: text().notNull(),
        effect: text().$type<AnswerEffect>().notNull(),
        atMs: int().notNull(),
      },
      (t) => [index('ladder_answer_ladder').on(t.ladderId), index('ladder_answer_alert').on(t.alertId)],
    ),
  };
}
