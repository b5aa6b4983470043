// What the speakers did, numbered, durable before it is said, and said again until the county holds it.
import { LIMITS } from '@laba/domain/limits';
import type { PlayReport } from '@laba/domain/gateway-protocol';
import type { Ids } from '@laba/domain/ids';
import type { Boot, Spool, SpoolOp } from './spool-store.ts';
import type { StoredReport } from './spool-tables.ts';

const SHED_SHARE = 10;

export interface Batch {
  journalId: string;
  reports: PlayReport[];
}

export class Journal {
  readonly #spool: Spool;
  readonly #ids: Ids;
  readonly #monotonicMs: () => number;
  readonly #limit: number;
  #journalId = '';
  #waiting = 0;
  #heldUpTo = 0;
  #sentUpTo = 0;
  #sentAtMs = 0;
  #renewing: Promise<void> | undefined;
  readonly #writing = new Set<Promise<void>>();
  /** Called after reports became durable. */
  onWritten: () => void = () => {};
  /** Alerts whose reports are shed last. */
  activeAlerts: () => ReadonlySet<string> = () => new Set();

  constructor(spool: Spool, ids: Ids, monotonicMs: () => number, limit: number = LIMITS.gatewaySpooledReports) {
    this.#spool = spool;
    this.#ids = ids;
    this.#monotonicMs = monotonicMs;
    this.#limit = limit;
  }

  open(boot: Boot): void {
    this.#journalId = boot.journalId;
    this.#waiting = boot.reportsWaiting;
    this.#heldUpTo = boot.nextNumber - 1 - boot.reportsWaiting;
  }

  get journalId(): string {
    return this.#journalId;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Up to where the county has said to hold this journal: these reports are not here any more. */
  get heldUpTo(): number {
    return this.#heldUpTo;
  }

  /** Reports and the ops they speak of, in one commit. @throws `storage-failed`: then none of it happened. */
  async write(reports: readonly StoredReport[], ops: readonly SpoolOp[] = []): Promise<void> {
    while (this.#renewing !== undefined) await this.#renewing;
    const commit = this.#spool.commit([...ops, ...reports.flatMap((report) => this.#spool.report(report))]).then(() => {
      this.#waiting += reports.length;
    });
    this.#writing.add(commit);
    await commit.finally(() => this.#writing.delete(commit));
    if (reports.length === 0) return;
    if (this.#waiting > this.#limit) await this.#renew((all) => this.#survivors(all));
    this.onWritten();
  }

  /** The next reports not yet sent on this connection, oldest first; undefined when there are none. */
  async nextBatch(): Promise<Batch | undefined> {
    while (this.#renewing !== undefined) await this.#renewing;
    const journalId = this.#journalId;
    const rows = await this.#spool.reportsAfter(this.#sentUpTo, LIMITS.gatewayReportsPerMessage);
    return rows.length === 0 ? undefined : { journalId, reports: rows.map((row) => ({ number: row.number, ...row.report })) };
  }

  markSent(batch: Batch): void {
    if (this.#sentUpTo === 0) this.#sentAtMs = this.#monotonicMs();
    if (batch.journalId === this.#journalId) this.#sentUpTo = Math.max(this.#sentUpTo, batch.reports.at(-1)!.number);
  }

  /** When the sending began at least `olderMs` ago, what the county still does not hold is sent again: all of it on a new connection. */
  rewind(olderMs = 0): void {
    if (this.#monotonicMs() - this.#sentAtMs >= olderMs) this.#sentUpTo = 0;
  }

  /**
   * The county holds everything up to this number, durably. When it holds more than was ever written here, this spool
   * is an older copy: what waits goes into a new journal, so that no number ever means two things.
   */
  async held(journalId: string | null, upTo: number): Promise<void> {
    if (journalId !== this.#journalId) return;
    if (upTo >= (await this.#spool.nextNumber())) return this.#renew((all) => all);
    this.#waiting -= await this.#spool.dropHeld(upTo);
    this.#heldUpTo = Math.max(this.#heldUpTo, upTo);
  }

  // A gap would hold up everything behind it, so the survivors start a new journal.
  #survivors(all: readonly StoredReport[]): StoredReport[] {
    if (all.length <= this.#limit) return [...all];
    const active = this.activeAlerts();
    const dispensable = [...all.filter((report) => !active.has(report.alertId)), ...all.filter((report) => active.has(report.alertId))];
    const shed = new Set(dispensable.slice(0, all.length - this.#limit + Math.ceil(this.#limit / SHED_SHARE)));
    return all.filter((report) => !shed.has(report));
  }

  // Writers wait meanwhile: a report written between the reading and the renewing would be lost.
  async #renew(survivors: (all: readonly StoredReport[]) => readonly StoredReport[]): Promise<void> {
    while (this.#renewing !== undefined) await this.#renewing;
    const renewal = this.#rewrite(survivors).finally(() => {
      this.#renewing = undefined;
    });
    this.#renewing = renewal.catch(() => {});
    await renewal;
  }

  async #rewrite(survivors: (all: readonly StoredReport[]) => readonly StoredReport[]): Promise<void> {
    await Promise.allSettled(this.#writing);
    const all = (await this.#spool.reportsAfter(0, this.#limit * 2)).map((row) => row.report);
    const kept = survivors(all);
    if (kept.length === all.length && all.length > this.#limit) return;
    const journalId = this.#ids();
    await this.#spool.renewJournal(journalId, kept);
    this.#journalId = journalId;
    this.#waiting = kept.length;
    this.#heldUpTo = 0;
    this.#sentUpTo = 0;
  }
}
