// SMS over SMPP 3.4, as operators of mobile networks offer it: one line both ways, on which receipts and replies come back too.
import smpp from 'smpp';
import { LabaError } from '@laba/domain/errors';
import type { SendOutcome } from '@laba/domain/message';
import type { Channel, Inbox, Incoming, OutgoingMessage } from '@laba/runtime/channel';
import type { Clock } from '@laba/runtime/clock';
import { AWAY, BROKEN, BUSY, NO_ANSWER, REFUSED } from './ask-http.ts';
import { readSecretFile, type SmppSettings } from './provider-settings.ts';
import { smsParts } from './sms-parts.ts';
import { wordsWithLink } from './words-with-link.ts';

const RECONNECT_MS = 5_000;
const ENQUIRE_MS = 30_000;
const UCS2 = 8;
const WITH_HEADER = 0x40;
const RECEIPT = 0x04;
const WANT_RECEIPT = 1;
/** SMPP 3.4, 5.1.3: what a status means for who sent. Everything else is refused for good. */
const STATUS: Record<number, SendOutcome> = { 0x08: BROKEN, 0x14: BUSY, 0x58: BUSY, 0x64: BROKEN, 0x04: AWAY, 0x0d: AWAY };
/** "Not now, say it again": the network keeps its receipt or message. */
const SAY_AGAIN = 0x64;
const DELIVERED = new Set(['DELIVRD']);
const NEVER_DELIVERED = new Set(['UNDELIV', 'EXPIRED', 'REJECTD', 'DELETED']);

/** @throws one line when the password's file cannot be read */
export function smppChannel(settings: SmppSettings, clock: Clock): Channel {
  return new SmppLine(settings, clock);
}

class SmppLine implements Channel {
  readonly name = 'sms';
  readonly perSecond?: number;
  readonly #settings: SmppSettings;
  readonly #password: string;
  readonly #clock: Clock;
  /** Those who wait for the network's word, each to be told when the line is lost. */
  readonly #waiting = new Set<() => void>();
  #inbox: Inbox | undefined;
  #session: smpp.Session | undefined;
  #isBound = false;
  #reference = 0;
  #cancelTimer = () => {};
  #isStopped = true;

  constructor(settings: SmppSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#password = readSecretFile(settings.passwordFile) ?? '';
    if (settings.perSecond !== undefined) this.perSecond = settings.perSecond;
  }

  /** The line comes about by itself; until then messages wait. */
  async start(inbox: Inbox): Promise<void> {
    this.#inbox = inbox;
    this.#isStopped = false;
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer();
    this.#session?.destroy();
  }

  degraded(): string[] {
    return this.#isBound ? [] : ['sms: the line to the network operator (SMPP) is down, the system retries by itself'];
  }

