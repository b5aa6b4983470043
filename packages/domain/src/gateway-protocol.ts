// What county and gateway say to each other. Topics, the signed command's payload, reports, state, hello.
import { z } from 'zod';
import { KINDS, LEVELS, MODES, ORDERS, STOP_REASONS } from './alert.ts';
import { PURPOSES, REPORTED_STATES } from './delivery.ts';
import { lineage } from './grid.ts';
import { LIMITS } from './limits.ts';
import { powerSchema } from './power.ts';

const gridCode = z.string().regex(/^\d{6}(\d{3}(\d{3}(\d{2})?)?)?$/);
const id = z.string().min(1).max(64);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const isoTime = z.iso.datetime({ offset: true });

export const topics = {
  areaCommand: (county: string, code: string) => `laba/v1/${county}/area/${code}/cmd`,
  gatewayCommand: (county: string, gatewayId: string) => `laba/v1/${county}/gateway/${gatewayId}/cmd`,
  gatewayReport: (county: string, gatewayId: string) => `laba/v1/${county}/gateway/${gatewayId}/report`,
  gatewayState: (county: string, gatewayId: string) => `laba/v1/${county}/gateway/${gatewayId}/state`,
  gatewayHello: (county: string, gatewayId: string) => `laba/v1/${county}/gateway/${gatewayId}/hello`,
  sensorReading: (county: string, sensorId: string) => `laba/v1/${county}/sensor/${sensorId}/reading`,
  /** Between houses: letters of the one below, and to it. */
  nodeUp: (county: string, code: string) => `laba/v1/${county}/node/${code}/up`,
  nodeDown: (county: string, code: string) => `laba/v1/${county}/node/${code}/down`,
} as const;

/** What a gateway listens to: its own topic, its own node's and each ancestor's. */
export function gatewaySubscriptions(county: string, gatewayId: string, code: string): string[] {
  return [...lineage(code).map((c) => topics.areaCommand(county, c)), topics.gatewayCommand(county, gatewayId)];
}

/** What a gateway may publish to, exactly. */
export function gatewayPublications(county: string, gatewayId: string): string[] {
  return [topics.gatewayReport(county, gatewayId), topics.gatewayState(county, gatewayId), topics.gatewayHello(county, gatewayId)];
}

export const playCommandSchema = z.object({
  action: z.enum(['play', 'quieten', 'stop', 'stop-all', 'live-voice']),
  purpose: z.enum(PURPOSES),
  kind: z.enum(KINDS),
  level: z.enum(LEVELS).nullable(),
  order: z.enum(ORDERS).nullable(),
  eventCode: z.string().max(16),
  texts: z
    .array(
      z.object({
        language: z.string().max(35),
        title: z.string().max(LIMITS.alertTitleChars),
        text: z.string().max(LIMITS.alertTextChars),
        clipSha256: sha256.optional(),
      }),
    )
    .max(LIMITS.alertLanguages),
  audio: z.object({ url: z.string().max(512), sha256 }).optional(),
  siren: z.boolean(),
  /** 0 = repeat until the end time. */
  playTimes: z.number().int().min(0).max(1000),
  intervalSeconds: z.number().int().min(1).max(86_400),
  volume: z.number().min(0).max(100),
  startTime: isoTime,
  endTime: isoTime,
  /** After this a command not yet begun is not begun any more. */
  notAfter: isoTime,
  /** Of a bulletin that something went before: until then it may begin again. */
  resumeUntil: isoTime.optional(),
  /** Local hours in which this may not sound, or null when it may always. */
  quietHours: z.object({ from: z.string(), to: z.string(), utcOffsetMinutes: z.number().int() }).nullable(),
  /** Why it falls silent; set on stop and quieten, and on a play that is not the first revision (what it supersedes). */
  stopReason: z.enum(STOP_REASONS).nullable(),
  areaCode: z.array(gridCode).min(1).max(LIMITS.alertAreas),
});
export type PlayCommand = z.infer<typeof playCommandSchema>;

/**
 * A routine broadcast. Neither colour nor order, never the siren, its hours of silence always named, signed with the key for drills and tests, which can sound and end no
 * live alert; number 0, since nobody must notice that he missed one. A device from before bulletins refuses it as malformed.
 */
export function isBulletin({ body }: { body: Pick<PlayCommand, 'purpose'> }): boolean {
  return body.purpose === 'bulletin';
}

/** How much of what it knows a gateway says in one hello. */
export const IN_FORCE_TOLD = 32;
export const OVER_TOLD = 64;
export const COMMANDS_SHOWN = 8;
/** And how large all shown commands may be together: the hello is one packet. */
export const SHOWN_BYTES = 40_960;

