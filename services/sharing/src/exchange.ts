// The village alone: this house's talk with one other. What is new is found, put into a letter, and said again until it is confirmed;
// what comes is proven, taken, and confirmed.
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { Runs } from '@laba/domain/runs';
import { readLetter, writeLetter, type LetterRefusal, type Names } from '@laba/messaging/letter';
import type { Deps } from '@laba/runtime/service';
import { beginAnew, findPeer, listCount, listName, noteHeard, type Mark, type Peer } from '@laba/storage/sharing/peers';
import { noticeChanges, readPage, type Page } from '@laba/storage/sharing/say';
import { HOT_TABLES } from '@laba/storage/sharing/shared-tables';
import { hearWord, type Taken, type Word } from '@laba/storage/sharing/take';
import type { OwnHouse } from './own-house.ts';

const mark = z.object({ listId: z.string().max(64), upTo: z.number().int().min(0) });
const wordSchema = z.object({
  page: z.object({
    listId: z.string().max(64),
    after: z.number().int().min(0),
    upTo: z.number().int().min(0),
    rows: z.array(z.tuple([z.string().max(64), z.string().max(512), z.record(z.string(), z.unknown()).nullable()])).max(LIMITS.letterRows),
    more: z.boolean(),
  }),
  held: mark.optional(),
  /** Of the process that wrote it. Older houses do not say. */
  run: z.string().max(64).optional(),
  /** When it was written, by the writer's clock; and what the newest letter that he had of the other said so. */
  at: z.number().int().optional(),
  answers: z.number().int().optional(),
  /** What time is it, says the house below; the one above, when it knows, says of which question `at` is the answer. */
  asks: z.string().max(64).optional(),
  asked: z.string().max(64).optional(),
});
type Said = Word & Pick<z.infer<typeof wordSchema>, 'run' | 'at' | 'answers' | 'asks' | 'asked'>;

export type ExchangeDeps = Pick<Deps, 'db' | 'vault' | 'clock' | 'log'>;

export interface Heard {
  peer: Peer;
  taken: Taken;
}

interface ExchangeOptions {
  own: OwnHouse;
  peerId: string;
  /** Of this process. */
  run: string;
  /** False when the line is down: it is said again. */
  send: (letter: Buffer) => Promise<boolean>;
  /** Rows of the other house stand here now. */
  onHeard: (heard: Heard) => Promise<void>;
  /** How many houses this one talks with: they share its time. */
  others?: () => number;
  /** The house above says what time it is, in answer to a question of ours: true within `FRESH_MS`. */
  onTime?: ((ms: number) => Promise<void>) | undefined;
}

/** A page that nobody confirmed is said again after this. */
const AGAIN_MS = 5_000;
/** Said when there is nothing to say: so each knows that the other is there. */
export const BEAT_MS = 20_000;
/** A letter that answers nothing so young was kept back or recorded: it is taken, and proves that nobody is there. */
const FRESH_MS = 60_000;
/** A whole look costs a tenth of a second: all exchanges together take no more than this part of the time for it. */
const LOOK_SHARE = 20;
const LEAST_LOOK_MS = 200;
/** Without news there is nothing to find; but for what a restart or another process may have kept from this one. */
const IDLE_LOOK_MS = 10 * 60_000;
/** Around a letter: topic and MQTT header. */
const AROUND_BYTES = 1_024;

export class Exchange {
  readonly #deps: ExchangeDeps;
  readonly #options: ExchangeOptions;
  #theirs: Mark | undefined;
  #theirAt: number | undefined;
  #saidAtMs = -Infinity;
  #saidUpTo = -1;
  #lookAtMs = -Infinity;
  #lookedAtMs = -Infinity;
  #isTouched = true;
  #owesAnswer = false;
  #turn: Promise<unknown> = Promise.resolve();
  /** Bytes of letters since this process began. */
  readonly bytes = { said: 0, heard: 0 };
  readonly #runs = new Runs();
  #refused: string | undefined;
  #foreign: readonly string[] = [];
  #unknown = new Set<string>();
  /** What this house asked about the time, and what the other one asked last. */
  #asks: { nonce: string; atMs: number } | undefined;
  #asked: string | undefined;

