// Why a line to the broker is down, in one line that an operator can act on.

/** MQTT 5 reason codes that the house tells apart; section 2.4. */
export const REASON = {
  success: 0x00,
  unspecified: 0x80,
  badPassword: 0x86,
  notAuthorized: 0x87,
  takenOver: 0x8e,
  quotaExceeded: 0x97,
} as const;

type TroubleKind = 'refused' | 'tls' | 'busy' | 'unreachable' | 'broken';

/** `refused` and `tls` do not heal by waiting: an operator must do something. `busy`: the broker is there and has more to do than it can. */
export class LineTrouble extends Error {
  readonly kind: TroubleKind;

  constructor(kind: TroubleKind, words: string) {
    super(words);
    this.name = 'LineTrouble';
    this.kind = kind;
  }
}

// MQTT 3.1.1, table 3.1, in the words of MQTT 5.
const OLD_CODES: Record<number, number> = { 1: 0x84, 2: 0x85, 3: 0x88, 4: REASON.badPassword, 5: REASON.notAuthorized };

const REFUSALS: Record<number, string> = {
  0x84: 'the broker does not speak this version of MQTT',
  0x85: 'the broker does not take this client id',
  0x88: 'the broker says that it is unavailable',
  0x89: 'the broker says that it is busy',
  0x8a: 'the broker has banned this client',
  [REASON.quotaExceeded]: 'the broker has no room for another connection',
};
const HEAL_BY_WAITING: readonly number[] = [0x88, 0x89, REASON.quotaExceeded];

/** What a CONNACK refuses. */
export function refusalOf(code: number, username: string): LineTrouble {
  const reason = OLD_CODES[code] ?? code;
  if (reason === REASON.badPassword || reason === REASON.notAuthorized)
    return new LineTrouble('refused', `the broker refused the account '${username}': wrong user name or password, or not entered at the broker`);
  const words = REFUSALS[reason] ?? `the broker refused the connection with reason ${hex(reason)}`;
  return new LineTrouble(HEAL_BY_WAITING.includes(reason) ? 'busy' : 'refused', words);
}

const GOODBYES: Record<number, string> = {
  0x87: 'the broker ended the connection: this account may not do what it did',
  0x8b: 'the broker is shutting down',
  0x8d: 'the broker did not hear from us for too long',
  0x93: 'the broker says that too much was sent at once',
  0x95: 'the broker says that a message was too large',
  0x98: 'the broker ended the connection by an administrator’s order',
};

/** What the broker says when it ends a line; MQTT 5 only. */
export function goodbyeOf(reason: number, clientId: string): LineTrouble {
  if (reason === REASON.takenOver) return new LineTrouble('broken', `another program connected to the broker with the client id '${clientId}'`);
  return new LineTrouble('broken', GOODBYES[reason] ?? `the broker ended the connection with reason ${hex(reason)}`);
}

const UNTRUSTED = ['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'];

/** What the network or TLS says. `address`: `host:port`, without an account. `greeting`: TLS was asked for and not yet agreed on. */
export function networkTrouble(error: NodeJS.ErrnoException, address: string, greeting: boolean): LineTrouble {
  const code = error.code ?? '';
  if (UNTRUSTED.includes(code))
    return new LineTrouble('tls', `the certificate of ${address} is signed by nobody we trust: name its authority by LABA_BROKER_CA`);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return new LineTrouble('tls', `the certificate of ${address} is for another name`);
  if (code === 'CERT_HAS_EXPIRED') return new LineTrouble('tls', `the certificate of ${address} has expired`);
  if (code === 'CERT_NOT_YET_VALID') return new LineTrouble('tls', `the certificate of ${address} is not valid yet: look at the clocks`);
  if (code === 'ECONNREFUSED') return new LineTrouble('unreachable', `nothing listens at ${address}`);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new LineTrouble('unreachable', `the name in ${address} is not known`);
  if (greeting && (code.startsWith('ERR_SSL') || code === 'EPROTO' || code === 'ECONNRESET')) return silentEnd(address, true);
  return new LineTrouble('broken', `the line to ${address} broke: ${error.message}`);
}

/** Ended before the broker said anything: a TLS port does that to plain speech, and the other way round. */
export function silentEnd(address: string, secure: boolean): LineTrouble {
  if (secure) return new LineTrouble('tls', `${address} does not answer in TLS: is mqtt:// meant instead of mqtts://?`);
  return new LineTrouble('unreachable', `${address} ended the connection without an MQTT answer: does it want TLS (mqtts://)?`);
}

function hex(reason: number): string {
  return `0x${reason.toString(16).padStart(2, '0')}`;
}
