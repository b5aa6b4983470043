// Chapter 6, reporting upward: the figures of a report as tables with words; nothing is counted here.
import { PERSON_STATUS_NAMES, PERSON_STATUSES } from '@laba/domain/rollcall';
import type { SituationTable } from '@laba/domain/situation-view';
import type { AlertFigures, DayFigures } from './content.ts';

/** Says a thing in the document's language. */
export type Say = (zh: string, en: string) => string;

const of = (part: number, whole: number) => `${part} / ${whole}`;

export function alertTables(figures: AlertFigures, say: Say): SituationTable[] {
  return [people(figures, say), reached(figures, say), responders(figures, say), byVillage(figures, say)];
}

function people({ rollCall }: AlertFigures, say: Say): SituationTable {
  const { households, persons, places } = rollCall;
  const statuses = PERSON_STATUS_NAMES.filter((status) => persons.byStatus[status] > 0).map((status) => [
    say(PERSON_STATUSES[status].zh, PERSON_STATUSES[status].en),
    persons.byStatus[status],
  ]);
  return {
    heading: say('一、人员清点', '1. People accounted for'),
    columns: [],
    rows: [
      [say('已核实户数', 'Households accounted for'), of(households.accounted, households.total)],
      [say('已核实人数', 'People accounted for'), of(persons.accounted, persons.total)],
      ...statuses,
      [say('名单外找到', 'Found, on no list'), persons.found],
      [say('本轮待再次确认', 'To be counted again in this round'), persons.unconfirmed],
      [say('场所人员（清点 / 应有）', 'At places (counted / expected)'), of(places.counted, places.expected)],
      [say('清点是否完成', 'Roll-call'), rollCall.complete ? say('完成', 'complete') : say('未完成', 'not complete')],
    ],
  };
}

function reached({ coverage, ladders }: AlertFigures, say: Say): SituationTable {
  const { speakers, sites } = coverage;
  return {
    heading: say('二、预警触达', '2. How far the warning reached'),
    columns: [],
    rows: [
      [say('喇叭总数', 'Loudspeakers'), speakers.total],
      [say('已收到', 'Received by'), of(speakers.ever.received ?? 0, speakers.total)],
      [say('已播放', 'Played by'), of(speakers.ever.playing ?? 0, speakers.total)],
      [say('测到响声', 'Sound measured at'), of(speakers.ever.sounded ?? 0, speakers.total)],
      [say('失联活动室', 'Silent sites'), of(sites.silent, sites.total)],
      [say('叫应：已应答的村', 'Villages that answered the call'), of(ladders.answered, ladders.total)],
      [say('叫应：已组织转移的村', 'Villages that set out'), of(ladders.moving, ladders.total)],
      [say('叫应：逾期未应答', 'Villages overdue'), ladders.overdue],
    ],
  };
}

function responders({ coverage, tasks }: AlertFigures, say: Say): SituationTable {
  const { members } = coverage;
  return {
    heading: say('三、队伍和交办', '3. People called out, and tasks'),
    columns: [],
    rows: [
      [say('集结成员', 'Members called'), members.total],
      [say('出发前来', 'Coming'), members.coming],
      [say('在途', 'On the way'), members.onTheWay],
      [say('到位', 'Arrived'), members.arrived],
      [say('来不了', 'Cannot come'), members.cannot],
      [say('现场加入', 'Joined on the spot'), members.joined],
      [say('未办结任务', 'Open tasks'), tasks.open],
      [say('逾期任务', 'Overdue tasks'), tasks.overdue],
    ],
  };
}

function byVillage({ villages }: AlertFigures, say: Say): SituationTable {
  return {
    heading: say('四、分村情况（已播喇叭、已核实户和人 / 总数）', '4. Village by village (played, accounted for / all)'),
    columns: [say('村组', 'Place'), say('喇叭', 'Speakers'), say('户', 'Homes'), say('人', 'People'), say('已转移', 'Moved'), say('失联', 'Missing')],
    rows: villages.map(({ name, speakers, rollCall: { households, persons } }) => [
      name,
      of(speakers.ever.playing ?? 0, speakers.total),
      of(households.accounted, households.total),
      of(persons.accounted, persons.total),
      persons.byStatus.moved,
      persons.byStatus.missing,
    ]),
  };
}

export function dayTables({ sites, reports, tasks }: DayFigures, say: Say): SituationTable[] {
  return [
    {
      heading: say('值守情况', 'Readiness'),
      columns: [],
      rows: [
        [say('在线活动室', 'Sites heard of'), of(sites.total - sites.silent, sites.total)],
        [say('待核实的险情报告', 'Reports to be verified'), reports.unread],
        [say('未办结任务', 'Open tasks'), tasks.open],
        [say('逾期任务', 'Overdue tasks'), tasks.overdue],
      ],
    },
  ];
}
