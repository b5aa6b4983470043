// Access to calls, ladders, roll-calls, sections, tasks, rounds and what people say by their own links.
import { DASUO, VILLAGE } from '../harness/small-county.ts';
import { FAR_GROUP, FAR_TOWNSHIP, FAR_VILLAGE } from './far-township.ts';
import { both, link, ofAlert, onEach, open, refused, same, type Ask, type Rules } from './rules.ts';
import type { Far } from './far-township.ts';

const group = { group: FAR_GROUP };
const LATER = '2026-07-25T12:00:00+08:00';
const page = (said: Record<string, string>) => new URLSearchParams(said);
const FORM = '00000000-0000-4000-8000-000000000001';
const SHEET = 'a style sheet or the code of a page';
const OWN_CALL = 'his own call';
const task = (body: unknown = {}) => refused((far: Far) => [{ params: { id: far.task }, body }]);
const helpers = (far: Far): readonly Ask[] => [far.alert, far.shared].map((id) => ({ params: { id, householdId: 'far-h1' }, body: { memberId: 'far-m2' } }));

export const CALLS: Rules = {
  'POST /api/v1/calls/:id/answer': link(
    'the link of that very call, or an officer who may answer for it',
    (far) => [far.call, far.sharedCall].map((id) => ({ params: { id }, body: { answer: 'coming', token: far.home.member } })),
    (far) => [{ params: { id: far.call }, body: { answer: 'coming', token: far.link } }],
  ),
  'POST /api/v1/calls/:id/answer-for': refused((far) =>
    [far.call, far.sharedCall].map((id) => ({ params: { id }, body: { answer: 'arrived', means: 'telephone' } })),
  ),
  'POST /api/v1/calls/:id/again': refused((far) => [far.call, far.sharedCall].map((id) => ({ params: { id } }))),
  'POST /api/v1/calls/:id/help': refused((far) => [far.call, far.sharedCall].map((id) => ({ params: { id }, body: { means: 'telephone', words: '远' } }))),
  'POST /api/v1/calls/:id/help-over': refused((far) => [far.call, far.sharedCall].map((id) => ({ params: { id } }))),
  'GET /api/v1/alerts/:id/calls': ofAlert({}, group),
  'GET /api/v1/alerts/:id/answers': ofAlert(),
  'POST /api/v1/alerts/:id/members/:memberId/revoke-link': onEach(() => ({ params: { memberId: 'far-m1' } })),
  'POST /api/v1/alerts/:id/join-codes': onEach(() => ({ body: { gridCode: FAR_GROUP } })),
  'POST /api/v1/join-codes/:id/close': refused((far) => [{ params: { id: far.joinCode } }]),
  'GET /api/v1/alerts/:id/join-codes': ofAlert(),
  'GET /api/v1/join-codes/:id/sheet': refused((far) => [{ params: { id: far.joinCode } }]),
  'GET /join.css': open(SHEET),
  'GET /join-sheet.css': open(SHEET),
  'GET /j': link('asks for a join code'),
  'GET /j/:code': link('who holds the code of one place'),
  'POST /j/:code': link(
    'who holds the code of one place: he joins nowhere else',
    (far) => [{ params: { code: far.home.joinCode }, body: page({ form: FORM, name: '演示闯入者', gridCode: FAR_GROUP, answer: 'coming' }) }],
    (far) => [{ params: { code: far.joinCodeWords }, body: page({ form: FORM, name: '远乡居民', gridCode: FAR_GROUP, answer: 'coming' }) }],
  ),
  'GET /api/v1/numbers': both(
    () => [{ query: { grid: FAR_GROUP } }],
    () => [{}],
  ),
  'POST /api/v1/numbers/rounds': refused(() => [{ body: { gridCode: FAR_GROUP, olderThanDays: 0 } }]),
  'GET /phone/:name': open(SHEET),
  'GET /m/:token': link(OWN_CALL),
  'POST /m/:token': link(OWN_CALL),
  'GET /m/:token/state': link(OWN_CALL),
  'POST /m/:token/answers': link(OWN_CALL),
  'GET /m/:token/events': link(OWN_CALL),
  'POST /m/:token/safety': link(
    `${OWN_CALL}; who does not command there orders nothing`,
    (far) =>
      [
        { say: 'command', gridCode: FAR_GROUP },
        { say: 'send-pair', memberIds: ['m-bo', 'far-m2'] },
        { say: 'withdraw', gridCode: FAR_GROUP },
      ].flatMap((body) => [far.home.member, far.home.sharedMember].map((token) => ({ params: { token }, body }))),
    (far) => [{ params: { token: far.link }, body: { say: 'safe' } }],
  ),
};

