// A township of which the others' officers may know nothing: all that a place can hold, made over the API. Every name in it begins with 远乡, every id with far-.
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { newKeyPair } from '@laba/messaging/envelope';
import { createOfficer } from '@laba/registry/create-officer';
import type { Act } from '@laba/runtime/auth';
import { queueMessages } from '@laba/storage/messages';
import { tagCode } from '@laba/mobilization/roll-call/tag';
import { PROVIDER_SECRET } from '../harness/fake-phones.ts';
import { Resident } from '../harness/resident.ts';
import { COUNTY, DASUO, VILLAGE } from '../harness/small-county.ts';
import type { Town } from '../harness/town.ts';
import { Visitor } from './visitor.ts';

export const FAR_TOWNSHIP = '533324102';
export const FAR_VILLAGE = '533324102201';
export const FAR_GROUP = '53332410220101';

/** By these an answer gives away that it speaks of the far township's people and things. */
export const MARKS = ['远乡', 'far-'] as const;

const LISTS: readonly (readonly [string, string])[] = [
  ['divisions', `code,name,parent_code,level\n${FAR_TOWNSHIP},远乡镇,${COUNTY},township\n${FAR_VILLAGE},远乡村委会,${FAR_TOWNSHIP},village\n`],
  ['groups', `code,name,parent_code,party_branch,languages\n${FAR_GROUP},远乡小组,${FAR_VILLAGE},远乡党支部,lis\n`],
  [
    'sites',
    `site_id,name,grid_code,placed_by,speaker_id,speaker_name\nfar-site,远乡活动室,${FAR_GROUP},test,far-speaker,远乡喇叭\nfar-site-2,远乡第二活动室,${FAR_VILLAGE},test,far-speaker-2,远乡第二喇叭\n`,
  ],
  [
    'members',
    `member_id,name,phone,skills,available,grid_code,post\nfar-m1,远乡甲,+8610000000101,first-aid,true,${FAR_GROUP},party-secretary\nfar-m2,远乡乙,+8610000000102,,true,${FAR_GROUP},group-leader\nfar-m3,远乡丙,,,true,${FAR_GROUP},hazard-monitor\n`,
  ],
  [
    'households',
    `household_id,grid_code,doorplate,head_name,phone,needs,helper_member_id\nfar-h1,${FAR_GROUP},远乡01,远乡户一,+8610000000111,elderly|alone,far-m1\n`,
  ],
  ['persons', `person_id,household_id,name,needs\nfar-p1,far-h1,远乡人一,elderly\n`],
  ['places', `place_id,grid_code,kind,name,contact_name,phone,head_count\nfar-place,${FAR_GROUP},guesthouse,远乡客栈,远乡店主,+8610000000121,6\n`],
  ['muster-points', `muster_point_id,grid_code,name,capacity\nfar-muster,${FAR_GROUP},远乡集合点,100\n`],
  ['ladders', `grid_code,position,member_id,duty\n${FAR_VILLAGE},1,far-m1,responsible\n${FAR_TOWNSHIP},1,far-m2,township-lead\n`],
  ['hazard-points', `point_id,grid_code,name,hazard,patrol_name,phone,patrol_member_id\nfar-hp,${FAR_GROUP},远乡后山,debris-flow,远乡监测员,+8610000000131,\n`],
];

const zh = (text: string) => [{ language: 'zh-CN', title: '通知', text }];
/** Words that say nothing of where: what two places share may be read by both. */
export const orderFor = (areaCodes: readonly string[]) => ({
  mode: 'live',
  kind: 'order',
  order: 'move-now',
  eventCode: '11D00',
  durationMinutes: 600,
  intervalSeconds: 600,
  areaCodes,
  texts: zh('立即转移'),
  endTexts: zh('可以回家'),
  cancelTexts: zh('误播'),
});
export const bulletinFor = (areaCodes: readonly string[]) => ({
  title: '远乡通知',
  texts: [{ language: 'zh-CN', text: '远乡今天收医保。' }],
  areaCodes,
  times: { repeat: 'daily', at: ['15:05'], weekdays: [], from: '2026-06-30', to: null },
  volume: 60,
});

