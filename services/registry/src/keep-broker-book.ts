// A broker of its own knows who may connect: told by each event, and held against the database whenever the line to it is new.
import type { BrokerBook } from '@laba/messaging/broker-book';
import { markOf } from '@laba/messaging/dynamic-security';
import { every } from '@laba/runtime/clock';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { brokerAccount, brokerAccounts } from './broker-accounts.ts';

/** A book that could not be kept is held against the database again after this. */
const AGAIN_MS = 20_000;
/** From so many on the plugin's writing of its whole file, once a command, takes minutes: the file is made here sooner. */
const MANY = 500;

export class BrokerBookKeeper {
  readonly #deps: Deps;
  readonly #book: BrokerBook | undefined;
  #waiting = 0;
  #unknown = 0;
  #failed: string | undefined;
  #isChecked = false;
  #checking: Promise<void> | undefined;
  #stop: (() => void)[] = [];

  /** Without a book the broker asks the database, and there is nothing to keep. */
  constructor(deps: Deps, book: BrokerBook | undefined) {
    this.#deps = deps;
    this.#book = book;
  }

  start(): void {
    if (this.#book === undefined) return;
    const { mqtt, clock } = this.#deps;
    const newLine = mqtt.onLine((online) => {
      this.#isChecked = false;
      if (online) void this.check();
    });
    const again = every(
      clock,
      AGAIN_MS,
      () => (this.#isChecked ? undefined : this.check()),
      () => {},
    );
    this.#stop = [newLine, again];
    void this.check();
  }

  async stop(): Promise<void> {
    for (const stop of this.#stop.splice(0)) stop();
    await this.#checking;
  }

  degraded(): string[] {
    return [
      ...(this.#waiting > 0 ? [`broker: ${this.#waiting} devices are not yet entered at it and cannot connect`] : []),
      ...(this.#failed !== undefined ? [`broker: its accounts could not be kept (${this.#failed}); tried again`] : []),
      ...(this.#unknown > 0 ? [`broker: ${this.#unknown} devices were enrolled by another secret and must be enrolled again`] : []),
    ];
  }

  /** For `gateway.confirmed`, `gateway.revoked` and `sensor.registered`: the account becomes what the database says now. */
  async react(job: Job): Promise<Reaction> {
    if (this.#book === undefined) return {};
    const account = await brokerAccount(this.#deps, job.event.subjectId);
    if (account === undefined) await this.#book.remove([job.event.subjectId]);
    else await this.#book.put([account]);
    return {};
  }

  /** Ends the open connection of a device that was withdrawn, by taking its account away now. */
  async revoke(id: string): Promise<void> {
    await this.#book?.remove([id]);
  }

  /** Holds the book against the database: what is missing or different is written, what Laba wrote and nobody has any more is taken out. */
  check(): Promise<void> {
    this.#checking ??= this.#check()
      .then(
        () => {
          this.#failed = undefined;
          this.#isChecked = true;
        },
        (error: unknown) => {
          this.#failed = this.#deps.mqtt.online ? String(error) : undefined;
          if (this.#deps.mqtt.online) this.#deps.log.error({ why: String(error) }, 'the accounts at the broker could not be held against the database');
        },
      )
      .finally(() => {
        this.#checking = undefined;
      });
    return this.#checking;
  }

  async #check(): Promise<void> {
    const { mqtt, log } = this.#deps;
    const book = this.#book;
    if (book === undefined || !mqtt.online) return Promise.reject(new Error('no line'));
    const there = await book.list();
    const { accounts, unknown } = await brokerAccounts(this.#deps);
    const missing = accounts.filter((account) => there.get(account.id) !== markOf(account));
    const known = new Set(accounts.map(({ id }) => id));
    const strange = [...there].flatMap(([id, mark]) => (mark !== undefined && !known.has(id) ? [id] : []));
    this.#unknown = unknown.length;
    this.#waiting = missing.length;
    if (missing.length + strange.length > 0)
      log.warn({ missing: missing.length, strange: strange.length }, 'the accounts at the broker differ from the database');
    if (missing.length >= MANY)
      log.warn({ missing: missing.length }, 'entering so many one by one takes minutes: start the broker with the file that Laba makes');
    await book.remove(strange);
    for (const account of missing) {
      // Read again: it may have been revoked while the others were entered.
      const now = await brokerAccount(this.#deps, account.id);
      if (now !== undefined) await book.put([now]);
      this.#waiting -= 1;
    }
  }
}