export const LADDERS: Rules = {
  'GET /api/v1/alerts/:id/ladders': ofAlert(),
  'POST /api/v1/alerts/:id/ladders/:village/answer': refused((far) => [
    ...[far.alert, far.shared].map((id) => ({
      ...{ params: { id, village: FAR_VILLAGE }, body: { means: 'telephone', by: { memberId: 'far-m1' }, version: 1 } },
    })),
    // Of his own village, by the mouth of somebody of theirs.
    { params: { id: far.home.alert, village: VILLAGE }, body: { means: 'telephone', by: { memberId: 'far-m1' }, version: 1 } },
  ]),
  'GET /l/:token': link('his own asking'),
  'POST /l/:token': link('his own asking'),
  'GET /api/v1/alerts/:id/sections': ofAlert({}, group),
  'POST /api/v1/alerts/:id/sections/assign': onEach(() => ({ body: { memberId: 'far-m1', gridCode: FAR_GROUP, section: 'warning', reason: '他在' } })),
  'POST /api/v1/alerts/:id/sections/free': onEach(() => ({ body: { memberId: 'far-m1', reason: '他走了' } })),
  'POST /api/v1/alerts/:id/commanders': onEach(() => ({ body: { gridCode: FAR_GROUP, memberId: 'far-m1' } })),
  'POST /api/v1/alerts/:id/commanders/acknowledge': onEach(() => ({ body: { gridCode: FAR_GROUP, memberId: 'far-m1' } })),
  'POST /api/v1/alerts/:id/pairs': refused((far) => [
    ...[far.alert, far.shared].map((id) => ({ params: { id }, body: { memberIds: ['far-m1', 'far-m2'] } })),
    // One of his own, one of theirs.
    ...[
      ['m-bo', 'far-m1'],
      ['far-m1', 'm-bo'],
    ].map((memberIds) => ({ params: { id: far.shared }, body: { memberIds } })),
  ]),
  'POST /api/v1/alerts/:id/withdraw': onEach(() => ({ body: { gridCode: FAR_GROUP } })),
  'POST /api/v1/pairs/:id/check-in': refused((far) => [{ params: { id: far.pair }, body: { means: 'radio' } }]),
  'POST /api/v1/alerts/:id/back': onEach(() => ({ body: { memberId: 'far-m1', means: 'radio' } })),
};