const signedHead = {
  /** The county whose devices are addressed: 6 digits. */
  aud: z.string().regex(/^\d{6}$/),
  mode: z.enum(MODES),
  commandId: id,
  seq: z.number().int().min(0),
  /** Seconds since 1970, fractions allowed (NumericDate of RFC 7519). */
  iat: z.number(),
  exp: z.number(),
  scope: z.array(gridCode).min(1).max(LIMITS.alertAreas),
  approvals: z
    .array(z.object({ officerId: id, at: isoTime, means: z.string().max(32) }))
    .max(8)
    .optional(),
};

/**
 * The house that signs this was switched off and nobody has told it the time since: its own time is no answer, and what it lists as in force is
 * what was decided after that. By hand: an officer has told it, which is good until somebody knows better. Left out: it knows.
 */
const clock = z.enum(['unknown', 'by-hand']).optional();

export const signedPayloadSchema = z.discriminatedUnion('type', [
  z.object({
    ...signedHead,
    type: z.literal('command'),
    alertId: id,
    revision: z.number().int().min(1),
    audioSha256: sha256.optional(),
    body: playCommandSchema,
  }),
  z.object({
    ...signedHead,
    type: z.literal('snapshot'),
    body: z.object({
      nonce: id,
      /** Still active: the signed commands themselves, as first sent. */
      commands: z.array(z.string().max(LIMITS.mqttPacketBytes)).max(64),
      tombstones: z.array(z.object({ alertId: id, revision: z.number().int(), reason: z.enum(STOP_REASONS), until: isoTime })).max(512),
      journalId: id.nullable(),
      reportsHeldUpTo: z.number().int().min(0),
      highestSeq: z.number().int().min(0),
      clock,
      /** What the gateway says is in force there and the county does not know: it asks to be shown the signed commands. */
      unknown: z
        .array(z.object({ alertId: id, revision: z.number().int().min(1) }))
        .max(IN_FORCE_TOLD)
        .optional(),
      /** The newest key book there is, and the proof that this is said by who knows the gateway's password, not only by who holds a key. */
      keyBook: z.object({ version: z.number().int().min(1), proof: z.string().max(64) }).optional(),
    }),
  }),
  z.object({
    ...signedHead,
    type: z.literal('held'),
    body: z.object({ journalId: id, reportsHeldUpTo: z.number().int().min(0), highestSeq: z.number().int().min(0), clock }),
  }),
]);
export type SignedPayload = z.infer<typeof signedPayloadSchema>;
export type SignedCommand = Extract<SignedPayload, { type: 'command' }>;
export type SignedSnapshot = Extract<SignedPayload, { type: 'snapshot' }>;
export type SignedHeld = Extract<SignedPayload, { type: 'held' }>;

export const playReportSchema = z.object({
  /** Position in this gateway's journal, from 1, without gaps. */
  number: z.number().int().min(1),
  commandId: id,
  alertId: id,
  revision: z.number().int().min(0),
  purpose: z.enum(PURPOSES),
  speakerId: id,
  state: z.enum(REPORTED_STATES),
  // A repeat a second for a week fits; a nonsense number would stand before every true one for ever.
  repeat: z.number().int().min(0).max(1_000_000),
  startTime: isoTime.optional(),
  endTime: isoTime.optional(),
  reason: z.string().max(120).optional(),
  soundedLevelDb: z.number().optional(),
});
export type PlayReport = z.infer<typeof playReportSchema>;

/**
 * Reports that speak of no alert, by what they name instead of one: somebody spoke into the box's own microphone, or its alarm went.
 * An older county takes them for reports of an alert that it does not know.
 */
export const OWN_VOICES = { microphone: 'own-voice:microphone', alarm: 'own-voice:alarm' } as const;
export const OWN_VOICE_NAMES = ['microphone', 'alarm'] as const;
export type OwnVoice = (typeof OWN_VOICE_NAMES)[number];

export function ownVoiceOf(alertId: string): OwnVoice | undefined {
  return OWN_VOICE_NAMES.find((name) => OWN_VOICES[name] === alertId);
}

/** One message on the report topic. A new spool is a new journal, so that numbers never collide. */
export const reportMessageSchema = z.object({
  journalId: id,
  reports: z.array(playReportSchema).min(1).max(LIMITS.gatewayReportsPerMessage),
});
export type ReportMessage = z.infer<typeof reportMessageSchema>;

