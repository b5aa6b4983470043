// Access to accounts, lists, keys, boxes and houses.
import { COUNTY, VILLAGE } from '../harness/small-county.ts';
import { FAR_GROUP, FAR_TOWNSHIP, FAR_VILLAGE } from './far-township.ts';
import { both, hidden, link, open, refused, same, type Rules } from './rules.ts';

const LIST = `household_id,grid_code,doorplate,head_name,phone,needs,helper_member_id\nfar-h9,${FAR_GROUP},远乡09,远乡户九,,,\n`;
const csv = { body: LIST, headers: { 'content-type': 'text/csv' } };

export const REGISTRY: Rules = {
  'POST /api/v1/sessions': open('signs in by user name and password'),
  'GET /api/v1/sessions/current': same('his own session'),
  'DELETE /api/v1/sessions/current': same('his own session'),
  'GET /first/:token': link('his own one-time link'),
  'POST /first/:token': link('his own one-time link'),
  'GET /api/v1/officers': hidden(),
  'POST /api/v1/officers': refused(() =>
    [[FAR_VILLAGE], [VILLAGE, FAR_VILLAGE], [COUNTY]].map((scopes, at) => ({
      body: { username: `far-new-${at}`, name: '远乡新', role: 'village-cadre', scopes },
    })),
  ),
  'POST /api/v1/officers/:id/first-link': refused((far) => [{ params: { id: far.officer } }]),
  'POST /api/v1/officers/:id/disable': refused((far) => [{ params: { id: far.officer } }]),
  'POST /api/v1/officers/:id/unlock': refused((far) => [{ params: { id: far.officer } }]),
  'GET /api/v1/local-codes': hidden(),
  'GET /api/v1/local-codes/places': refused((far) => [{ query: { officerId: far.officer } }]),
  'POST /api/v1/local-codes': refused((far) => [
    { body: { officerId: far.officer, gridCode: FAR_TOWNSHIP } },
    { body: { officerId: far.home.officer, gridCode: FAR_VILLAGE }, control: 'nobody' },
  ]),
  'POST /api/v1/local-codes/:id/revoke': refused((far) => [{ params: { id: far.localCode } }]),
  'GET /codes': hidden((far) => [{}, { query: { officer: far.officer } }]),
  'POST /codes': refused((far) => [{ body: new URLSearchParams({ officerId: far.officer, place: `${FAR_VILLAGE}.`, csrfToken: 'x' }) }]),
  'POST /codes/:id/revoke': refused((far) => [{ params: { id: far.localCodeOfGroup } }]),
  'POST /api/v1/local-sessions': open('signs in by a local code, at the house of a village only'),
  'GET /sign-in': open('the form for a local code, at the house of a village only'),
  'POST /sign-in': open('signs in by a local code, at the house of a village only'),
  'GET /api/v1/grid': both(
    () => [FAR_TOWNSHIP, FAR_VILLAGE, FAR_GROUP].map((under) => ({ query: { under } })),
    () => [{}],
  ),
  'GET /api/v1/grid/search': hidden(() => ['远乡', FAR_VILLAGE, 'yx'].map((q) => ({ query: { q } }))),
  'GET /api/v1/sites': both(
    () => [{ query: { under: FAR_GROUP } }],
    () => [{}],
  ),
  'GET /api/v1/imports': same('which lists there are'),
  'GET /api/v1/imports/:list/form': same('an empty form'),
  'POST /api/v1/imports/:list': refused(() => [
    { params: { list: 'households' }, ...csv },
    { params: { list: 'households' }, query: { dryRun: 'true' }, ...csv },
  ]),
  'GET /api/v1/exports/:list': hidden(() =>
    ['sites', 'members', 'households', 'persons', 'places', 'muster-points', 'hazard-points'].map((list) => ({ params: { list } })),
  ),
  'GET /api/v1/ladders': both(
    () => [{ query: { under: FAR_VILLAGE } }],
    () => [{}],
  ),
  'POST /api/v1/members/:id/keep': refused((far) => [{ params: { id: far.joined } }]),
  'POST /api/v1/members/:id/let-go': refused((far) => [{ params: { id: far.joined } }]),
  'POST /api/v1/places/:id/head-count': refused(() => [{ params: { id: 'far-place' }, body: { headCount: 7 } }]),
  'POST /api/v1/alerts/:id/shelters': refused((far) =>
    [far.alert, far.shared].map((id) => ({ params: { id }, body: { villageCode: FAR_VILLAGE, name: '远乡安置点', capacity: 50 } })),
  ),
  'GET /api/v1/enrolments': both(
    () => [{ query: { under: FAR_GROUP } }],
    () => [{}],
  ),
  'POST /api/v1/gateways/claim-codes': refused(() => [{ body: { siteId: 'far-site' } }]),
  'POST /api/v1/gateways/claim': open('a box, by the claim code that an officer gave it'),
  'POST /api/v1/gateways/:id/confirm': refused((far) => [{ params: { id: far.gatewayClaimed } }]),
  'POST /api/v1/gateways/:id/revoke': refused((far) => [{ params: { id: far.gateway } }]),
  'GET /api/v1/keys': hidden(),
  'POST /api/v1/keys': refused(() => [{ body: { scope: FAR_VILLAGE } }]),
  'POST /api/v1/keys/rotate': refused(() => [{ body: { scope: FAR_TOWNSHIP } }]),
  'POST /api/v1/keys/switch': refused(() => [{ body: { scope: FAR_TOWNSHIP } }]),
  'POST /api/v1/keys/:kid/revoke': refused((far) => [{ params: { kid: far.kid } }]),
  'POST /api/v1/broker/authenticate': open('the county’s broker, by the word that only it knows'),
  'POST /api/v1/broker/authorize': open('the county’s broker, by the word that only it knows'),
  'POST /api/v1/houses/claim-codes': refused(() => [{ body: { gridCode: FAR_VILLAGE } }]),
  'POST /api/v1/houses/claim': open('a house, by the claim code that an officer gave it'),
  'GET /api/v1/houses': hidden(),
  'POST /api/v1/houses/:id/confirm': refused((far) => [{ params: { id: far.houseBelow } }]),
  'GET /api/v1/houses/:id/parcel': refused((far) => [{ params: { id: far.houseBelow } }]),
  'POST /api/v1/houses/:id/revoke': refused((far) => [{ params: { id: far.houseBelow } }]),
  'POST /api/v1/parcels': same('sealed by the house that sent it; only that house’s own ground is taken from it'),
  'GET /api/v1/clock': same('what time it is'),
  'POST /api/v1/clock/confirm': same('what time it is; only at a house without a clock'),
};
