// Chapter 6, watch: one table of words, so that an event reads the same on every screen, in Chinese and in English.
import { LISTS, type ListKind } from '@laba/domain/import-view';
import { ANSWER_WORDS } from '@laba/domain/member';
import { CHANNELS, type Channel } from '@laba/domain/message';
import type { ReplyOutcome } from '@laba/domain/reply';
import { HAZARDS } from '@laba/domain/report';
import { MARK_MEANS, PERSON_STATUSES, type MarkMeans, type PersonStatus } from '@laba/domain/rollcall';
import { CLOCK_WORDS } from './clock-words.ts';
import { BULLETIN_WORDS } from './bulletin-words.ts';
import { JOIN_WORDS } from './join-words.ts';
import { LADDER_WORDS } from './ladder-words.ts';
import { reasonWords, type Words } from '@laba/domain/reason-words';
import { ROUND_WORDS } from './round-words.ts';
import { SHIFT_EVENT_WORDS } from './shift/shift-words.ts';
import { SITUATION_EVENT_WORDS } from './situation/situation-words.ts';
import { TASK_EVENT_WORDS } from './task-words.ts';
import { SECTION_WORDS } from './section-words.ts';
import { STATUS_WORDS } from './status-words.ts';

/** What the words may name beside the event's own data; already resolved to names. */
export interface EventNames {
  subject: string;
  place: string;
  /** The grid node whose responsible person was asked; empty where nobody was. */
  rung: string;
}

type Data = Record<string, unknown>;
type Say = (names: EventNames, data: Data) => Words;

function both(zh: string, en: string): Say {
  return ({ subject, place }) => ({ zh: fill(zh, subject, place), en: fill(en, subject, place) });
}

function fill(words: string, subject: string, place: string): string {
  return words.replaceAll('{subject}', subject).replaceAll('{place}', place);
}

/** `because`: the reason is added after a colon. */
function because(zh: string, en: string): Say {
  return (names, data) => {
    const said = both(zh, en)(names, data);
    const reason = reasonWords(data['reason']);
    return reason.en === '' ? said : { zh: `${said.zh}：${reason.zh}`, en: `${said.en}: ${reason.en}` };
  };
}

/** A repeat's number is added; it says which of the repeats was proven. */
function repeated(zh: string, en: string): Say {
  return (names, data) => {
    const said = both(zh, en)(names, data);
    const repeat = Number(data['repeat'] ?? 0);
    return repeat > 0 ? { zh: `${said.zh}（第 ${repeat} 遍）`, en: `${said.en} (repeat ${repeat})` } : said;
  };
}

/** The channel is named, and the reason, when there is one. */
function messaged(zh: string, en: string): Say {
  return (names, data) => {
    const channel = CHANNELS[data['channel'] as Channel] ?? { zh: '消息', en: 'message' };
    return because(zh.replace('{channel}', channel.zh), en.replace('{channel}', channel.en))(names, data);
  };
}

// What people have to bring is not sent yet.
function sentBy(names: EventNames, data: Data): Words {
  if (data['channel'] === 'manual') return both('需要有人上门通知 {subject}', 'Somebody must go to {subject}')(names, data);
  return messaged('已向 {subject} 发出{channel}', 'Sent to {subject} by {channel}')(names, data);
}

function repliedBy({ subject, place }: EventNames, data: Data): Words {
  const channel = CHANNELS[data['channel'] as Channel] ?? { zh: '消息', en: 'message' };
  return data['memberId'] === null
    ? { zh: `收到名册以外号码的${channel.zh}回复，请查看`, en: `A reply by ${channel.en} from a number on no list: look at it` }
    : { zh: `${subject || place} 用${channel.zh}回复`, en: `${subject || place} replied by ${channel.en}` };
}

function hazardOf(data: Data): Words {
  return HAZARDS[data['hazard'] as keyof typeof HAZARDS] ?? { zh: String(data['hazard']), en: String(data['hazard']) };
}

const COMMANDS: Record<string, Words> = {
  play: { zh: '播放', en: 'play' },
  quieten: { zh: '静音', en: 'quieten' },
  stop: { zh: '停止', en: 'stop' },
  'stop-all': { zh: '全部停止', en: 'stop-all' },
  'live-voice': { zh: '喊话', en: 'live voice' },
};