interface Call {
  id: string;
  memberId: string;
  gridCode: string;
  link: string;
}

export interface Far {
  /** An alert of the far township alone; one that it shares with a group at home; a draft of its own. */
  alert: string;
  shared: string;
  draft: string;
  report: string;
  /** A report with a photo. */
  photographed: string;
  reportLink: string;
  status: string;
  call: string;
  link: string;
  sharedCall: string;
  sharedLink: string;
  pair: string;
  joinCode: string;
  joinCodeWords: string;
  joined: string;
  joinedLink: string;
  task: string;
  photo: string;
  taskLink: string;
  patrol: string;
  roundLink: string;
  room: string;
  check: string;
  gateway: string;
  gatewayClaimed: string;
  houseBelow: string;
  kid: string;
  bulletin: string;
  bulletinTime: string;
  byHand: string;
  officer: string;
  localCode: string;
  localCodeOfGroup: string;
  shift: string;
  situation: string;
  tag: string;
  tagCsrf: string;
  /** As it stands. */
  policy: unknown;
  jpeg: Uint8Array;
  /** What people at home hold in their hands. */
  home: {
    alert: string;
    draft: string;
    report: string;
    bulletin: string;
    officer: string;
    member: string;
    /** The link of his call for the alert that two places share. */
    sharedMember: string;
    call: string;
    task: string;
    joinCode: string;
    taskLink: string;
    roundLink: string;
    ladderLink: string;
    reportLink: string;
    tagCsrf: string;
  };
}

const SETUP: Act = { who: 'system', via: 'cli', once: [] };
const TODAY = '2026-06-30';
const endOf = (link: string) => link.split('/').at(-1)!;
const key = () => randomBytes(32).toString('base64url');

/** Who makes it all: an administrator of the county, and an officer of the far township. */
interface Makers {
  town: Town;
  admin: Visitor;
  officer: Visitor;
}

const settled = async <T>({ town }: Makers, asked: Promise<T>): Promise<T> => {
  const answer = await asked;
  await town.clock.settle();
  return answer;
};
const made = async (makers: Makers, path: string, body: unknown = {}, by: Visitor = makers.admin) =>
  settled(makers, by.gets<{ id: string; version: number }>('POST', path, body));

async function lists({ town, admin }: Makers, files: readonly (readonly [string, string])[]): Promise<void> {
  for (const [list, csv] of files) {
    const answer = await admin.ask({ method: 'POST', path: `/api/v1/imports/${list}`, body: csv, headers: { 'content-type': 'text/csv' } });
    if (answer.status !== 200) throw new Error(`${list}: ${answer.text}`);
  }
  await town.clock.settle();
}

async function alerts(makers: Makers) {
  const raised = async (areas: readonly string[]) => {
    const { id } = await made(makers, '/api/v1/alerts', orderFor(areas));
    await made(makers, `/api/v1/alerts/${id}/raise`);
    return id;
  };
  const [alert, shared, home] = [await raised([FAR_GROUP]), await raised([DASUO, FAR_GROUP]), await raised([DASUO])];
  const { id: draft } = await made(makers, '/api/v1/alerts', orderFor([FAR_GROUP]));
  return { alert, shared, homeAlert: home, draft };
}

async function callsOf({ admin, town }: Makers, alertId: string, memberId: string): Promise<Call> {
  let found: Call | undefined;
  await town.eventually(`${memberId} is called`, async () => {
    const { calls } = await admin.gets<{ calls: Call[] }>('GET', `/api/v1/alerts/${alertId}/calls`);
    found = calls.find((call) => call.memberId === memberId);
    return found !== undefined;
  });
  return found!;
}

async function joinerOf(makers: Makers, alertId: string, gridCode: string, name: string) {
  const code = await settled(makers, makers.admin.gets<{ id: string; code: string }>('POST', `/api/v1/alerts/${alertId}/join-codes`, { gridCode }));
  const { status, link } = await new Resident(makers.town, code.code).joins({ name, gridCode, answer: 'arrived' });
  if (status !== 303 || link === null) throw new Error(`${name} could not join: ${status}`);
  return { code, link };
}

