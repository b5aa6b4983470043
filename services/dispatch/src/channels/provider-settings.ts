// The county's providers, as the operator's file says them. Secrets lie in files of their own.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const seconds = z.number().positive().max(10_000);
const timeoutMs = z.number().int().min(100).max(15_000).default(10_000);
const path = z.string().min(1).max(200);
const address = z.url({ protocol: /^https?$/ });

/** Where a provider that comes to us puts things; paths lead into each item of what it posts. */
const incoming = z.strictObject({
  /** What it shows: as `Authorization: Bearer …`, or as `?key=…` at the end of the address that it is given. */
  secretFile: z.string(),
  /** The list in the body; the body itself when not given, one item or several. */
  list: path.optional(),
  reply: z.strictObject({ words: path, from: path.optional(), id: path.optional(), answers: path.optional() }).optional(),
  /** An item that has the status is a receipt. */
  receipt: z.strictObject({ id: path, status: path, delivered: z.array(z.string()).min(1), failed: z.array(z.string()).default([]) }).optional(),
});

/**
 * A provider over HTTP. In the address, headers and body `{phone}`, `{text}`, `{title}`, `{link}`, `{words}` (text and link), `{id}`,
 * `{secret}` stand for the message's own.
 */
const http = z.strictObject({
  kind: z.literal('http'),
  url: address,
  method: z.enum(['GET', 'POST']).default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  /** As JSON; with `form` as a form's fields. None for GET. */
  body: z.json().optional(),
  form: z.boolean().default(false),
  secretFile: z.string().optional(),
  /** What its answer must hold to be a yes; any 2xx when not given. `busy`: values that mean "later". */
  sent: z.strictObject({ path, is: z.array(z.string()).min(1), busy: z.array(z.string()).default([]) }).optional(),
  /** Where its answer names the message, for receipts. */
  idPath: path.optional(),
  perSecond: seconds.optional(),
  timeoutMs,
  incoming: incoming.optional(),
});

const smpp = z.strictObject({
  kind: z.literal('smpp'),
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(2775),
  tls: z.boolean().default(false),
  systemId: z.string().max(15),
  passwordFile: z.string().optional(),
  systemType: z.string().max(12).default(''),
  /** The county's number, as the operator of the network assigned it. */
  source: z.string().min(1).max(20),
  perSecond: seconds.optional(),
  timeoutMs,
});

const robot = z.strictObject({
  /** Hosts of robots beside the chat's own: an installation of one's own, also inside. */
  hosts: z.array(z.string()).default([]),
  perSecond: seconds.default(0.3),
  timeoutMs,
});

const push = z.strictObject({
  /** Whom a push service may turn to: `mailto:` or `https:`. */
  subject: z.string().regex(/^(mailto:.+@.+|https:\/\/.+)$/, 'must be mailto:… or https://…'),
  /** Push services beside the known ones. */
  hosts: z.array(z.string()).default([]),
  timeoutMs,
});

const email = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(465),
  /** TLS from the first byte; otherwise STARTTLS, unless `plain` says that the line is inside. */
  secure: z.boolean().default(true),
  plain: z.boolean().default(false),
  user: z.string().optional(),
  passwordFile: z.string().optional(),
  from: z.string().min(3),
  perSecond: seconds.optional(),
  timeoutMs,
});

export const providersSchema = z.strictObject({
  sms: z.discriminatedUnion('kind', [http, smpp]).optional(),
  voice: http.optional(),
  wecom: robot.optional(),
  dingtalk: robot.optional(),
  push: push.optional(),
  email: email.optional(),
});

export type Providers = z.infer<typeof providersSchema>;
export type HttpSettings = z.infer<typeof http>;
export type IncomingSettings = z.infer<typeof incoming>;
export type SmppSettings = z.infer<typeof smpp>;
export type RobotSettings = z.infer<typeof robot>;
export type PushSettings = z.infer<typeof push>;
export type EmailSettings = z.infer<typeof email>;

/** @throws one line that names the file, the field and what it should be */
export function readProviders(file: string): Providers {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`LABA_CHANNELS: ${file} ${error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'}.`);
  }
  const parsed = providersSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const { path: at, message } = parsed.error.issues[0]!;
  throw new Error(`LABA_CHANNELS: ${file}: ${at.join('.') || 'the file'}: ${message}`);
}

/** @throws one line that names the file */
export function readSecretFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new Error(`LABA_CHANNELS: the secret file ${file} cannot be read.`);
  }
}