function commanded({ place }: EventNames, data: Data): Words {
  const action = COMMANDS[String(data['action'])] ?? { zh: '', en: '' };
  return { zh: `已向 ${place} 发出${action.zh}指令`, en: `The ${action.en} command was sent to ${place}` };
}

// When and how long, by the device's own clock; without a start nothing was to be heard.
function spokenAtBox(names: EventNames, data: Data): Words {
  const alarm = data['voice'] === 'alarm';
  const said = because(alarm ? '{subject}：现场警报' : '{subject}：现场喊话', alarm ? '{subject}: its own alarm' : '{subject}: somebody spoke at the box')(
    names,
    data,
  );
  const seconds = Math.round((Date.parse(String(data['endTime'])) - Date.parse(String(data['startTime']))) / 1000);
  return Number.isNaN(seconds) ? said : { zh: `${said.zh}（${seconds} 秒）`, en: `${said.en} (${seconds} s)` };
}

function answered(names: EventNames, data: Data): Words {
  const words = ANSWER_WORDS[data['answer'] as keyof typeof ANSWER_WORDS];
  const kept = data['saidAtMs'] === undefined ? { zh: '', en: '' } : { zh: '（断网时所答，后到）', en: ' (said without a line, came later)' };
  const after = data['overtaken'] === true ? { zh: '，已有更晚的答复，以更晚的为准', en: '; a later answer is held already and counts' } : { zh: '', en: '' };
  return { zh: `${names.subject}：${words.zh}${kept.zh}${after.zh}`, en: `${names.subject}: ${words.en}${kept.en}${after.en}` };
}

function verified(_: EventNames, data: Data): Words {
  const results: Record<string, Words> = {
    true: { zh: '属实', en: 'true' },
    false: { zh: '不实', en: 'not true' },
    duplicate: { zh: '重复报告', en: 'a duplicate' },
  };
  const result = results[String(data['result'])] ?? { zh: '', en: '' };
  return { zh: `险情已核实：${result.zh}`, en: `The report was checked: ${result.en}` };
}

function counted(zh: string, en: string, field: string): Say {
  return (_, data) => ({ zh: zh.replace('{n}', String(data[field] ?? 0)), en: en.replace('{n}', String(data[field] ?? 0)) });
}

function ofList(zh: string, en: string): Say {
  return (_, data) => {
    const list = LISTS[data['kind'] as ListKind] ?? { zh: String(data['kind'] ?? ''), en: String(data['kind'] ?? '') };
    return { zh: `${zh}（${list.zh}）${Number(data['rows'] ?? 0)} 行`, en: `${en} (${list.en}): ${Number(data['rows'] ?? 0)}` };
  };
}

/** Villages that did not answer, or did not say that they are moving, are added where there are any. */
function withOpenLadders(zh: string, en: string, field: string): Say {
  return (names, data) => {
    const said = counted(zh, en, field)(names, data);
    const open = Number(data['openLadders'] ?? 0);
    return open === 0 ? said : { zh: `${said.zh}；${open} 个村的叫应没有落实`, en: `${said.en}; villages whose ladder is open: ${open}` };
  };
}

/** Who marked after the alert was over says so. */
function late(words: Words, data: Data): Words {
  return data['late'] === true ? { zh: `${words.zh}（解除后补记）`, en: `${words.en} (after the alert was over)` } : words;
}

const statusOf = (status: unknown): Words => PERSON_STATUSES[status as PersonStatus] ?? { zh: String(status ?? ''), en: String(status ?? '') };
const meansOf = (means: unknown): Words => MARK_MEANS[means as MarkMeans] ?? { zh: String(means ?? ''), en: String(means ?? '') };

// The person is not named: the timeline is read by more people than the list.
function marked({ place }: EventNames, data: Data): Words {
  const [status, was, means] = [statusOf(data['status']), statusOf(data['was']), meansOf(data['means'])];
  return late({ zh: `${place} 一人：${was.zh} → ${status.zh}（${means.zh}）`, en: `One person of ${place}: ${was.en} → ${status.en} (${means.en})` }, data);
}