async function boxes(makers: Makers) {
  const claimed = async (siteId: string) => {
    const { code } = await makers.admin.gets<{ code: string }>('POST', '/api/v1/gateways/claim-codes', { siteId });
    return (await makers.admin.gets<{ gatewayId: string }>('POST', '/api/v1/gateways/claim', { code, publicKey: newKeyPair().publicKey })).gatewayId;
  };
  const gateway = await claimed('far-site');
  await made(makers, `/api/v1/gateways/${gateway}/confirm`);
  const { code } = await makers.admin.gets<{ code: string }>('POST', '/api/v1/houses/claim-codes', { gridCode: FAR_VILLAGE });
  const house = await makers.admin.gets<{ id: string }>('POST', '/api/v1/houses/claim', { code, signKey: key(), sealKey: key() });
  await made(makers, `/api/v1/houses/${house.id}/confirm`);
  const { made: kids } = await makers.admin.gets<{ made: string[] }>('POST', '/api/v1/keys', { scope: FAR_TOWNSHIP });
  return { gateway, gatewayClaimed: await claimed('far-site-2'), houseBelow: house.id, kid: kids[0]! };
}

async function work(makers: Makers, memberId: string, gridCode: string, title: string, jpeg: Uint8Array) {
  const given = { kind: 'inspect-point', gridCode, title, words: title, dueAt: '2026-07-20T12:00:00+08:00', memberId };
  const { id } = await made(makers, '/api/v1/tasks', given);
  const photo = await settled(
    makers,
    makers.admin.ask({ method: 'POST', path: `/api/v1/tasks/${id}/photos`, body: jpeg, headers: { 'content-type': 'image/jpeg' } }),
  );
  return { id, photo: (JSON.parse(photo.text) as { id: string }).id };
}

interface Plan {
  planId: string;
  subjectId: string;
}

async function planOf({ admin }: Makers, kind: 'patrol' | 'room', subjectId: string): Promise<string> {
  const { rounds } = await admin.gets<{ rounds: Plan[] }>('GET', `/api/v1/rounds/list?kind=${kind}`);
  return rounds.find((one) => one.subjectId === subjectId)!.planId;
}

async function peace(makers: Makers) {
  const { admin, officer } = makers;
  const room = await planOf(makers, 'room', 'far-site');
  const checked = await settled(
    makers,
    admin.gets<{ room: { checkId: string } }>('POST', `/api/v1/rounds/${room}/done`, { result: 'lacking', means: 'on-site', lacking: ['rescue-kit'] }),
  );
  const bulletin = await made(makers, '/api/v1/bulletins', bulletinFor([FAR_GROUP]));
  await makers.town.clock.pass('6 min');
  const { times } = await admin.gets<{ times: { id: string | null; bulletinId: string }[] }>('GET', `/api/v1/bulletin-times?from=${TODAY}&days=2`);
  const shift = await made(makers, '/api/v1/shifts', {}, officer);
  return { room, check: checked.room.checkId, patrol: await planOf(makers, 'patrol', 'far-hp'), bulletin: bulletin.id, times, shift: shift.id };
}

/** The newest link of a kind that a telephone received. */
function sentTo(town: Town, phone: string, kind: string): string {
  const found = town.phones.received.findLast((one) => one.phone.endsWith(phone) && one.link?.startsWith(kind) === true);
  if (found === undefined) throw new Error(`${phone} received no ${kind}.`);
  return endOf(found.link!);
}

