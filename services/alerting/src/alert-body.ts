// Chapter 2, alert: what an officer may say over HTTP. Mode and kind are required and never defaulted.
import { z } from 'zod';
import { ALERT_STATES, KINDS, LEVELS, MODES, ORDERS } from '@laba/domain/alert';
import { LIMITS } from '@laba/domain/limits';

// Length and content are judged by compose-content, which can say what is wrong; here only the shape.
const texts = z
  .array(z.object({ language: z.string().max(35), title: z.string(), text: z.string(), clipSha256: z.string().max(64).optional() }))
  .max(LIMITS.alertLanguages);
const time = z.iso.datetime({ offset: true });
const id = z.string().min(1).max(64);

const fields = {
  level: z.enum(LEVELS).nullish(),
  order: z.enum(ORDERS).nullish(),
  issuer: z.string().nullish(),
  templateId: id.nullish(),
  reportId: id.nullish(),
  eventCode: z
    .string()
    .max(16)
    .regex(/^[\w.-]*$/)
    .nullish(),
  areaCodes: z.array(z.string().max(20)).max(LIMITS.alertAreas).default([]),
  texts: texts.nullish(),
  endTexts: texts.nullish(),
  cancelTexts: texts.nullish(),
  durationMinutes: z.number().nullish(),
  endTime: time.nullish(),
  startTime: time.nullish(),
  siren: z.boolean().nullish(),
  /** 0 = until the end time. */
  playTimes: z.number().int().min(0).max(1000).nullish(),
  intervalSeconds: z.number().int().min(1).max(86_400).nullish(),
  volume: z.number().int().min(0).max(100).nullish(),
};

export const alertBody = z.object({ mode: z.enum(MODES), kind: z.enum(KINDS), ...fields });
export type AlertInput = z.infer<typeof alertBody>;

/** A forecast of a draft that exists, or of one that is only being thought of. */
export const forecastBody = z.object({ alertId: id.optional(), mode: z.enum(MODES).optional(), kind: z.enum(KINDS).optional(), ...fields });

export const byId = z.object({ id });
export const approveBody = z.object({
  means: z.enum(['screen', 'telephone-call-back']),
  approverUsername: z.string().max(64).optional(),
  words: z.string().max(LIMITS.noteChars).optional(),
});
export const extendBody = z.object({ endTime: time });
export const endBody = z.object({ checkedBy: z.string().max(LIMITS.nameChars), note: z.string().max(LIMITS.noteChars).optional() });
export const cancelBody = z.object({ reason: z.string().max(LIMITS.noteChars) });
export const listQuery = z.object({ state: z.enum(ALERT_STATES).optional(), after: z.string().max(64).optional() });