function foundOnTheSpot({ place }: EventNames, data: Data): Words {
  const [status, means] = [statusOf(data['status']), meansOf(data['means'])];
  return late(
    { zh: `${place} 发现名单外一人：${status.zh}（${means.zh}）`, en: `A person on no list was found at ${place}: ${status.en} (${means.en})` },
    data,
  );
}

function countedAtPlace({ place }: EventNames, data: Data): Words {
  const [counted, expected] = [Number(data['counted'] ?? 0), Number(data['expected'] ?? 0)];
  return late({ zh: `${place} 一处场所清点：${counted}/${expected} 人`, en: `A place at ${place} was counted: ${counted} of ${expected} people` }, data);
}

function frozen(_: EventNames, data: Data): Words {
  const n = (field: string) => String(Number(data[field] ?? 0));
  return {
    zh: `清点名单已确定：${n('households')} 户 ${n('persons')} 人，${n('places')} 处场所 ${n('guests')} 人`,
    en: `The roll-call is fixed: households ${n('households')}, persons ${n('persons')}; places ${n('places')}, people there ${n('guests')}`,
  };
}

function recount(_: EventNames, data: Data): Words {
  const [round, persons] = [Number(data['round'] ?? 0), Number(data['persons'] ?? 0)];
  return { zh: `第 ${round} 轮清点开始：${persons} 人须再次确认`, en: `Round ${round} of the roll-call: ${persons} people have to be counted again` };
}

function doorsAssigned(_: EventNames, data: Data): Words {
  const [doors, helpers, alone] = [data['doors'], data['helpers'], data['alone']].map((n) => Number(n ?? 0));
  return {
    zh: `已为 ${doors} 户安排上门人 ${helpers} 人${alone === 0 ? '' : `，${alone} 户无人可派`}`,
    en: `Doors assigned: ${doors}, to ${helpers} helpers${alone === 0 ? '' : `; for ${alone} there is nobody`}`,
  };
}

function doorGiven({ place }: EventNames, data: Data): Words {
  return data['memberId'] === null
    ? { zh: `${place} 一户的上门人被收回，等待另行指定`, en: `${place}: a door was taken back and waits for somebody` }
    : { zh: `${place} 一户改由值班员指定的人上门`, en: `${place}: an officer said who goes to a door` };
}

const REPLY_WORDS: Readonly<Record<ReplyOutcome, Words>> = {
  answered: { zh: '已记入', en: 'written down' },
  repeated: { zh: '与已记的相同', en: 'the same as written down before' },
  'not-understood': { zh: '看不懂，请人工查看', en: 'not understood: read it' },
  over: { zh: '来晚了，所答的事已结束', en: 'too late: what it answers is over' },
  'no-question': { zh: '近期没有问过他', en: 'he was asked nothing lately' },
  'unknown-sender': { zh: '号码不在名册上', en: 'nobody on the lists has this number' },
};

function replyRead(_: EventNames, data: Data): Words {
  const words = REPLY_WORDS[data['outcome'] as ReplyOutcome] ?? { zh: String(data['outcome'] ?? ''), en: String(data['outcome'] ?? '') };
  return { zh: `回复：${words.zh}`, en: `A reply: ${words.en}` };
}

function planned(_: EventNames, data: Data): Words {
  const [members, without] = [Number(data['members'] ?? 0), Number(data['noChannel'] ?? 0)];
  const words = { zh: `集结名单已确定：${members} 人`, en: `The call-out is fixed: ${members} members` };
  if (without === 0) return words;
  return { zh: `${words.zh}，其中 ${without} 人没有任何联系方式：请派人通知`, en: `${words.en}, ${without} of them without any channel: send somebody` };
}

function expectedAtPlace({ place }: EventNames, data: Data): Words {
  const [expected, was] = [Number(data['expected'] ?? 0), Number(data['was'] ?? 0)];
  return { zh: `${place} 一处场所今晚应有 ${expected} 人（原 ${was} 人）`, en: `A place at ${place} has ${expected} people tonight, not ${was}` };
}

