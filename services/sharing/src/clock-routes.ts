// HTTP: whether this house knows what time it is, and an officer's word where it does not.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import type { ClockView } from '@laba/domain/clock-view';
import { LabaError } from '@laba/domain/errors';
import { authorize } from '@laba/runtime/auth';
import { houseCode } from '@laba/runtime/config';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { countWaiting } from './clock-store.ts';
import type { HouseTime } from './house-time.ts';

const tags = ['houses'];
const clockSchema = z.object({
  /** `unknown`: what was in force waits. `by-hand`: an officer has told it. */
  state: z.enum(['known', 'by-hand', 'unknown']),
  now: z.string(),
  nowMs: z.number(),
  /** When it last knew; null while it knows. */
  since: z.string().nullable(),
  /** Alerts in force that do not sound until the time is known. */
  waiting: z.number(),
  utcOffsetMinutes: z.number(),
});

/** `time`: undefined in a house that stands where the time is known. */
export function clockRoutes(deps: Deps, app: App, time: HouseTime | undefined): void {
  const { utcOffsetMinutes } = deps.config;
  const view = async (): Promise<ClockView> => {
    const { clock, db } = deps;
    const nowMs = clock.now();
    const { doubt } = clock;
    return {
      state: doubt?.state ?? 'known',
      now: capTime(nowMs, utcOffsetMinutes),
      nowMs,
      since: doubt === undefined ? null : capTime(doubt.sinceMs, utcOffsetMinutes),
      waiting: doubt?.state === 'unknown' ? await countWaiting(db, doubt.sinceMs) : 0,
      utcOffsetMinutes,
    };
  };

  app.get(
    '/api/v1/clock',
    { config: { access: 'alert.read' }, schema: { summary: 'What time it is here, and who said so', tags, response: { 200: clockSchema } } },
    async (request) => {
      const officer = officerOf(request);
      authorize(officer, 'alert.read', officer.scopes);
      return view();
    },
  );

  app.post(
    '/api/v1/clock/confirm',
    {
      config: { access: 'clock.confirm' },
      schema: {
        summary: 'An officer says what time it is, after a power cut; what is still in force goes on',
        tags,
        body: z.object({ time: z.iso.datetime({ offset: true }) }),
        response: { 200: clockSchema },
      },
    },
    async (request) => {
      const permit = authorize(officerOf(request), 'clock.confirm', [houseCode(deps.config)]);
      if (time === undefined) throw new LabaError('transition-refused', 'This house knows the time: nobody need confirm it.', { state: 'known' });
      await time.confirm(permit, Date.parse(request.body.time), actOf(request));
      request.once = [];
      return view();
    },
  );
}
