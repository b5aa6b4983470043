// Whom this box believes: the keys of the newest key book that the county's root has signed.
import { timingSafeEqual } from 'node:crypto';
import type { GatewayIdentity, KeyBook, RootKey, SignedSnapshot, TrustedKey } from '@laba/domain/gateway-protocol';
import { isWithin } from '@laba/domain/grid';
import { keyBookProof, openKeyBook, type KeyBookRefusal } from '@laba/messaging/key-book';
import type { KeptBook } from './spool-store.ts';

export type BookRefusal = KeyBookRefusal | 'book-older' | 'book-altered';

export type Looked = { book: KeyBook; kept: KeptBook } | { refused: BookRefusal | 'same' };

/** Why a snapshot is not the county's newest word; `later`: the book that it speaks of is not here yet. */
export type Doubt = 'book-unproven' | 'later';

export class Trust {
  readonly #identity: GatewayIdentity;
  #keys: readonly TrustedKey[];
  #root: RootKey | undefined;
  #version: number;
  #kept: KeptBook | undefined;

  constructor(identity: GatewayIdentity) {
    this.#identity = identity;
    this.#keys = identity.keys;
    this.#root = identity.keyBook?.root;
    this.#version = identity.keyBook?.version ?? 0;
  }

  get keys(): readonly TrustedKey[] {
    return this.#keys;
  }

  /** Of the key book; 0: this box was claimed before there were books, and was not told of one yet. */
  get version(): number {
    return this.#version;
  }

  /** Whether the county must prove which book is the newest before what it signed may act. */
  get asksForProof(): boolean {
    return this.#root !== undefined;
  }

  scopeOf(kid: string): string {
    return this.#keys.find((key) => key.kid === kid)!.scope;
  }

  /** After a restart. What is on the disk is not trusted more than what is on the wire: each signature is checked again. */
  load(kept: KeptBook | undefined): void {
    if (kept === undefined) return;
    for (const wire of kept.introduction === null ? [kept.wire] : [kept.introduction, kept.wire]) {
      const looked = this.look(wire);
      if ('book' in looked) this.adopt(looked);
    }
  }

  /** What it is, and what to keep of it; nothing is changed yet. */
  look(wire: string): Looked {
    if (this.#kept?.wire === wire) return { refused: 'same' };
    const opened = openKeyBook(wire, this.#signers(), this.#identity.county);
    if ('refused' in opened) return opened;
    const { book } = opened;
    if (book.version < this.#version) return { refused: 'book-older' };
    if (book.version > this.#version) return { book, kept: { wire, introduction: this.#root === undefined ? wire : (this.#kept?.introduction ?? null) } };
    // A box was told its first book's keys when it was claimed, but not its bytes.
    return { refused: this.#kept === undefined ? 'same' : 'book-altered' };
  }

  adopt({ book, kept }: { book: KeyBook; kept: KeptBook }): void {
    this.#keys = book.keys;
    this.#root ??= book.root;
    this.#version = book.version;
    this.#kept = kept;
  }

  /** Undefined: this snapshot was made by who knows this box's password, and knows of no newer book. */
  doubtOf({ nonce, keyBook }: SignedSnapshot['body']): Doubt | undefined {
    if (!this.asksForProof) return undefined;
    if (keyBook === undefined) return 'book-unproven';
    const due = Buffer.from(keyBookProof(this.#identity.password, nonce, keyBook.version));
    const given = Buffer.from(keyBook.proof);
    if (due.length !== given.length || !timingSafeEqual(due, given)) return 'book-unproven';
    return keyBook.version > this.#version ? 'later' : undefined;
  }

  // Who knows no root yet believes the county's own live key when it names one, as it believes it in everything else.
  #signers(): readonly { kid: string; publicKey: string }[] {
    if (this.#root !== undefined) return [this.#root];
    return this.#keys.filter(({ scope, modes }) => isWithin(scope, this.#identity.county) && modes.includes('live'));
  }
}