  async send({ to, text, link }: OutgoingMessage): Promise<SendOutcome> {
    this.#reference = (this.#reference + 1) & 0xff;
    const parts = smsParts(wordsWithLink({ text, link }), this.#reference);
    let providerId: string | undefined;
    for (const [i, part] of parts.entries()) {
      const isLast = i === parts.length - 1;
      const said = await this.#submit({
        source_addr: this.#settings.source,
        destination_addr: to.phone ?? '',
        data_coding: UCS2,
        esm_class: parts.length > 1 ? WITH_HEADER : 0,
        // The last part's arrival stands for the whole.
        registered_delivery: isLast ? WANT_RECEIPT : 0,
        short_message: part,
      });
      if (said.outcome !== 'sent') return said;
      providerId = said.providerId;
    }
    return providerId === undefined ? { outcome: 'sent' } : { outcome: 'sent', providerId };
  }

  #submit(fields: Record<string, unknown>): Promise<SendOutcome> {
    const session = this.#session;
    if (session === undefined || !this.#isBound) return Promise.resolve(AWAY);
    return new Promise((resolve) => {
      const done = (outcome: SendOutcome) => {
        cancel();
        this.#waiting.delete(lost);
        resolve(outcome);
      };
      const lost = () => done(NO_ANSWER);
      const cancel = this.#clock.after(this.#settings.timeoutMs, lost);
      this.#waiting.add(lost);
      const isWritten = session.submit_sm(fields, ({ command_status: status, message_id: id }) =>
        done(status === 0 ? { outcome: 'sent', ...(id ? { providerId: String(id) } : {}) } : (STATUS[status] ?? REFUSED)),
      );
      if (!isWritten) done(AWAY);
    });
  }

  #connect(): void {
    const { host, port, tls, systemId, systemType } = this.#settings;
    const session = smpp.connect({ host, port, tls }, () => {
      session.bind_transceiver(
        { system_id: systemId, password: this.#password, system_type: systemType, interface_version: 0x34 },
        ({ command_status: status }) => {
          this.#isBound = status === 0;
          if (this.#isBound) this.#keepAlive(session);
          else session.close();
        },
      );
    });
    this.#session = session;
    session.on('error', () => session.destroy());
    session.on('close', () => this.#lost(session));
    session.on('deliver_sm', (pdu) => void this.#delivered(session, pdu));
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => {
      session.send(pdu.response());
      session.close();
    });
  }

  #lost(session: smpp.Session): void {
    if (session !== this.#session) return;
    this.#isBound = false;
    this.#session = undefined;
    for (const lost of [...this.#waiting]) lost();
    this.#cancelTimer();
    if (!this.#isStopped) this.#cancelTimer = this.#clock.after(RECONNECT_MS, () => this.#connect());
  }

  // A line that is dead without a word is found out by asking.
  #keepAlive(session: smpp.Session): void {
    let answered = true;
    const ask = () => {
      if (!answered) return session.destroy();
      answered = false;
      session.enquire_link({}, () => (answered = true));
      this.#cancelTimer = this.#clock.after(ENQUIRE_MS, ask);
    };
    this.#cancelTimer = this.#clock.after(ENQUIRE_MS, ask);
  }

  async #delivered(session: smpp.Session, pdu: smpp.PDU): Promise<void> {
    const status = await this.#take(pdu);
    session.send(pdu.response({ command_status: status }));
  }

  async #take(pdu: smpp.PDU): Promise<number> {
    const incoming = (pdu.esm_class ?? 0) & 0x3c ? receiptOf(pdu) : replyOf(pdu);
    if (incoming === undefined) return 0;
    try {
      await this.#inbox?.([incoming]);
      return 0;
    } catch (error) {
      return error instanceof LabaError && error.code === 'bad-input' ? 0 : SAY_AGAIN;
    }
  }
}

/** `id:… stat:DELIVRD …` (SMPP 3.4, appendix B), or the same as fields of their own. What has not ended yet says nothing. */
function receiptOf(pdu: smpp.PDU): Incoming | undefined {
  if (((pdu.esm_class ?? 0) & 0x3c) !== RECEIPT) return undefined;
  const text = wordsOf(pdu);
  const providerId = pdu.receipted_message_id?.replace(/\0+$/, '') ?? /\bid:(\S+)/.exec(text)?.[1];
  const state = /\bstat:(\w+)/.exec(text)?.[1] ?? '';
  if (providerId === undefined) return undefined;
  if (DELIVERED.has(state)) return { kind: 'receipt', providerId, state: 'delivered' };
  return NEVER_DELIVERED.has(state) ? { kind: 'receipt', providerId, state: 'failed' } : undefined;
}

/** A long reply comes in parts; each is kept by itself. */
function replyOf(pdu: smpp.PDU): Incoming {
  return { kind: 'reply', from: pdu.source_addr ?? '', words: wordsOf(pdu) };
}

function wordsOf({ short_message: given, message_payload: long }: smpp.PDU): string {
  const { message } = long ?? given ?? {};
  return typeof message === 'string' ? message : '';
}
