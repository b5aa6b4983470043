// Chapter 4, speaker: which keys count is told to a gateway before anything else is, and proven to be the newest word.
import type { GatewayHello, SignedSnapshot } from '@laba/domain/gateway-protocol';
import { keyBookProof } from '@laba/messaging/key-book';
import { DEVICE_PASSWORD } from '@laba/runtime/vault';
import type { Book } from '@laba/storage/keys';
import { tellGateway } from './answer-gateway.ts';
import type { DispatchDeps } from './dispatch-deps.ts';

/** `held`: the version it goes by; undefined: a device from before key books, which would not understand. False when the line is down. */
export async function tellKeys(deps: DispatchDeps, gatewayId: string, held: number | undefined, book: Book | undefined): Promise<boolean> {
  if (book === undefined || held === undefined || held === book.version) return true;
  if (held > book.version) {
    deps.newerBooks.heard(held, book.version);
    return true;
  }
  return tellGateway(deps, gatewayId, held === 0 ? await deps.signer.introduce(book.wire) : book.wire);
}

/** For the snapshot: which book is the newest, said by who knows the gateway's password. */
export function bookProof(deps: DispatchDeps, gatewayId: string, hello: GatewayHello, book: Book | undefined): Pick<SignedSnapshot['body'], 'keyBook'> {
  if (book === undefined || hello.keyBook === undefined) return {};
  const proof = keyBookProof(deps.vault.hash(DEVICE_PASSWORD, gatewayId), hello.nonce, book.version);
  return { keyBook: { version: book.version, proof } };
}
