// The push button and the house in one process: a press becomes this house's order; while the house cannot decide, the box's own alarm goes.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { raiseByButton } from '@laba/alerting/press-button';
import type { RunningBox } from '@laba/gateway/service';
import type { Deps } from '@laba/runtime/service';

const AGAIN_MS = 2_000;

/** Answers a press at the box of this site: `onPress` of `runGateway`. Never throws. */
export function orderByButton(deps: Deps, siteId: string): (pressId: string, box: Pick<RunningBox, 'askForByHand' | 'alarm'>) => Promise<void> {
  return async (pressId, box) => {
    const untilMs = deps.clock.now() + LIMITS.ownVoiceMs;
    let alarm: ReturnType<RunningBox['alarm']>;
    // The box plays this alert whatever it knows of the time; it is told before the order can reach it.
    box.askForByHand(pressId, deps.clock.now());
    for (let isAlarmed = false; ;) {
      try {
        const { alertId } = await raiseByButton(deps, siteId, pressId, { who: `site:${siteId}`, via: 'button', once: [] });
        if (alertId !== pressId) box.askForByHand(alertId, deps.clock.now());
        break;
      } catch (error) {
        deps.log.error({ siteId, pressId, error: String(error) }, 'the button’s order could not be raised');
        // The policy lets no button speak here: that is a decision, not a failure.
        if ((error instanceof LabaError && error.code === 'role-refused') || deps.clock.now() >= untilMs) break;
        if (!isAlarmed) alarm = box.alarm();
        isAlarmed = true;
        await deps.clock.sleep(AGAIN_MS);
      }
    }
    await alarm?.stop();
  };
}
