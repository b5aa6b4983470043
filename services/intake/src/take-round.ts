// Chapter 1, report: what somebody saw on his patrol, or was asked for on his visit, becomes a report in the inbox.
import { HAZARDS } from '@laba/domain/report';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { receiveReport, type ReportInput } from './receive-report.ts';
import { findRoundReport, type RoundReport } from './told-round-store.ts';

/** The reaction to `round.done`. The report's id was given with the round: it is written once. */
export async function takeRound(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>, { event }: Job): Promise<Reaction> {
  const { roundId } = event.data as { roundId: string };
  const found = await findRoundReport(deps.db, roundId);
  if (found === undefined) return {};
  const { round, walker } = found;
  const phone = walker.phoneCipher === null ? undefined : deps.vault.decrypt(walker.phoneCipher);
  const input = { ...{ id: round.reportId, gridCode: round.gridCode }, ...wordsOf(deps, found), reporterName: walker.name ?? undefined, reporterPhone: phone };
  await receiveReport(deps, input, { who: round.toldBy, via: 'job', once: [] });
  return {};
}

function wordsOf({ vault }: Pick<Deps, 'vault'>, { round, place, hazard }: RoundReport): Pick<ReportInput, 'hazard' | 'source' | 'text'> {
  const said = round.wordsCipher === null ? undefined : vault.decrypt(round.wordsCipher);
  if (round.result === 'need') return { hazard: 'need', source: round.means === 'link' ? 'member' : 'telephone', text: `${place}：${said ?? HAZARDS.need.zh}` };
  return { hazard: hazard ?? 'other', source: 'patrol', text: `${place}：${said ?? '巡查发现有情况，没有说明'}` };
}
