// Chapter 2, alert: a county out of a backup takes up again what it had decided since, from the commands that it signed itself.
import { nextAlertState } from '@laba/domain/alert';
import { signedPayloadSchema, type SignedCommand } from '@laba/domain/gateway-protocol';
import type { Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { changeHead, findWhole, insertRecovered, signedCommands, widenRecovered, type AlertRow, type RevisionRow, type WholeAlert } from './alert-store.ts';
import { placeOf, subjectOf, type AlertingDeps } from './draft-alert.ts';
import { askAtMs } from './raise-alert.ts';
import { findPolicy } from '@laba/storage/policy';

/** Who decided it is not in the command: its timeline burnt with the county. */
const NOBODY = 'unknown';

/** The reaction to `command.recovered`: dispatch has checked that the county signed it. The alert is raised, and held until an officer decides. */
export async function recoverAlert(deps: AlertingDeps, job: Job): Promise<Reaction> {
  const alertId = job.event.alertId ?? '';
  const revision = Number(job.event.data['revision']);
  const signed = (await signedCommands(deps.db, alertId, revision)).map(commandIn);
  const [first] = signed;
  if (first === undefined) return {};
  const alert = await findWhole(deps.db, alertId);
  const areaCodes = [...new Set(signed.flatMap((one) => one.body.areaCode))].toSorted();
  const ops = takeUp(alert, rowOf(first, areaCodes), first);
  if (ops.length === 0) return {};
  const nowMs = deps.clock.now();
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const endTimeMs = Date.parse(first.body.endTime);
  return {
    ops: [
      ...ops,
      ...record(deps.ids, {
        type: 'alert.recovered',
        atMs: nowMs,
        who: job.event.who,
        via: 'job',
        gridCode: placeOf(deps, areaCodes),
        subjectId: alertId,
        alertId,
        data: { revision, mode: first.mode, areaCodes },
        due: { 'alerting.ask-before-expiry': askAtMs(nowMs, endTimeMs, policy.askBeforeExpiryMinutes), 'alerting.expire': endTimeMs },
        urgent: first.mode === 'live',
      }),
    ],
  };
}

// The bytes were checked before they were written down: here they are only read.
function commandIn(envelope: string): SignedCommand {
  const payload = signedPayloadSchema.parse(JSON.parse(Buffer.from(envelope.split('.')[1] ?? '', 'base64url').toString('utf8')));
  if (payload.type !== 'command') throw new Error('A stored command is no command.');
  return payload;
}

function takeUp(alert: WholeAlert | undefined, row: RevisionRow, command: SignedCommand): Op[] {
  if (alert === undefined) return insertRecovered(headOf(row, command), row);
  const { head } = alert;
  const known = alert.revisions.find((one) => one.revision === row.revision && one.raisedAtMs !== null);
  if ((head.state !== 'raised' && head.state !== 'draft') || head.revision > row.revision) return [];
  const raised = head.state === 'draft' ? { state: nextAlertState(head.state, 'raise'), raisedBy: NOBODY, raisedAtMs: row.raisedAtMs } : {};
  const change = changeHead(head, { ...subjectOf(row), ...raised, revision: row.revision, eventCode: row.eventCode, endTimeMs: row.endTimeMs });
  if (known === undefined) return [change, ...insertRecovered(undefined, row)];
  const fresh = row.areaCodes.filter((code) => !known.areaCodes.includes(code));
  return fresh.length === 0 ? [] : [change, ...widenRecovered(known, fresh)];
}

function rowOf(command: SignedCommand, areaCodes: string[]): RevisionRow {
  const { body } = command;
  const { kind, level, order, eventCode, texts, siren, playTimes, intervalSeconds, volume } = body;
  return {
    ...{ kind, level, order, eventCode, texts, siren, playTimes, intervalSeconds, volume, areaCodes },
    alertId: command.alertId,
    revision: command.revision,
    mode: command.mode,
    issuer: '',
    endTexts: [],
    cancelTexts: [],
    startTimeMs: Date.parse(body.startTime),
    endTimeMs: Date.parse(body.endTime),
    cap: null,
    draftedBy: NOBODY,
    raisedAtMs: Math.round(command.iat * 1000),
    raisedAtCode: null,
  };
}

function headOf(row: RevisionRow, command: SignedCommand): AlertRow {
  const raisedAtMs = Math.round(command.iat * 1000);
  return {
    id: row.alertId,
    mode: row.mode,
    kind: row.kind,
    level: row.level,
    order: row.order,
    eventCode: row.eventCode,
    state: 'raised',
    revision: row.revision,
    quiet: false,
    reportId: null,
    templateId: null,
    draftedBy: NOBODY,
    raisedBy: NOBODY,
    createdAtMs: raisedAtMs,
    raisedAtMs,
    overAtMs: null,
    overBy: null,
    overReason: null,
    slopeCheckedBy: null,
    endTimeMs: row.endTimeMs,
    version: 1,
  };
}
