// One batch of callers in one transaction of PostgreSQL: tried together, and one by one where somebody's expectation breaks.
import { LIMITS } from '@laba/domain/limits';
import { isMet } from './database.ts';
import { broken, slices, type Group, type Outcome } from './group.ts';
import type { WriterConnection } from './postgres-connection.ts';
import { isBrokenOff, isNotUnique, isServerTrouble, sqlState, storageFailed } from './postgres-trouble.ts';

/** The connection went after COMMIT was sent and before its answer came: only the server knows what became of it. */
export class CommitUnanswered extends Error {
  readonly transactionId: string;
  /** What to tell the callers if it was committed. */
  readonly outcomes: Outcome[];

  constructor(transactionId: string, outcomes: Outcome[], cause: unknown) {
    super('no answer to COMMIT', { cause });
    this.transactionId = transactionId;
    this.outcomes = outcomes;
  }
}

// What the transaction is known by is asked with BEGIN: no journey of its own.
const BEGIN = 'BEGIN; SELECT pg_current_xact_id()::text AS id';
const UNDO = 'ROLLBACK TO SAVEPOINT caller; RELEASE SAVEPOINT caller';

/**
 * Commits what can be committed; each group's own outcome in its place. A group that was broken off for another transaction's sake has
 * the server's error as its outcome: `isBrokenOff`.
 * @throws `storage-failed` when nothing was written, CommitUnanswered when that is not known
 */
export async function commitTogether<T>(connection: WriterConnection<T>, groups: readonly Group<T>[]): Promise<Outcome[]> {
  const begun = connection.command(BEGIN);
  begun.catch(() => {});
  const outcomes: Outcome[] = [];
  let transactionId: string;
  try {
    for (const some of slices(groups, LIMITS.groupsPerSavepoint)) outcomes.push(...(await inSavepoint(connection, some)));
    transactionId = ((await begun).rows as { id: string }[])[0]!.id;
  } catch (error) {
    if (!connection.lost) await connection.command('ROLLBACK').catch(() => connection.drop());
    throw storageFailed(error);
  }
  let done: string;
  try {
    done = (await connection.command('COMMIT')).command;
  } catch (error) {
    if (sqlState(error) !== '' && !connection.lost) throw storageFailed(error);
    throw new CommitUnanswered(transactionId, outcomes, error);
  }
  // A transaction that had failed answers COMMIT with ROLLBACK, and with no error.
  if (done !== 'COMMIT') throw storageFailed(new Error('The transaction had been rolled back'));
  return outcomes;
}

async function inSavepoint<T>(connection: WriterConnection<T>, groups: readonly Group<T>[]): Promise<Outcome[]> {
  const saved = connection.command('SAVEPOINT caller');
  saved.catch(() => {});
  const outcomes = await carryOut(connection, groups);
  await saved;
  if (!outcomes.some((outcome) => 'error' in outcome)) {
    await connection.command('RELEASE SAVEPOINT caller');
    return outcomes;
  }
  await connection.command(UNDO);
  if (groups.length === 1) return outcomes;
  const again: Outcome[] = [];
  for (const group of groups) again.push(...(await inSavepoint(connection, [group])));
  return again;
}

/** Up to the first that breaks. @throws when the connection is lost */
async function carryOut<T>(connection: WriterConnection<T>, groups: readonly Group<T>[]): Promise<Outcome[]> {
  const rows: unknown[][][] = groups.map(() => []);
  const outcomes: Outcome[] = rows.map((each) => ({ rows: each }));
  const all = groups.flatMap(({ ops }, at) => ops.map((op) => ({ op, at })));
  for (const ahead of slices(all, LIMITS.databaseStatementsAhead)) {
    const answers = await Promise.allSettled(ahead.map(({ op }) => connection.run(op.statement, op.values)));
    for (const [i, answer] of answers.entries()) {
      const { op, at } = ahead[i]!;
      if (answer.status === 'rejected') {
        if (connection.lost) throw answer.reason;
        outcomes[at] = { error: isNotUnique(answer.reason) ? broken(op) : toldAs(answer.reason) };
        return outcomes;
      }
      // A statement without `returning` is answered with the driver's whole result.
      const count = op.isCountOnly ? (answer.value as unknown as { rowCount: number }).rowCount : answer.value.length;
      if (!isMet(op.expect, count)) {
        outcomes[at] = { error: broken(op) };
        return outcomes;
      }
      rows[at]!.push(op.isCountOnly ? [] : answer.value);
    }
  }
  return outcomes;
}

function toldAs(error: unknown): unknown {
  return isServerTrouble(error) && !isBrokenOff(error) ? storageFailed(error) : error;
}