export const ROLL_CALL: Rules = {
  'POST /api/v1/alerts/:id/rollcall/persons/:personId/mark': onEach(() => ({
    ...{ params: { personId: 'far-p1' }, body: { status: 'safe', means: 'telephone', version: 1 } },
  })),
  'POST /api/v1/alerts/:id/rollcall/found': onEach(() => ({ body: { name: '远乡客', gridCode: FAR_GROUP, status: 'safe', means: 'telephone' } })),
  'POST /api/v1/alerts/:id/rollcall/households/:householdId/mark': onEach(() => ({
    ...{ params: { householdId: 'far-h1' }, body: { status: 'safe', means: 'telephone', version: 1 } },
  })),
  'POST /api/v1/alerts/:id/rollcall/places/:placeId/count': onEach(() => ({
    ...{ params: { placeId: 'far-place' }, body: { counted: 3, means: 'telephone', version: 1 } },
  })),
  'GET /api/v1/alerts/:id/rollcall': ofAlert({}, group),
  'GET /api/v1/alerts/:id/rollcall/households/:householdId': onEach(() => ({ params: { householdId: 'far-h1' } })),
  'GET /api/v1/alerts/:id/rollcall/places': ofAlert({}, group),
  'GET /api/v1/alerts/:id/rollcall/muster-points': ofAlert({}, group),
  'GET /api/v1/alerts/:id/rollcall/doors': ofAlert({}, group),
  'POST /api/v1/alerts/:id/rollcall/doors/:householdId/helper': refused(helpers),
  'GET /m/:token/rollcall': link(`${OWN_CALL}: his own doors`),
  'POST /m/:token/rollcall/persons/:personId/mark': link(
    `${OWN_CALL}: his own doors`,
    (far) => [{ params: { token: far.home.member, personId: 'far-p1' }, body: { status: 'safe', version: 1 } }],
    (far) => [{ params: { token: far.link, personId: 'far-p1' }, body: { status: 'safe', version: 1 } }],
  ),
  'POST /m/:token/rollcall/households/:householdId/mark': link(
    `${OWN_CALL}: his own doors`,
    (far) => [{ params: { token: far.home.member, householdId: 'far-h1' }, body: { status: 'safe', version: 1 } }],
    (far) => [{ params: { token: far.link, householdId: 'far-h1' }, body: { status: 'safe', version: 1 } }],
  ),
  'POST /m/:token/rollcall/found': link(
    `${OWN_CALL}: his own group`,
    (far) => [{ params: { token: far.home.member }, body: { id: 'found-0001', name: '客', gridCode: FAR_GROUP, status: 'safe' } }],
    (far) => [{ params: { token: far.link }, body: { id: 'found-0002', name: '远乡客', gridCode: FAR_GROUP, status: 'safe' } }],
  ),
  'GET /tag-sheet.css': open(SHEET),
  'GET /t/:code': link(
    'a tag says nothing to who finds it; his own link or his session says whose doors are his',
    (far) => [{ params: { code: far.tag }, query: { m: far.home.member } }],
    (far) => [{ params: { code: far.tag }, query: { m: far.link } }],
  ),
  'POST /t/:code': link(
    'the same',
    (far) => [{ params: { code: far.tag }, query: { m: far.home.member }, body: page({ alertId: far.home.alert, csrfToken: far.home.tagCsrf }) }],
    (far) => [{ params: { code: far.tag }, query: { m: far.link }, body: page({ alertId: far.alert, csrfToken: far.tagCsrf }) }],
  ),
  'GET /api/v1/rollcall/tags/:code': refused((far) => [{ params: { code: far.tag } }]),
  'POST /api/v1/alerts/:id/rollcall/scans': onEach((far) => ({ body: { code: far.tag } })),
  'GET /api/v1/rollcall/tags': refused(() => [{ query: group }]),
  'GET /roll-sheet.css': open(SHEET),
  'GET /api/v1/alerts/:id/rollcall/sheet': ofAlert({}, group),
  'GET /api/v1/alerts/:id/rollcall.csv': ofAlert({}, group),
  'GET /card-sheet.css': open(SHEET),
  'GET /api/v1/cards/households': refused(() => [{ query: group }]),
  'GET /api/v1/cards/members': refused(() => [{ query: group }]),
};

