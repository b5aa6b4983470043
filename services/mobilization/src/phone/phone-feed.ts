// Chapter 5, member: every open phone page hears at once what changed for it. It is sent the whole state, so that nothing needs to be replayed.
import { Readable } from 'node:stream';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { every } from '@laba/runtime/clock';
import { EventTail, type EventRow } from '@laba/runtime/event-tail';
import { frame, HEARTBEAT_EVERY_MS } from '@laba/runtime/server-sent';
import type { Deps } from '@laba/runtime/service';
import { findCall } from '../call-out/call-store.ts';
import type { OwnCall } from '../call-out/member-link.ts';
import { phoneState } from './phone-state.ts';

const RETRY_MS = 2_000;
/** Heartbeats that a phone may leave unread before it is taken for gone. */
const STALLED_BEATS = 4;

/** What every page of an alert shows; and what is rare and concerns people whom the event does not name. */
const OF_ALL = /^(alert|rollcall|door|commander|pair|withdrawal)\./;

/** One open page. */
class PhoneStream extends Readable {
  readonly own: OwnCall;
  stalledBeats = 0;
  /** One after the other: what is read later is newer, and is sent later. */
  telling: Promise<void> = Promise.resolve();

  constructor(own: OwnCall) {
    super();
    this.own = own;
  }

  override _read(): void {
    this.stalledBeats = 0;
  }

  /** Who lives behind his doors: others mark them too. */
  behindDoors: ReadonlySet<string> = new Set();

  /** What concerns this page: its call, its member, its doors, its alert. */
  isAbout({ type, subjectId, alertId, who }: EventRow): boolean {
    const { id, memberId } = this.own.call;
    if (alertId !== this.own.call.alertId) return false;
    return OF_ALL.test(type) || subjectId === id || subjectId === memberId || who === `member:${memberId}` || this.behindDoors.has(subjectId);
  }
}

export class PhoneFeed {
  readonly #deps: Deps;
  readonly #tail: EventTail;
  readonly #pages = new Set<PhoneStream>();
  #stopBeat = () => {};

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#tail = new EventTail(deps, { isIdle: () => this.#pages.size === 0, hear: (events) => this.#hear(events) });
  }

  get openPages(): number {
    return this.#pages.size;
  }

  async start(): Promise<void> {
    await this.#tail.start();
    this.#stopBeat = every(
      this.#deps.clock,
      HEARTBEAT_EVERY_MS,
      async () => this.#beat(),
      (error) => this.#deps.log.error({ why: String(error) }, 'the phone pages’ heartbeat failed'),
    );
  }

  /** Ends every page; they come back to the next process. */
  async stop(): Promise<void> {
    this.#stopBeat();
    for (const page of this.#pages) page.push(null);
    this.#pages.clear();
    await this.#tail.stop();
  }

  /** A page that begins with the state as it is. @throws `overloaded` when too many are open here, or of one call: such a page asks instead */
  async open(own: OwnCall): Promise<Readable> {
    const ofCall = [...this.#pages].filter((page) => page.own.call.id === own.call.id).length;
    if (this.#pages.size >= LIMITS.phonePages || ofCall >= LIMITS.phonePagesPerCall)
      throw new LabaError('overloaded', 'Too many live pages are open: ask for the state instead.');
    const page = new PhoneStream(own);
    this.#pages.add(page);
    page.once('close', () => this.#pages.delete(page));
    await this.#tell(page, this.#tail.position);
    return page;
  }

  async #hear(events: readonly EventRow[]): Promise<void> {
    for (const page of this.#pages) {
      const news = events.filter((event) => page.isAbout(event));
      if (news.some(({ type }) => type === 'link.revoked')) page.push(null);
      else if (news.length > 0) await this.#tell(page, news.at(-1)!.seq);
    }
  }

  #tell(page: PhoneStream, seq: number): Promise<void> {
    page.telling = page.telling.then(() => this.#send(page, seq));
    return page.telling;
  }

  async #send(page: PhoneStream, seq: number): Promise<void> {
    const found = await findCall(this.#deps.db, page.own.call.id);
    // What a slow reader has not taken yet is older than what comes now: it begins again with the newest.
    if (found === undefined || page.readableLength > LIMITS.liveBufferedBytes) return void page.destroy();
    const state = await phoneState(this.#deps, { ...page.own, ...found });
    page.behindDoors = new Set(state.doors.flatMap((door) => door.persons.map((person) => person.personId)));
    page.push(frame({ event: 'state', id: seq, retryMs: RETRY_MS, data: state }));
  }

  #beat(): void {
    for (const page of this.#pages) {
      if (++page.stalledBeats > STALLED_BEATS) page.destroy();
      else page.push(frame({ event: 'beat', data: { atMs: this.#deps.clock.now() } }));
    }
  }
}