/** Every event of the story has words here; a test holds the two lists against each other. */
export const EVENT_WORDS: Readonly<Record<string, Say>> = {
  'grid.imported': ofList('导入名册', 'Register rows imported'),
  'grid.exported': ofList('导出名册', 'Register rows exported'),
  'officer.created': both('已新建 {subject} 的账号', 'An account was made for {subject}'),
  'officer.signed-in': both('{subject} 登录', '{subject} signed in'),
  'officer.signed-out': both('{subject} 退出登录', '{subject} signed out'),
  'officer.locked-out': both('{subject} 的账号因多次输错密码被锁定', 'The account of {subject} was locked after too many wrong passwords'),
  'gateway.claim-made': both('已为网关 {subject} 生成认领码', 'A claim code was made for gateway {subject}'),
  'gateway.claimed': both('网关 {subject} 已认领，等待确认', 'Gateway {subject} was claimed and waits for confirmation'),
  'gateway.confirmed': both('网关 {subject} 已确认', 'Gateway {subject} was confirmed'),
  'gateway.revoked': both('网关 {subject} 已停用', 'Gateway {subject} was revoked'),
  'keys.made': both('已生成签名密钥', 'Signing keys were made'),
  'keys.rotated': both('已准备新的签名密钥，各设备收到后换用', 'New signing keys were made; they are used when the gateways hold them'),
  'keys.switched': both('已换用新的签名密钥', 'The new signing keys are in use'),
  'keys.revoked': both('签名密钥已吊销', 'Signing keys were revoked'),
  'officer.link-made': both('已为 {subject} 生成一次性登录链接', 'A one-time link was made for {subject}'),
  'officer.password-set': both('{subject} 设置了密码', '{subject} set a password'),
  'officer.disabled': both('{subject} 的账号已停用', 'The account of {subject} was disabled'),
  'officer.local-code-made': both('已为 {subject} 生成{place}的本地码', 'A local code for {place} was made for {subject}'),
  'officer.local-code-revoked': both('{subject} 在{place}的本地码已作废', 'The local code of {subject} for {place} was revoked'),
  'officer.unlocked': both('{subject} 的账号已解锁', 'The account of {subject} was unlocked'),
  'report.received': (names, data) => ({ zh: `${names.place} 报告险情：${hazardOf(data).zh}`, en: `Hazard reported at ${names.place}: ${hazardOf(data).en}` }),
  'report.merged': both('与同一险情的另一条报告合并', 'Merged with another report of the same hazard'),
  'report.verified': verified,
  'report.link-made': both('已生成 {place} 的报险链接', 'The report link of {place} was made'),
  'sensor.registered': both('在 {place} 登记了传感器', 'A sensor was registered at {place}'),
  'policy.changed': both('发布规则已修改', 'The raising policy was changed'),
  'template.loaded': counted('载入模板 {n} 个', 'Templates loaded: {n}', 'rows'),
  'alert.edited': both('草稿已修改', 'The draft was edited'),
  'alert.countersigned': both('电话批准已补签', 'The approval by telephone was countersigned'),
  'alert.drafted': both('预警已起草', 'The alert was drafted'),
  'alert.approved': both('第二人已批准', 'A second officer approved'),
  'alert.approval-asked': counted('请第二位值班员复核（第 {n} 次）', 'A second officer is asked to approve (time {n})', 'round'),
  'alert.discarded': both('草稿已作废', 'The draft was discarded'),
  'alert.raised': both('预警已发布', 'The alert was raised'),
  'alert.updated': counted('预警已更新为第 {n} 版', 'The alert was updated: revision {n}', 'revision'),
  'alert.quietened': both('喇叭已静音，预警继续', 'The speakers were quietened; the alert goes on'),
  'alert.expiry-asked': withOpenLadders(
    '预警即将到期，还有 {n} 个喇叭未送达：请决定延长还是解除',
    'The alert will soon expire; speakers not reached: {n}. Extend it or end it',
    'unreached',
  ),
  'alert.ended': both('预警已解除', 'The alert was ended: all clear'),
  'alert.cancelled': both('预警已作为误发取消', 'The alert was cancelled as raised in error'),
  'alert.expired': withOpenLadders('预警已到期（不是解除），{n} 个喇叭未送达', 'The alert expired (not an all-clear); speakers not reached: {n}', 'unreached'),
  'alert.over-elsewhere': because(
    '喇叭知道这条预警已结束，本系统（由备份恢复）不知道：请在此解除或取消',
    'Loudspeakers know this alert to be over, this county, restored from a backup, does not: end or cancel it here',
  ),
  'house.claim-made': both('给出了 {place} 自用系统的认领码', 'A code was given out that enrols a house of its own for {place}'),
  'house.claimed': both('{place} 的自用系统报到，等待确认', 'A house of its own asked to be enrolled for {place}: confirm it'),
  'house.confirmed': both('{place} 的自用系统已确认', 'The house of {place} was confirmed'),
  'house.revoked': both('{place} 的自用系统已停用', 'The house of {place} was revoked'),
  'house.left': both('{place} 不再向上级州（市）通报', '{place} tells the prefecture above it no more'),
  'house.alone': both('{place} 与上级失去联系，自行继续', '{place} does not hear the house above it and goes on alone'),
  'house.together': both('{place} 与上级恢复联系', '{place} hears the house above it again'),
  ...CLOCK_WORDS,
  'alert.taken-over': both('{place} 接手本预警的催办和清点', '{place} looks after this alert itself'),
  'command.recovered': both('从喇叭取回了本县签发的指令', 'A command that this county had signed was taken up again from a loudspeaker'),
  'alert.recovered': both(
    '备份之后发布的预警已从喇叭找回，喇叭仍在播：请核对，继续用“更新”，结束用“解除”',
    'An alert raised after the backup was taken up again from the loudspeakers, which go on: update it to go on, end it to stop',
  ),
  'audience.frozen': counted('播报名单已确定：{n} 个喇叭', 'The list of speakers is fixed: {n}', 'speakers'),
  'command.signed-again': both('已用新密钥重新签发指令', 'A command was signed anew with the new key'),
  'command.published': commanded,
  'delivery.sent': both('{subject}：指令已发出', '{subject}: command sent'),
  'delivery.expired': because('{subject}：过期，未证实播出', '{subject}: expired, no proof that it played'),
  'site.silent': both('活动室 {subject} 失联', 'Site {subject} fell silent'),
  'site.back': both('活动室 {subject} 恢复联系', 'Site {subject} is back'),
  ...STATUS_WORDS,
  'speaker.failed': because('喇叭 {subject} 故障', 'Speaker {subject} failed'),
  'speaker.voice-used': spokenAtBox,
  'speaker.mended': both('喇叭 {subject} 恢复正常', 'Speaker {subject} works again'),
  'delivery.received': both('{subject}：已收到', '{subject}: received'),
  'delivery.playing': repeated('{subject}：正在播放', '{subject}: playing'),
  'delivery.played': repeated('{subject}：播放完毕', '{subject}: played to the end'),
  'delivery.sounded': repeated('{subject}：测到响声', '{subject}: sound measured at the site'),
  'delivery.stopped': because('{subject}：停止播放', '{subject}: stopped'),
  'delivery.refused': because('{subject}：拒绝执行', '{subject}: refused'),
  'delivery.failed': because('{subject}：播放失败', '{subject}: failed to play'),
  'calls.planned': planned,
  'reply.read': replyRead,
  'numbers.round-started': both('{place}：号码核对开始', 'The check of numbers began: {place}'),
  'numbers.round-ended': both('{place}：号码核对结束', 'The check of numbers ended: {place}'),
  'number.asked': messaged('{channel}核对 {subject} 的号码', 'The number of {subject} was tested by {channel}'),
  'number.unconfirmed': messaged('{subject} 的号码未确认（{channel}）', 'The number of {subject} is not confirmed by {channel}'),
  'number.dead': messaged('{subject} 的号码不通（{channel}）：请更正', 'The number of {subject} does not work by {channel}: correct it'),
  'call.unanswered': both('多次通知 {subject} 均无回答：请打电话或上门', '{subject} was called to the last step and has not answered: telephone or go there'),
  'call.answer-expired': both('{subject} 说来但到时未到：再次通知', '{subject} said he is coming and has not arrived: asked again'),
  'call.read': both('{subject} 已读', '{subject} opened the call'),
  'call.answered': answered,
  'call.asked-again': both('值班员请系统再次通知 {subject}', '{subject} is called again, by the duty officer'),
  'call.help-asked': both('{subject} 需要支援', '{subject} needs support'),
  'call.help-over': both('{subject} 的支援请求已处理', 'The support that {subject} asked for was seen to'),
  'link.revoked': both('{subject} 的个人链接已作废，需用新链接', 'The personal link of {subject} was revoked: a new one is needed'),
  'call.closed': because('{subject} 始终未回答', '{subject} never answered'),
  'message.sent': sentBy,
  'robot.set': messaged('已设置 {place} 的{channel}机器人', 'The robot of {place} was set: {channel}'),
  'robot.removed': messaged('已移除 {place} 的{channel}机器人', 'The robot of {place} was taken away: {channel}'),
  'push.subscribed': both('{subject} 开通了手机推送', '{subject} may be woken by web push'),
  'message.failed': messaged('{channel}没有发到 {subject}', 'Not sent to {subject} by {channel}'),
  'message.expired': messaged('不再向 {subject} 发{channel}', 'No longer sent to {subject} by {channel}'),
  'message.delivered': messaged('{channel}已送达 {subject}', 'Arrived at {subject}: {channel}'),
  'message.replied': repliedBy,
  ...JOIN_WORDS,
  ...LADDER_WORDS,
  ...SECTION_WORDS,
  'rollcall.frozen': frozen,
  'person.marked': marked,
  'person.found': foundOnTheSpot,
  'place.counted': countedAtPlace,
  'rollcall.completed': both('清点完成：没有人失联', 'The roll-call is complete: nobody is left to be found'),
  'rollcall.reopened': both('清点重新打开：有人需要找到或再次确认', 'The roll-call is open again: somebody is to be found or counted again'),
  'rollcall.recount': recount,
  'place.expected': expectedAtPlace,
  'shelter.opened': counted('临时安置点已启用，可容纳 {n} 人', 'A shelter was opened, for {n} people', 'capacity'),
  'shelter.closed': both('临时安置点 {place} 已撤销', 'The shelter {place} was closed'),
  'place.head-count-told': counted('一处场所报今晚 {n} 人', 'A place told tonight’s number: {n}', 'headCount'),
  'task.templates-loaded': counted('载入交办模板 {n} 个', 'Task templates loaded: {n}', 'rows'),
  'task.template-changed': counted('交办模板已改为第 {n} 版', 'A task template was changed: version {n}', 'version'),
  ...TASK_EVENT_WORDS,
  ...SITUATION_EVENT_WORDS,
  ...SHIFT_EVENT_WORDS,
  ...BULLETIN_WORDS,
  ...ROUND_WORDS,
  'door.assigned': doorsAssigned,
  'door.given': doorGiven,
  'job.buried': both('一项后台任务失败，需要查看', 'A background task failed and will not be tried again: look at it'),
  'watchdog.acted': counted('自查程序补做了 {n} 项逾期任务', 'Overdue tasks run by the watchdog: {n}', 'overdue'),
  'broker.lost': both('消息服务中断，喇叭暂时收不到指令', 'The message broker is away: commands do not reach the speakers'),
  'county.restored': counted('本县由备份恢复，{n} 条预警等待值班员确认', 'The county was restored from a backup; alerts that wait for an officer: {n}', 'held'),
  'county.behind': both(
    '喇叭收到过本县不知道的指令：数据比喇叭旧',
    'Loudspeakers have heard commands that this county does not know: its data is older than they are',
  ),
  'reports.lost': counted(
    '{n} 号及以前的播放回执随原系统丢失，不能补报',
    'Reports up to number {n} were lost with the former county and cannot come again',
    'to',
  ),
  'broker.back': both('消息服务恢复', 'The message broker is back'),
};

const PURPOSES: Record<string, Words> = { 'all-clear': { zh: '解除播报', en: 'all-clear' }, cancellation: { zh: '取消播报', en: 'cancellation' } };

/** The words of one event; what belongs to the closing announcement says so. A type that an older house wrote and this one does not know is shown by its name. */
export function wordsFor(type: string, names: EventNames, data: Data): Words {
  const say = EVENT_WORDS[type];
  const words = say === undefined ? { zh: type, en: type } : say(names, data);
  const purpose = PURPOSES[String(data['purpose'])];
  return purpose === undefined ? words : { zh: `【${purpose.zh}】${words.zh}`, en: `[${purpose.en}] ${words.en}` };
}