/** Links and things of people at home, with which they try the far township's. */
async function homeThings(makers: Makers, { homeAlert, shared }: { homeAlert: string; shared: string }, jpeg: Uint8Array): Promise<Far['home']> {
  const { admin, town } = makers;
  const call = await callsOf(makers, homeAlert, 'm-bo');
  const task = await work(makers, 'm-bo', DASUO, '查看后山', jpeg);
  await town.clock.pass('1 min');
  await lists(makers, [
    ['hazard-points', `point_id,grid_code,name,hazard,patrol_name,phone,patrol_member_id\nhp-1,${DASUO},打所后山,debris-flow,演示监测员,+8610000000041,\n`],
  ]);
  const { link: roundLink } = await admin.gets<{ link: string }>('GET', `/api/v1/rounds/${await planOf(makers, 'patrol', 'hp-1')}/contact`);
  const { path } = await admin.gets<{ path: string }>('GET', `/api/v1/report-links/${VILLAGE}`);
  const { code } = await joinerOf(makers, homeAlert, DASUO, '家乡帮手');
  const { id: report } = await made(makers, '/api/v1/reports', { gridCode: DASUO, hazard: 'fire', text: '山上有烟' });
  const { id: draft } = await made(makers, '/api/v1/alerts', orderFor([DASUO]));
  const { id: bulletin } = await made(makers, '/api/v1/bulletins', {
    ...bulletinFor([DASUO]),
    title: '通知',
    texts: [{ language: 'zh-CN', text: '今天收医保。' }],
  });
  const { officers } = await admin.gets<{ officers: { id: string; username: string }[] }>('GET', '/api/v1/officers');
  return {
    ...{ report, draft, bulletin, officer: officers.find(({ username }) => username === 'cadre1')!.id },
    sharedMember: endOf((await callsOf(makers, shared, 'm-bo')).link),
    ...{ alert: homeAlert, member: endOf(call.link), call: call.id, task: task.id, joinCode: code.code },
    ...{ taskLink: sentTo(town, '10000000002', '/k/'), ladderLink: sentTo(town, '10000000001', '/l/') },
    ...{ roundLink: endOf(roundLink), reportLink: endOf(path), tagCsrf: town.house.deps.vault.hash('tag-form', endOf(call.link)) },
  };
}

async function accounts(makers: Makers) {
  const { officer } = await makers.admin.gets<{ officer: { id: string } }>('POST', '/api/v1/officers', {
    ...{ username: 'far-cadre', name: '远乡村干部', role: 'village-cadre', scopes: [FAR_VILLAGE] },
  });
  const { id: localCode } = await made(makers, '/api/v1/local-codes', { officerId: officer.id, gridCode: FAR_VILLAGE });
  const { id: localCodeOfGroup } = await made(makers, '/api/v1/local-codes', { officerId: officer.id, gridCode: FAR_GROUP });
  return { officer: officer.id, localCode, localCodeOfGroup };
}

/** What comes in by the county's provider of short messages. */
async function provided({ town }: Makers, incoming: readonly Record<string, string>[]): Promise<void> {
  const path = `/api/v1/channels/sms/incoming?key=${encodeURIComponent(PROVIDER_SECRET)}`;
  const answer = await new Visitor(() => town.house).ask({ method: 'POST', path, body: incoming });
  if (answer.status !== 200) throw new Error(answer.text);
  await town.clock.settle();
}

async function broughtByHand({ town }: Makers): Promise<string> {
  const id = town.ids();
  const nowMs = town.clock.now();
  const times = { dueAtMs: nowMs, notAfterMs: nowMs + 3_600_000, changedAtMs: nowMs };
  const about = { alertId: null, purpose: 'told', subjectId: id, memberId: 'far-m3', gridCode: FAR_GROUP, channel: 'manual' } as const;
  await town.house.deps.db.atomically(queueMessages([{ id, ...about, step: 1, urgent: false, facts: {}, ...times }]));
  await town.clock.settle();
  return id;
}

async function heard(makers: Makers) {
  const { id: report } = await made(makers, '/api/v1/reports', { gridCode: FAR_GROUP, hazard: 'debris-flow', text: '远乡沟里水变浑', reporterName: '远乡人' });
  const { path } = await makers.admin.gets<{ path: string }>('GET', `/api/v1/report-links/${FAR_VILLAGE}`);
  const status = await made(makers, '/api/v1/statuses', { gridCode: FAR_GROUP, lines: ['远乡人 卫星 1458', '转移 1450 响了', '1户 1人 转移1 失联0 受伤0'] });
  await makers.admin.gets('PUT', '/api/v1/robots', { gridCode: FAR_TOWNSHIP, channel: 'wecom', url: 'https://chat.example/far' });
  return { report, reportLink: endOf(path), status: status.id };
}