export const WORK: Rules = {
  'GET /task-sheet.css': open(SHEET),
  'GET /api/v1/tasks/:id/reminder': refused((far) => [{ params: { id: far.task } }]),
  'GET /api/v1/tasks': both(
    () => [{ query: { grid: FAR_GROUP } }],
    (far) => [{}, { query: { owner: 'far-m1' } }, { query: { text: '远乡' } }, { query: { alertId: far.shared } }, { query: { findingOf: far.alert } }],
  ),
  'GET /api/v1/tasks/:id': refused((far) => [{ params: { id: far.task } }]),
  'POST /api/v1/tasks/:id/take': task(),
  'POST /api/v1/tasks/:id/done': task(),
  'POST /api/v1/tasks/:id/sign-off': task(),
  'POST /api/v1/tasks/:id/send-back': task({ words: '再看一次' }),
  'POST /api/v1/tasks/:id/reassign': refused((far) => [
    { params: { id: far.task }, body: { memberId: 'far-m2' } },
    { params: { id: far.home.task }, body: { memberId: 'far-m2' } },
  ]),
  'POST /api/v1/tasks/:id/extend': task({ dueAt: LATER }),
  'POST /api/v1/tasks/:id/remind': task(),
  'POST /api/v1/tasks/:id/drop': task({ words: '不用了' }),
  'POST /api/v1/tasks': refused((far) => [
    { body: { kind: 'inspect-point', gridCode: FAR_GROUP, title: '远乡查看', dueAt: LATER, memberId: 'far-m1' } },
    { body: { kind: 'finding', gridCode: FAR_GROUP, title: '远乡查看', dueAt: LATER, memberId: 'far-m1', findingOf: far.alert } },
    { body: { kind: 'finding', gridCode: DASUO, title: '查看', dueAt: LATER, memberId: 'm-bo', findingOf: far.alert } },
    { body: { kind: 'inspect-point', gridCode: DASUO, title: '查看', dueAt: LATER, memberId: 'far-m1' } },
    { body: { kind: 'inspect-point', gridCode: DASUO, title: '查看', dueAt: LATER, officerId: far.officer }, control: 'nobody' },
  ]),
  'GET /api/v1/tasks/:id/timeline': refused((far) => [{ params: { id: far.task } }]),
  'GET /k/:token': link('his own task'),
  'POST /k/:token': link('his own task'),
  'GET /api/v1/task-owners': refused(() => [{ query: { grid: FAR_GROUP } }]),
  'GET /api/v1/task-templates': same('one set of templates for the county'),
  'PUT /api/v1/task-templates/:id': refused(() => [
    {
      params: { id: 'of-the-county' },
      body: { eventCodes: [], degrees: ['red'], stage: '一', zh: '全县', en: 'county', actions: [], version: 0 },
    },
  ]),
  'POST /api/v1/tasks/:id/photos': refused((far) => [{ params: { id: far.task }, body: far.jpeg, headers: { 'content-type': 'image/jpeg' } }]),
  'GET /api/v1/tasks/:id/photos/:photoId': refused((far) => [{ params: { id: far.task, photoId: far.photo } }]),
  'POST /k/:token/photos': link('his own task'),
  'GET /k/:token/photos/:photoId': link(
    'the photos of his own task',
    (far) => [{ params: { token: far.home.taskLink, photoId: far.photo } }],
    (far) => [{ params: { token: far.taskLink, photoId: far.photo } }],
  ),
  'POST /api/v1/statuses/read': refused(() => [{ body: { gridCode: FAR_GROUP, lines: ['远乡人 卫星 1458', '', '1户 1人'] } }]),
  'POST /api/v1/statuses': refused(() => [{ body: { gridCode: FAR_GROUP, lines: ['远乡人 卫星 1458', '', '1户 1人'] } }]),
  'GET /api/v1/statuses': both(
    (far) => [{ query: { grid: FAR_GROUP } }, { query: { alertId: far.alert } }],
    (far) => [{}, { query: { alertId: far.shared } }, { query: { newest: 'true' } }],
  ),
  'POST /api/v1/statuses/:id/reconcile': refused((far) => [{ params: { id: far.status }, body: { version: 1 } }]),
};

export const ROUNDS: Rules = {
  'GET /api/v1/rounds': both(
    () => [{ query: { grid: FAR_TOWNSHIP } }],
    () => [{}],
  ),
  'GET /api/v1/rounds/list': both(
    () => [{ query: { kind: 'patrol', grid: FAR_GROUP } }],
    () => ['patrol', 'visit', 'room'].map((kind) => ({ query: { kind } })),
  ),
  'GET /api/v1/rounds/list.csv': both(
    () => [{ query: { kind: 'patrol', grid: FAR_GROUP } }],
    () => ['patrol', 'visit', 'room'].map((kind) => ({ query: { kind } })),
  ),
  'POST /api/v1/rounds/:planId/done': refused((far) => [{ params: { planId: far.patrol }, body: { result: 'calm', means: 'telephone' } }]),
  'POST /api/v1/rounds/:planId/confirm': refused((far) => [{ params: { planId: far.room }, body: { checkId: far.check, lacking: [] } }]),
  'GET /api/v1/rounds/:planId/contact': refused((far) => [{ params: { planId: far.patrol } }]),
  'POST /api/v1/rounds/:planId/new-link': refused((far) => [{ params: { planId: far.patrol } }]),
  'GET /w/:token': link('his own rounds'),
  'POST /w/:token': link(
    'his own rounds',
    (far) => [{ params: { token: far.home.roundLink }, body: page({ plan: far.patrol, form: FORM, result: 'calm', words: '' }) }],
    (far) => [{ params: { token: far.roundLink }, body: page({ plan: far.patrol, form: FORM, result: 'calm', words: '' }) }],
  ),
};