/** Retained on the state topic; the last will is the same with state `lost`. */
export const gatewayStateSchema = z.object({
  state: z.enum(['online', 'lost', 'leaving']),
  at: isoTime.optional(),
  bootCounter: z.number().int().min(0),
  journalId: id,
  software: z.string().max(64),
  clockKnown: z.boolean(),
  power: powerSchema,
  speakers: z
    .array(
      z.object({
        speakerId: id,
        player: z.enum(['ok', 'failed']),
        reason: z.string().max(120).optional(),
        playing: z.string().max(64).optional(),
      }),
    )
    .max(LIMITS.speakersPerGateway),
  reportsWaiting: z.number().int().min(0),
  /** As in the hello. */
  keyBook: z.number().int().min(0).optional(),
  /** Of the program that says it: two at a time are a box and its copy. Older devices do not say. */
  run: id.optional(),
  /** What it knows beside what every device does; it is told nothing else of that kind. */
  can: z.array(z.string().max(32)).max(16).optional(),
});
export type GatewayState = z.infer<typeof gatewayStateSchema>;

/** What is optional an older device leaves out. */
export const gatewayHelloSchema = z.object({
  nonce: id,
  highestSeq: z.number().int().min(0),
  bootCounter: z.number().int().min(0),
  journalId: id,
  /** The version of the key book that it goes by; 0: it was claimed before there were books and knows no root yet. */
  keyBook: z.number().int().min(0).optional(),
  // The rest is for a county that was restored from a backup, and so is older than its devices.
  /** Up to where the county has said to hold this journal's reports: the gateway does not have these any more. */
  reportsHeldUpTo: z.number().int().min(0).optional(),
  /** What sounds here, or would. */
  inForce: z
    .array(z.object({ alertId: id, revision: z.number().int().min(1) }))
    .max(IN_FORCE_TOLD)
    .optional(),
  /** What is over here for good, the latest first. */
  over: z
    .array(z.object({ alertId: id, revision: z.number().int().min(0), reason: z.enum(STOP_REASONS) }))
    .max(OVER_TOLD)
    .optional(),
  /** The signed commands that the county asked to be shown. */
  commands: z.array(z.string().max(LIMITS.mqttPacketBytes)).max(COMMANDS_SHOWN).optional(),
});
export type GatewayHello = z.infer<typeof gatewayHelloSchema>;

export const sensorReadingSchema = z.object({
  readingId: id,
  quantity: z.enum(['rain-mm-per-hour', 'river-level-m', 'crack-mm', 'tilt-deg']),
  value: z.number(),
  at: isoTime.optional(),
});
export type SensorReading = z.infer<typeof sensorReadingSchema>;

/** A heartbeat every so often; a site is silent when none came for so long. Together below the promised 90 s. */
export const HEARTBEAT_MS = 20_000;
export const SILENT_AFTER_MS = 65_000;
export const SILENCE_CHECK_MS = 10_000;

/** A key the device knows: what it may sign for, and in which modes. `alg` is pinned here, never read from a message. */
export const trustedKeySchema = z.object({
  kid: id,
  alg: z.literal('Ed25519'),
  /** Raw public key, 32 bytes, base64url. */
  publicKey: z.string(),
  scope: gridCode,
  modes: z.array(z.enum(MODES)).min(1),
});
export type TrustedKey = z.infer<typeof trustedKeySchema>;

/** The county's root key: it signs key books and nothing else. */
export const rootKeySchema = z.object({ kid: id, publicKey: z.string().max(64) });
export type RootKey = z.infer<typeof rootKeySchema>;

/** Every key that may be trusted in this county now. What is not in the newest book is revoked. */
export const keyBookSchema = z.object({
  /** The county whose devices are addressed: 6 digits. */
  aud: z.string().regex(/^\d{6}$/),
  /** Only ever greater. */
  version: z.number().int().min(1),
  issuedAt: isoTime,
  root: rootKeySchema,
  keys: z.array(trustedKeySchema).min(1).max(LIMITS.keysInBook),
});
export type KeyBook = z.infer<typeof keyBookSchema>;

/** What a gateway must know to be itself: the answer to a claim, plus its own private key, kept in its data folder (mode 0600). */
export const gatewayIdentitySchema = z.object({
  county: z.string().regex(/^\d{6}$/),
  gatewayId: id,
  /** 256 bits, base64url; client id = user name = gateway id. */
  password: z.string(),
  siteId: id,
  gridCode,
  /** The grid node whose house it was enrolled at, where that is not the county's: that house's key tells it the time and what is over. */
  house: gridCode.optional(),
  speakers: z.array(z.object({ speakerId: id, name: z.string() })).max(LIMITS.speakersPerGateway),
  /** Of the key book of that moment, where there is one. */
  keys: z.array(trustedKeySchema).min(1),
  keyBook: z.object({ version: z.number().int().min(1), root: rootKeySchema }).optional(),
  mqttUrl: z.string(),
  /** Clips are at `{audioUrl}/{sha256}.wav`. */
  audioUrl: z.string(),
  utcOffsetMinutes: z.number().int(),
});
export type GatewayIdentity = z.infer<typeof gatewayIdentitySchema>;
