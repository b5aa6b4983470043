// SMS and voice calls by any provider that is asked over HTTP: its form is a template in the operator's file.
import { LabaError } from '@laba/domain/errors';
import type { SendOutcome } from '@laba/domain/message';
import type { Channel, Incoming, OutgoingMessage } from '@laba/runtime/channel';
import type { Clock } from '@laba/runtime/clock';
import { askHttp, BUSY, REFUSED, type HttpAsked } from './ask-http.ts';
import { fieldAt, textAt } from './field-path.ts';
import { readSecretFile, type HttpSettings, type IncomingSettings } from './provider-settings.ts';
import { wordsWithLink } from './words-with-link.ts';

/** @throws one line when a secret's file cannot be read */
export function httpProvider(name: 'sms' | 'voice', settings: HttpSettings, clock: Clock): Channel {
  const secret = readSecretFile(settings.secretFile) ?? '';
  const inbox = settings.incoming;
  return {
    name,
    ...(settings.perSecond === undefined ? {} : { perSecond: settings.perSecond }),
    ...(inbox === undefined ? {} : { webhook: { secret: readSecretFile(inbox.secretFile) ?? '', read: (body) => readIncoming(inbox, body) } }),
    async send(message) {
      const answered = await askHttp(clock, requestFor(settings, valuesOf(message, secret)), settings.timeoutMs);
      return 'outcome' in answered ? answered : judgeAnswer(settings, answered.answer);
    },
  };
}

type Values = Readonly<Record<string, string>>;

function valuesOf({ id, to, title, text, link, ...rest }: OutgoingMessage, secret: string): Values {
  return { id, phone: to.phone ?? '', title, text, link: link ?? '', words: wordsWithLink({ text, link }), language: rest.language, secret };
}

function requestFor({ url, method, headers, body, form }: HttpSettings, values: Values): HttpAsked {
  const head = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), fill(value, values)]));
  const asked = { url: fill(url, values, encodeURIComponent), method, headers: head };
  if (method === 'GET' || body === undefined) return asked;
  const filled = fillAll(body, values);
  if (!form) return { ...asked, headers: { 'content-type': 'application/json', ...head }, body: JSON.stringify(filled) };
  const fields = new URLSearchParams(Object.entries(filled as object).map(([key, value]): [string, string] => [key, String(value)]));
  return { ...asked, headers: { 'content-type': 'application/x-www-form-urlencoded', ...head }, body: fields.toString() };
}

// One pass: what a message says is never taken for a place to be filled.
function fill(template: string, values: Values, encode: (text: string) => string = (text) => text): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, key: string) => (Object.hasOwn(values, key) ? encode(values[key]!) : whole));
}

function fillAll(template: unknown, values: Values): unknown {
  if (typeof template === 'string') return fill(template, values);
  if (Array.isArray(template)) return template.map((one) => fillAll(one, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillAll(value, values)]));
}

function judgeAnswer({ sent, idPath }: HttpSettings, answer: unknown): SendOutcome {
  if (sent !== undefined) {
    const said = textAt(answer, sent.path) ?? '';
    if (sent.busy.includes(said)) return BUSY;
    if (!sent.is.includes(said)) return REFUSED;
  }
  const providerId = textAt(answer, idPath);
  return providerId === undefined ? { outcome: 'sent' } : { outcome: 'sent', providerId };
}

function readIncoming({ list, reply, receipt }: IncomingSettings, body: unknown): Incoming[] {
  const found = list === undefined ? body : fieldAt(body, list);
  // A form's field may hold the list as JSON.
  const items = typeof found === 'string' ? parseList(found) : found;
  return (Array.isArray(items) ? items : [items]).flatMap((item): Incoming[] => {
    const status = textAt(item, receipt?.status);
    if (receipt !== undefined && status !== undefined) {
      const providerId = textAt(item, receipt.id);
      if (providerId === undefined) throw new LabaError('bad-input', `A receipt has no ${receipt.id}.`);
      if (receipt.delivered.includes(status)) return [{ kind: 'receipt', providerId, state: 'delivered' }];
      return receipt.failed.includes(status) ? [{ kind: 'receipt', providerId, state: 'failed' }] : [];
    }
    if (reply === undefined || typeof item !== 'object' || item === null)
      throw new LabaError('bad-input', 'An item is neither a receipt nor a reply as the configuration says them.');
    const [from, providerId, answers] = [textAt(item, reply.from), textAt(item, reply.id), textAt(item, reply.answers)];
    if (from === undefined && answers === undefined) throw new LabaError('bad-input', 'A reply says neither who sent it nor what it answers.');
    const said = { kind: 'reply' as const, words: textAt(item, reply.words) ?? '' };
    return [{ ...said, ...(from && { from }), ...(providerId && { providerId }), ...(answers && { answers }) }];
  });
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LabaError('bad-input', 'The list of items is not JSON.');
  }
}
