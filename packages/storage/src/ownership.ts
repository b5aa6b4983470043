// Tables: the owner writes, anyone reads. The architecture test holds the code against this list.
import type { Tables } from './tables.ts';

export type Owner = 'storage' | 'runtime' | 'registry' | 'intake' | 'alerting' | 'dispatch' | 'mobilization';

export const OWNERS: Record<keyof Tables, Owner> = {
  event: 'storage', job: 'storage', idempotency: 'runtime',
  gridNode: 'registry', site: 'registry', gateway: 'registry', gatewayClaim: 'registry', speaker: 'registry', member: 'registry',
  membership: 'registry', household: 'registry', person: 'registry', place: 'registry', officer: 'registry', oneTimeLink: 'registry',
  session: 'registry', signingKey: 'registry', setting: 'registry',
  report: 'intake', reportLink: 'intake', sensor: 'intake',
  alert: 'alerting', alertRevision: 'alerting', alertArea: 'alerting', approval: 'alerting', template: 'alerting', policy: 'alerting',
  counter: 'dispatch', command: 'dispatch', delivery: 'dispatch', gatewayReport: 'dispatch', gatewayStatus: 'dispatch', speakerStatus: 'dispatch',
  call: 'mobilization',
};
