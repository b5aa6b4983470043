// drizzle-kit finds tables among a file's named exports only; the list of names is checked against the tables by a test.
import { sqliteTables } from './tables.ts';

export const {
  event, job, idempotency,
  gridNode, site, gateway, gatewayClaim, speaker, member, membership, household, person, place, officer, oneTimeLink, session, signingKey, setting,
  report, reportLink, sensor,
  alert, alertRevision, alertArea, approval, template, policy,
  counter, command, delivery, gatewayReport, gatewayStatus, speakerStatus,
  call,
} = sqliteTables;
