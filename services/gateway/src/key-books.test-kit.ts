// A village whose county signs key books: keys come and go in the test's hands.
import type { Mode } from '@laba/domain/alert';
import type { GatewayHello, KeyBook, SignedPayload, TrustedKey } from '@laba/domain/gateway-protocol';
import { newKeyPair, signingKey, type SigningKey } from '@laba/messaging/envelope';
import { introduceKeyBook, keyBookProof, sealKeyBook } from '@laba/messaging/key-book';
import { COUNTY, makeSigners, START_MS, Village, type Signers, type VillageOptions } from './village.test-kit.ts';

export interface MadeKey {
  signer: SigningKey;
  key: TrustedKey;
}

export function madeKey(kid: string, scope: string, modes: Mode[] = ['live']): MadeKey {
  const pair = newKeyPair();
  return { signer: signingKey(kid, pair.privateKey), key: { kid, alg: 'Ed25519', publicKey: pair.publicKey, scope, modes } };
}

/** What a county knows beside its signers: its root, and the books it signed. */
export class BookKeeper {
  readonly signers: Signers = makeSigners();
  readonly root = madeKey(`${COUNTY}-root`, COUNTY);
  keys: TrustedKey[] = this.signers.keys;
  version = 1;

  /** The newest book as the county's root signs it, or whoever else. */
  wire(changes: Partial<KeyBook> = {}, key: SigningKey = this.root.signer): string {
    return sealKeyBook({ ...this.book, ...changes }, key);
  }

  introduction(): string {
    return introduceKeyBook(this.wire(), this.signers.live);
  }

  get book(): KeyBook {
    const { kid, publicKey } = this.root.key;
    return { aud: COUNTY, version: this.version, issuedAt: new Date(START_MS).toISOString(), root: { kid, publicKey }, keys: this.keys };
  }

  get identity(): { version: number; root: KeyBook['root'] } {
    return { version: this.version, root: this.book.root };
  }

  /** The next book: without the keys of these names, with these. */
  changes(gone: readonly string[], added: readonly MadeKey[] = []): void {
    this.keys = [...this.keys.filter(({ kid }) => !gone.includes(kid)), ...added.map(({ key }) => key)];
    this.version += 1;
  }
}

/** Its county tells the book before it answers, as the real one does. */
export class VillageOfBooks extends Village {
  readonly keeper: BookKeeper;
  /** Who signs the county's answers. */
  answerer: SigningKey;
  tellsBook = true;
  /** What the answer says of the book; undefined: nothing. */
  prove: (hello: GatewayHello) => { version: number; proof: string } | undefined;

  constructor(keeper: BookKeeper, options: VillageOptions & { knowsNoBook?: boolean } = {}) {
    super({ signers: keeper.signers, ...(options.knowsNoBook === true ? {} : { keyBook: keeper.identity }), ...options });
    this.keeper = keeper;
    this.answerer = keeper.signers.live;
    this.prove = ({ nonce }) => ({ version: keeper.version, proof: keyBookProof(this.identity.password, nonce, keeper.version) });
  }

  override answer(hello: GatewayHello): void {
    const { keeper } = this;
    if (this.tellsBook && hello.keyBook !== undefined && hello.keyBook < keeper.version) this.say(hello.keyBook === 0 ? keeper.introduction() : keeper.wire());
    const keyBook = this.prove(hello);
    const body = { nonce: hello.nonce, commands: [], tombstones: [], journalId: null, reportsHeldUpTo: 0, highestSeq: 0 };
    const answer: SignedPayload = {
      type: 'snapshot',
      ...this.head({ mode: 'live', scope: [this.identity.gridCode] }),
      body: { ...body, ...this.snapshot, ...(keyBook === undefined ? {} : { keyBook }) },
    };
    this.say(this.sign(answer, this.answerer));
  }
}
