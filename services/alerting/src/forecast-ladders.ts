// Chapter 2, alert: which villages would not answer, before the button: nobody is named there, or nobody who is named can be reached.
import type { AlertSubject } from '@laba/domain/alert';
import type { LadderForecast } from '@laba/domain/forecast-view';
import { degreeOf, paceOf, type LadderPace, type LadderPolicy } from '@laba/domain/ladder-policy';
import { inClimbOrder, type SkipReason } from '@laba/domain/ladder';
import { LIMITS } from '@laba/domain/limits';
import type { Database } from '@laba/storage/database';
import { rungsFor, villagesTouched, type StandingRung } from '@laba/storage/rungs';

/** `names`: of the grid nodes of the area. */
export async function forecastLadders(
  db: Database,
  policy: LadderPolicy,
  content: AlertSubject & { areaCodes: readonly string[] },
  names: ReadonlyMap<string, string>,
): Promise<LadderForecast> {
  const pace = content.mode === 'test' ? undefined : paceOf(policy, degreeOf(content));
  if (pace === undefined) return { answerMinutes: null, villages: 0, gaps: [], count: 0 };
  const villages = await villagesTouched(db, content.areaCodes);
  const rungs = await rungsFor(db, villages);
  const gaps = villages.flatMap((code) => {
    const climb = inClimbOrder(code, rungs);
    const own = climb.filter((rung) => rung.gridCode === code);
    const reason = own.some((rung) => obstacleOf(rung, pace) === null) ? null : own[0] === undefined ? 'no-rungs' : obstacleOf(own[0], pace);
    const nobody = climb.every((rung) => obstacleOf(rung, pace) !== null);
    return reason === null ? [] : [{ code, name: names.get(code) ?? null, reason, nobody }];
  });
  const worst = gaps.sort((a, b) => Number(b.nobody) - Number(a.nobody));
  return { answerMinutes: pace.answerMinutes, villages: villages.length, gaps: worst.slice(0, LIMITS.forecastNames), count: gaps.length };
}

function obstacleOf({ obstacle, channels }: StandingRung, pace: LadderPace): SkipReason | null {
  return obstacle ?? (pace.channels.some((channel) => channels.includes(channel)) ? null : 'no-channel');
}
