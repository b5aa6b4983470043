// Access to reports, alerts, the policy, loudspeakers, messages and routine broadcasts.
import { DASUO } from '../harness/small-county.ts';
import { bulletinFor, FAR_GROUP, FAR_TOWNSHIP, FAR_VILLAGE, orderFor } from './far-township.ts';
import { both, hidden, link, open, refused, same, type Rules } from './rules.ts';

const LATER = '2026-07-01T12:00:00+08:00';
const seen = { 'if-match': '"1"' };

export const ALERTS: Rules = {
  'POST /api/v1/reports': refused(() => [{ body: { gridCode: FAR_GROUP, hazard: 'fire', text: '远乡着火' } }]),
  'GET /api/v1/reports': hidden(),
  'GET /api/v1/reports/:id': refused((far) => [{ params: { id: far.report } }]),
  'POST /api/v1/reports/:id/verify': refused((far) => [
    { params: { id: far.report }, body: { result: 'true' } },
    { params: { id: far.home.report }, body: { result: 'duplicate', duplicateOf: far.report } },
  ]),
  'GET /api/v1/report-links/:code': refused(() => [{ params: { code: FAR_VILLAGE } }]),
  'GET /api/v1/reports/:id/photo': refused((far) => [{ params: { id: far.photographed } }]),
  'POST /api/v1/sensors': refused(() => [{ body: { gridCode: FAR_GROUP, hazard: 'flood', quantity: 'river-level-m', threshold: 3 } }]),
  'GET /report-form.css': open('a style sheet'),
  'GET /r/:token': link('the report form of one place'),
  'POST /r/:token': link('the report form of one place: it reports for no other'),
  'POST /m/:token/reports': link('his own call: he reports where he was called'),
  'GET /api/v1/alerts': hidden(),
  'GET /api/v1/alerts/:id': refused((far) => [{ params: { id: far.alert } }, { params: { id: far.draft } }]),
  'GET /api/v1/templates': same('prepared words'),
  'POST /api/v1/alerts/forecast': refused((far) => [
    { body: orderFor([FAR_GROUP]) },
    { body: orderFor([DASUO, FAR_GROUP]) },
    { body: { ...orderFor([DASUO]), alertId: far.draft } },
  ]),
  'POST /api/v1/alerts': refused((far) => [
    { body: orderFor([FAR_GROUP]) },
    { body: orderFor([DASUO, FAR_GROUP]) },
    { body: { ...orderFor([DASUO]), reportId: far.report } },
  ]),
  'PATCH /api/v1/alerts/:id': refused((far) => [
    { params: { id: far.draft }, body: orderFor([FAR_GROUP]) },
    { params: { id: far.draft }, body: orderFor([DASUO]), control: 'nobody' },
    { params: { id: far.home.draft }, body: orderFor([DASUO, FAR_GROUP]) },
    { params: { id: far.home.draft }, body: { ...orderFor([DASUO]), reportId: far.report } },
  ]),
  'POST /api/v1/alerts/:id/discard': refused((far) => [{ params: { id: far.draft } }]),
  'POST /api/v1/alerts/:id/approve': refused((far) => [far.draft, far.alert, far.shared].map((id) => ({ params: { id }, body: { means: 'screen' } }))),
  // Only who was named by telephone signs for it.
  'POST /api/v1/alerts/:id/countersign': refused((far) => [far.draft, far.alert].map((id) => ({ params: { id }, control: 'nobody' }))),
  'POST /api/v1/alerts/:id/raise': refused((far) => [{ params: { id: far.draft } }]),
  'POST /api/v1/alerts/:id/update': refused((far) => [
    { params: { id: far.alert }, body: orderFor([FAR_GROUP]) },
    { params: { id: far.alert }, body: orderFor([DASUO]), control: 'nobody' },
    { params: { id: far.shared }, body: orderFor([DASUO, FAR_GROUP]) },
    { params: { id: far.shared }, body: orderFor([DASUO]), control: 'nobody' },
    { params: { id: far.home.alert }, body: orderFor([DASUO, FAR_GROUP]) },
  ]),
  'POST /api/v1/alerts/:id/extend': refused((far) => [far.alert, far.shared].map((id) => ({ params: { id }, body: { endTime: LATER } }))),
  'POST /api/v1/alerts/:id/quieten': refused((far) => [far.alert, far.shared].map((id) => ({ params: { id } }))),
  'POST /api/v1/alerts/:id/end': refused((far) => [far.alert, far.shared].map((id) => ({ params: { id }, body: { checkedBy: '演示监测员' } }))),
  'POST /api/v1/alerts/:id/cancel': refused((far) => [far.alert, far.shared].map((id) => ({ params: { id }, body: { reason: '误发' } }))),
  'GET /api/v1/policy': same('one policy for the county'),
  'PUT /api/v1/policy': refused((far) => [{ body: far.policy }]),
  'GET /audio/:file': open('what loudspeakers play, by the hash of the sound'),
};

export const LOUDSPEAKERS: Rules = {
  'GET /api/v1/gateways': hidden(),
  'POST /api/v1/channels/:channel/incoming': link('the provider of a channel, by its own secret'),
  'GET /api/v1/replies': hidden(() => [{}, { query: { unknown: 'true' } }]),
  'GET /api/v1/robots': hidden(),
  'PUT /api/v1/robots': refused(() => [{ body: { gridCode: FAR_TOWNSHIP, channel: 'wecom', url: 'https://chat.example/new' } }]),
  'DELETE /api/v1/robots/:gridCode/:channel': refused(() => [{ params: { gridCode: FAR_TOWNSHIP, channel: 'wecom' } }]),
  'GET /api/v1/push-key': open('a public key'),
  'POST /m/:token/push': link('his own call'),
  'GET /api/v1/messages/by-hand': hidden(),
  'POST /api/v1/messages/:id/delivered': refused((far) => [{ params: { id: far.byHand } }]),
  'GET /api/v1/bulletins': hidden(),
  'GET /api/v1/bulletin-times': hidden((far) => [
    { query: { from: '2026-06-30', days: '2' } },
    { query: { from: '2026-06-30', days: '2', bulletin: far.bulletin } },
  ]),
  'GET /api/v1/bulletin-times/:id': refused((far) => [{ params: { id: far.bulletinTime } }]),
  'POST /api/v1/bulletins/forecast': refused(() => [{ body: bulletinFor([FAR_GROUP]) }]),
  'POST /api/v1/bulletins': refused(() => [{ body: bulletinFor([FAR_GROUP]) }, { body: bulletinFor([DASUO, FAR_GROUP]) }]),
  'PUT /api/v1/bulletins/:id': refused((far) => [
    { params: { id: far.bulletin }, body: bulletinFor([DASUO]), headers: seen },
    { params: { id: far.home.bulletin }, body: bulletinFor([DASUO, FAR_GROUP]), headers: seen },
  ]),
  'POST /api/v1/bulletins/:id/approve': refused((far) => [{ params: { id: far.bulletin }, headers: seen }]),
  'POST /api/v1/bulletins/:id/stop': refused((far) => [{ params: { id: far.bulletin }, headers: seen }]),
  'POST /api/v1/bulletin-times/:id/cancel': refused((far) => [{ params: { id: far.bulletinTime } }]),
  'POST /api/v1/bulletin-recordings': same('a recording that belongs to no place until a broadcast names it'),
  'GET /api/v1/speakers': both(
    () => [{ query: { grid: FAR_GROUP } }],
    () => [{}],
  ),
  'GET /api/v1/speakers.csv': both(
    () => [{ query: { grid: FAR_GROUP } }],
    () => [{}],
  ),
};