  constructor(deps: ExchangeDeps, options: ExchangeOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** What is wrong with the last letter or with who wrote it, in one word. */
  get trouble(): string | undefined {
    if (this.#refused !== undefined) return this.#refused;
    if (this.#runs.areTwo(this.#deps.clock.now())) return 'two-houses';
    return this.#foreign.length > 0 ? 'out-of-scope' : undefined;
  }

  /** All that is wrong between the two houses, a line for each. */
  degraded({ side, gridCode }: Pick<Peer, 'side' | 'gridCode'>): string[] {
    const who = side === 'above' ? 'above' : `below: ${gridCode}`;
    const list = (names: Iterable<string>) => [...names].sort().join(', ');
    return [
      ...(this.#runs.areTwo(this.#deps.clock.now()) ? [`${who}: two houses speak as one: switch the copy off, or revoke both and enrol one anew`] : []),
      ...(this.#refused === undefined ? [] : [`${who}: its last letter was not taken: ${this.#refused}`]),
      ...(this.#foreign.length === 0 ? [] : [`${who}: it spoke of rows that are not its own, which were left out: ${list(this.#foreign)}`]),
      ...(this.#unknown.size === 0 ? [] : [`${who}: it is newer and tells what this house does not know yet, update this house: ${list(this.#unknown)}`]),
    ];
  }

  /** Something happened on the shared ground: the next look that may be a whole one is. */
  touch(): void {
    this.#isTouched = true;
  }

  /** Says what there is to say. Returns after how many ms it wants to be asked again, although nothing happens. */
  speak(): Promise<number> {
    return this.#inTurn(() => this.#speak());
  }

  /**
   * `by`: what a runner brought does not say that the other house is there now.
   * @returns whether the letter was this house's to read and was taken
   */
  hear(letter: Buffer, by: 'line' | 'hand' = 'line'): Promise<boolean> {
    return this.#inTurn(() => this.#hear(letter, by));
  }

  /** All that the other house does not hold yet, for a runner to carry. */
  pack(): Promise<Buffer[]> {
    return this.#inTurn(async () => {
      await this.#look(true);
      const letters: Buffer[] = [];
      let theirs = await this.#held();
      for (;;) {
        const { letter, page } = await this.#write(theirs);
        letters.push(letter);
        if (!page.more) return letters;
        theirs = { listId: page.listId, upTo: page.upTo };
      }
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #speak(): Promise<number> {
    const nowMs = this.#deps.clock.now();
    // A house out of a backup would give numbers anew that it gave before: first it hears how far the other one has come.
    const knows = this.#theirs !== undefined;
    if (knows) await this.#look(this.#isWholeDue(nowMs));
    const { letter, page } = await this.#writeSmall(await this.#held());
    const isNews = page.upTo > page.after;
    const isWaiting = isNews && page.upTo === this.#saidUpTo && nowMs < this.#saidAtMs + AGAIN_MS && nowMs >= this.#saidAtMs;
    const isDue = nowMs >= this.#saidAtMs + BEAT_MS || nowMs < this.#saidAtMs;
    if (((isNews && !isWaiting) || this.#owesAnswer || isDue) && (await this.#options.send(letter))) {
      this.bytes.said += letter.length;
      this.#saidAtMs = nowMs;
      this.#saidUpTo = page.upTo;
      this.#owesAnswer = false;
    }
    const againMs = isNews || this.#owesAnswer ? AGAIN_MS : BEAT_MS;
    return knows && this.#isTouched ? Math.max(LEAST_LOOK_MS, Math.min(againMs, this.#lookAtMs - nowMs)) : againMs;
  }

  // A clock that was set back is not waited for.
  #isWholeDue(nowMs: number): boolean {
    if (nowMs < this.#lookedAtMs) return true;
    return nowMs >= this.#lookAtMs && (this.#isTouched || nowMs >= this.#lookedAtMs + IDLE_LOOK_MS);
  }

  /** The decision to sound does not wait for a whole look. */
  async #look(isWhole: boolean): Promise<void> {
    const { db, vault, clock } = this.#deps;
    const begunMs = clock.now();
    // What happens while it looks is for the next one.
    if (isWhole) this.#isTouched = false;
    try {
      await noticeChanges(db, vault, this.#options.peerId, isWhole ? undefined : HOT_TABLES);
    } catch (error) {
      // Another process looked at the same time.
      if (!(error instanceof LabaError && error.code === 'changed-meanwhile')) throw error;
    }
    if (!isWhole) return;
    this.#lookedAtMs = clock.now();
    const shareMs = (this.#lookedAtMs - begunMs) * LOOK_SHARE * (this.#options.others?.() ?? 1);
    // A clock that jumped in between is no long look.
    this.#lookAtMs = this.#lookedAtMs + Math.min(IDLE_LOOK_MS, Math.max(LEAST_LOOK_MS, shareMs));
  }

  async #held(): Promise<Mark> {
    if (this.#theirs !== undefined) return this.#theirs;
    const { listId, confirmedUpTo } = await findPeer(this.#deps.db, this.#options.peerId);
    return { listId, upTo: confirmedUpTo };
  }

  /** What a broker takes: rows that cannot be made small go fewer at a time. */
  async #writeSmall(theirs: Mark): Promise<{ letter: Buffer; page: Page }> {
    for (let chars: number = LIMITS.letterChars; ; chars = Math.floor(chars / 2)) {
      const written = await this.#write(theirs, chars);
      if (written.letter.length <= LIMITS.mqttPacketBytes - AROUND_BYTES || written.page.rows.length <= 1) return written;
    }
  }

  async #write(theirs: Mark, chars: number = LIMITS.letterChars): Promise<{ letter: Buffer; page: Page }> {
    const { db, vault } = this.#deps;
    const { own, peerId } = this.#options;
    // Before the page: what another process hears in between is confirmed by the next letter, whose page knows of it.
    const peer = await findPeer(db, peerId);
    const page = await readPage(db, vault, peerId, theirs, { rows: LIMITS.letterRows, chars });
    const held = peer.heardListId === null ? undefined : { listId: peer.heardListId, upTo: peer.heardUpTo };
    const word: Said = { page, held, run: this.#options.run, at: this.#deps.clock.now(), answers: this.#theirAt, ...this.#ofTime(peer) };
    return { letter: writeLetter(word, namesTo(own, peer), own.keys, peer), page };
  }

  // Only the house above is believed, and only one that knows the time answers.
  #ofTime({ side }: Peer): Pick<Said, 'asks' | 'asked'> {
    const { clock } = this.#deps;
    if (side === 'below') return clock.doubt === undefined ? { asked: this.#asked } : {};
    if (this.#options.onTime === undefined) return {};
    const nowMs = clock.now();
    if (this.#asks === undefined || Math.abs(nowMs - this.#asks.atMs) > FRESH_MS) this.#asks = { nonce: draw(), atMs: nowMs };
    return { asks: this.#asks.nonce };
  }

  async #hearTime(peer: Peer, { asks, asked, at }: Said): Promise<void> {
    if (peer.side === 'below') {
      // It is not kept waiting for the next beat.
      this.#owesAnswer ||= asks !== undefined && asks !== this.#asked;
      this.#asked = asks;
      return;
    }
    const mine = this.#asks;
    if (mine === undefined || at === undefined || asked !== mine.nonce) return;
    this.#asks = undefined;
    if (Math.abs(this.#deps.clock.now() - mine.atMs) <= FRESH_MS) await this.#options.onTime?.(at);
  }

  async #hear(letter: Buffer, by: 'line' | 'hand'): Promise<boolean> {
    const { db, clock, log } = this.#deps;
    const { own, peerId } = this.#options;
    const peer = await findPeer(db, peerId);
    const word = wordIn(letter, { from: peerId, to: own.id }, own, peer);
    if (typeof word === 'string') {
      this.#refused = word;
      log.warn({ house: peerId, why: word }, 'a letter of another house was not taken');
      return false;
    }
    this.bytes.heard += letter.length;
    if (by === 'line') await this.#hearTime(peer, word);
    const nowMs = clock.now();
    const isThere = by === 'line' && isFresh(word, nowMs);
    if (isThere && peer.side === 'below') await this.#hearRun(word.run, nowMs);
    const taken = await this.#take(word);
    if (isThere) await db.atomically([noteHeard(peerId, nowMs)]);
    if (by === 'line') {
      this.#theirAt = word.at;
      this.#owesAnswer ||= !isThere;
    }
    this.#note(taken);
    this.#theirs = word.held ?? { listId: '', upTo: 0 };
    this.#owesAnswer ||= word.page.upTo > word.page.after;
    await this.#options.onHeard({ peer, taken });
    return true;
  }

  // A house below is one process; the one above may be several. After two have spoken as one, neither side knows what the one that is left was told.
  async #hearRun(run: string | undefined, nowMs: number): Promise<void> {
    if (run === undefined) return;
    this.#runs.hear(run, nowMs);
    if (!this.#runs.isOneAgain(nowMs)) return;
    const { db } = this.#deps;
    const peer = await findPeer(db, this.#options.peerId);
    await db.atomically(beginAnew(peer, listName(listCount(peer.listId) + 1, draw())));
    this.#owesAnswer = true;
  }

  #note({ refused, unknown }: Taken): void {
    this.#refused = undefined;
    this.#foreign = [...new Set(refused.map(([table]) => table))];
    for (const table of unknown) this.#unknown.add(table);
    if (refused.length > 0)
      this.#deps.log.warn({ house: this.#options.peerId, rows: this.#foreign }, 'a house spoke of rows that are not its own: they were left out');
  }

  // Somebody here may change one of the rows at the same moment.
  async #take(word: Word): Promise<Taken> {
    const { db, vault } = this.#deps;
    for (let tried = 1; ; tried++) {
      try {
        return await hearWord(db, vault, this.#options.peerId, word, draw);
      } catch (error) {
        if (error instanceof LabaError && error.code === 'changed-meanwhile' && tried < TRIES) continue;
        this.#refused = 'not-kept';
        throw error;
      }
    }
  }
}

const TRIES = 5;
const draw = () => randomBytes(9).toString('base64url');

// What it answers was written by this house's own clock.
function isFresh({ answers }: Said, nowMs: number): boolean {
  return answers !== undefined && answers <= nowMs && nowMs - answers < FRESH_MS;
}

function namesTo(own: OwnHouse, peer: Peer): Names {
  return { from: own.id, to: peer.id };
}

function wordIn(letter: Buffer, names: Names, own: OwnHouse, peer: Peer): Said | LetterRefusal {
  const read = readLetter(letter, names, own.keys, peer);
  if ('refused' in read) return read.refused;
  const word = wordSchema.safeParse(read.content);
  return word.success ? (word.data as Said) : 'malformed';
}
