// Chapter 2, alert: the push button in the village's own house. No officer, no page, no county: whoever stands there moves the village.
import type { AlertText } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { isWithin, lineage, tierOf } from '@laba/domain/grid';
import type { Policy } from '@laba/domain/policy';
import { authorize, type Act, type Permit } from '@laba/runtime/auth';
import { waitsUpToMs } from '@laba/runtime/clock';
import { houseCode } from '@laba/runtime/config';
import { record } from '@laba/storage/events';
import { findPolicy } from '@laba/storage/policy';
import type { AlertInput } from './alert-body.ts';
import { findWhole, newAlert, newRevision, type AlertRow, type RevisionRow } from './alert-store.ts';
import type { AlertContent } from './compose-content.ts';
import { contentOf, placeOf, subjectOf, type AlertingDeps } from './draft-alert.ts';
import { findSite, soundingMoves } from './grid-store.ts';
import { raiseOps } from './raise-alert.ts';

/** When the prepared words are gone, the button still says what to do. */
const PLAIN_WORDS: AlertText = {
  language: 'zh-CN',
  title: '立即转移',
  text: '危险！立即往安全的高处转移，不要过沟，不要过河，不要回去拿东西。带上老人孩子，叫上邻居。',
};

export interface Pressed {
  /** What sounds now. */
  alertId: string;
  /** False: it sounded already, or this press was heard before. */
  raised: boolean;
}

/**
 * One press is one alert, which bears the press's own id (as `deps.ids` makes them): heard twice, it is raised once. While an order to move sounds there, another
 * press changes nothing; one that was quietened does not count, because whoever presses wants to be heard.
 * @throws `not-found` (site), `role-refused` (the policy lets no button raise here), `changed-meanwhile`, `storage-failed`
 */
export async function raiseByButton(deps: AlertingDeps, siteId: string, pressId: string, act: Act): Promise<Pressed> {
  const [site, { policy }] = await Promise.all([findSite(deps.db, siteId), findPolicy(deps.db, deps.config.county)]);
  const code = nodeOf(policy, site.gridCode, houseCode(deps.config));
  if ((await findWhole(deps.db, pressId)) !== undefined) return { alertId: pressId, raised: false };
  const nowMs = deps.clock.now();
  const sounding = (await soundingMoves(deps.db, nowMs, waitsUpToMs(deps.clock))).find((one) => one.areaCodes.some((area) => isWithin(area, code)));
  if (sounding !== undefined) return { alertId: sounding.id, raised: false };
  const by = `site:${siteId}`;
  const permit = authorize({ id: by, username: by, name: site.name, role: 'village-cadre', scopes: [code] }, 'alert.raise', [code]);
  const { content, templateId } = await wordsOf(deps, policy, code, permit);
  const head = { ...headOf(pressId, by, nowMs, content), templateId };
  const waiting: RevisionRow = { alertId: pressId, revision: 1, draftedBy: by, cap: null, raisedAtMs: null, raisedAtCode: null, ...content };
  const drafted = record(deps.ids, {
    type: 'alert.drafted',
    atMs: nowMs,
    who: act.who,
    via: act.via,
    gridCode: placeOf(deps, content.areaCodes),
    subjectId: pressId,
    alertId: pressId,
    data: { revision: 1, templateId, reportId: null },
  });
  const raise = await raiseOps(deps, { head, revisions: [waiting], approvals: [] }, waiting, [by], permit, act);
  await deps.db.atomically([...act.once, newAlert(head), ...newRevision(pressId, 1, by, content), ...drafted, ...raise]);
  return { alertId: pressId, raised: true };
}

// The smallest node around the room for which the policy lets a button speak; a village's house speaks for no more than its own.
function nodeOf(policy: Policy, siteCode: string, own: string): string {
  const code = lineage(siteCode).findLast((one) => isWithin(own, one) && policy.button.tiers.some((tier) => tier === tierOf(one)));
  if (code === undefined) throw new LabaError('role-refused', 'The policy lets no button raise an order here.', { gridCode: siteCode });
  return code;
}

async function wordsOf(
  deps: AlertingDeps,
  { button: { templateId } }: Policy,
  code: string,
  permit: Permit,
): Promise<{ content: AlertContent; templateId: string | null }> {
  const input: AlertInput = { mode: 'live', kind: 'order', order: 'move-now', areaCodes: [code] };
  try {
    return { content: await contentOf(deps, { ...input, templateId }, permit), templateId };
  } catch (error) {
    if (!(error instanceof LabaError) || error.code === 'storage-failed') throw error;
    return { content: await contentOf(deps, { ...input, texts: [PLAIN_WORDS] }, permit), templateId: null };
  }
}

function headOf(id: string, by: string, nowMs: number, content: AlertContent): AlertRow {
  return {
    id,
    ...subjectOf(content),
    eventCode: content.eventCode,
    state: 'draft',
    revision: 1,
    quiet: false,
    reportId: null,
    templateId: null,
    draftedBy: by,
    raisedBy: null,
    createdAtMs: nowMs,
    raisedAtMs: null,
    overAtMs: null,
    overBy: null,
    overReason: null,
    slopeCheckedBy: null,
    endTimeMs: content.endTimeMs,
    version: 1,
  };
}