async function atTheScene(makers: Makers, alert: string, shared: string) {
  const call = await callsOf(makers, alert, 'far-m1');
  const other = await callsOf(makers, alert, 'far-m2');
  for (const { id } of [call, other]) await made(makers, `/api/v1/calls/${id}/answer-for`, { answer: 'arrived', means: 'telephone' });
  const sharedCall = await callsOf(makers, shared, 'far-m1');
  const there = await Promise.all(['far-m1', 'far-m2', 'm-bo'].map(async (memberId) => callsOf(makers, shared, memberId)));
  for (const { id } of there) await made(makers, `/api/v1/calls/${id}/answer-for`, { answer: 'arrived', means: 'telephone' });
  await made(makers, `/api/v1/alerts/${shared}/commanders`, { gridCode: DASUO, memberId: 'm-bo', acknowledged: true });
  const pair = await made(makers, `/api/v1/alerts/${alert}/pairs`, { memberIds: ['far-m1', 'far-m2'] });
  const { code, link } = await joinerOf(makers, alert, FAR_GROUP, '远乡帮手');
  const { joined } = await makers.admin.gets<{ joined: { memberId: string }[] }>('GET', `/api/v1/alerts/${alert}/join-codes`);
  return {
    ...{ call: call.id, link: endOf(call.link), sharedCall: sharedCall.id, sharedLink: endOf(sharedCall.link), pair: pair.id },
    ...{ joinCode: code.id, joinCodeWords: code.code, joined: joined[0]!.memberId, joinedLink: link },
  };
}

/** Fills the township; afterwards nothing waits. `town`: at three in the afternoon. */
export async function fillFarTownship(town: Town, password: string): Promise<Far> {
  const admin = await new Visitor(() => town.house).signIn('admin', password);
  await lists({ town, admin, officer: admin }, LISTS);
  await createOfficer(town.house.deps, { username: 'far-town', name: '远乡值班员', role: 'township-officer', scopes: [FAR_TOWNSHIP], password }, SETUP);
  const officer = await new Visitor(() => town.house).signIn('far-town', password);
  const makers: Makers = { town, admin, officer };
  const jpeg = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#556b2f' } })
    .jpeg()
    .toBuffer();
  const quiet = await peace(makers);
  const box = await boxes(makers);
  const who = await accounts(makers);
  const { homeAlert, ...raised } = await alerts(makers);
  const scene = await atTheScene(makers, raised.alert, raised.shared);
  const task = await work(makers, 'far-m1', FAR_GROUP, '远乡查看后山', jpeg);
  const words = await heard(makers);
  const situation = await made(makers, `/api/v1/alerts/${raised.alert}/situation-reports`);
  const { id: photographed } = await made(makers, `/m/${scene.link}/reports`, {
    ...{ hazard: 'debris-flow', text: '远乡沟里', photo: `data:image/jpeg;base64,${jpeg.toString('base64')}` },
  });
  await provided(makers, [
    { kind: 'reply', from: '+86 10000000101', words: '远乡收到' },
    { kind: 'reply', from: '+86 13900000999', words: '远乡陌生人' },
  ]);
  const home = await homeThings(makers, { homeAlert, shared: raised.shared }, jpeg);
  await town.clock.pass('1 min');
  const { link: roundLink } = await admin.gets<{ link: string }>('GET', `/api/v1/rounds/${quiet.patrol}/contact`);
  const { vault } = town.house.deps;
  return {
    ...raised,
    ...scene,
    ...words,
    ...box,
    ...who,
    ...{ task: task.id, photo: task.photo, jpeg, home, situation: situation.id },
    ...{ patrol: quiet.patrol, room: quiet.room, check: quiet.check, bulletin: quiet.bulletin, shift: quiet.shift },
    bulletinTime: quiet.times.find(({ bulletinId, id }) => bulletinId === quiet.bulletin && id !== null)?.id ?? '',
    byHand: await broughtByHand(makers),
    tag: tagCode(vault, { gridCode: FAR_GROUP, householdId: 'far-h1', personId: null, doorplate: '', name: '' }),
    ...{ photographed, tagCsrf: vault.hash('tag-form', scene.link), taskLink: sentTo(town, '10000000101', '/k/'), roundLink: endOf(roundLink) },
    policy: await admin.gets('GET', '/api/v1/policy'),
  };
}
