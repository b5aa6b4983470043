// Chapter 5, member: how one call stands, as every route about it answers.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { ANSWERS, CALL_STATES } from '@laba/domain/member';
import type { Deps } from '@laba/runtime/service';
import type { Call } from './call-store.ts';

export const tags = ['members'];
export const answer = z.enum(ANSWERS);

export const answered = z.object({
  id: z.string(),
  alertId: z.string(),
  state: z.enum(CALL_STATES),
  answer: answer.nullable(),
  answeredAt: z.string().nullable(),
  answeredBy: z.string().nullable(),
});

export function answerView(deps: Deps, call: Call): z.infer<typeof answered> {
  const at = call.answeredAtMs === null ? null : capTime(call.answeredAtMs, deps.config.utcOffsetMinutes);
  return { id: call.id, alertId: call.alertId, state: call.state, answer: call.answer, answeredAt: at, answeredBy: call.answeredBy };
}
