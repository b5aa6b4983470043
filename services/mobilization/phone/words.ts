// The phone page: its words, both languages complete.
import type { AlertState } from '@laba/domain/alert';
import type { Saying } from '@laba/domain/phone-page';

export type Language = 'zh' | 'en';
export type Words = Record<Language, string>;

const both = (zh: string, en: string): Words => ({ zh, en });

export const SAYING_WORDS: Record<Saying, { icon: string; say: Words; said: Words }> = {
  coming: { icon: '✓', say: both('收到，我来', 'Got it, I am coming'), said: both('收到，我来', 'coming') },
  'on-the-way': { icon: '➜', say: both('出发了', 'On my way'), said: both('已出发', 'on the way') },
  arrived: { icon: '⚑', say: both('到位了', 'I am there'), said: both('已到位', 'arrived') },
  cannot: { icon: '✕', say: both('来不了', 'I cannot come'), said: both('来不了', 'cannot come') },
  help: { icon: '!', say: both('需要支援', 'I need support'), said: both('需要支援', 'support is needed') },
  'help-over': { icon: '✓', say: both('不需要支援了', 'No support needed now'), said: both('不需要支援了', 'support is not needed any more') },
};

export const OVER_WORDS: Partial<Record<AlertState, Words>> = {
  ended: both('险情已解除，本次集结结束', 'All clear: this call-out is over'),
  cancelled: both('本次预警已取消，无需前往', 'This alert was cancelled: no need to come'),
  expired: both('本次预警已到期，未宣布解除，请听通知', 'This alert has expired. That is not an all-clear: listen for news'),
};

export const REFUSED_WORDS: Record<string, Words> = {
  'transition-refused': both('预警已经结束，不再接收回答', 'the alert is over, answers are no longer taken'),
  'changed-meanwhile': both('别人刚刚改过，请看现在的情况', 'somebody changed it meanwhile, see how it stands now'),
  'out-of-scope': both('这一户不归您', 'this is not one of your doors'),
  'not-found': both('已经不在外了，不用再报', 'you are not out any more'),
  'role-refused': both('现在由别人指挥', 'somebody else commands now'),
  'link-invalid': both('这个链接已作废，请用新短信里的链接', 'this link was revoked, use the link of the newest message'),
};
export const REFUSED_OTHERWISE = both('内容不能接收', 'it could not be taken');

/** What was said for safety, as the page tells it back. */
export const SAFETY_WORDS: Record<string, Words> = {
  safe: both('平安', 'we are well'),
  back: both('已返回', 'back'),
  command: both('我来指挥', 'I command'),
  withdraw: both('全体撤离', 'everybody back'),
};

export const WORDS = {
  drill: both('演练 演练 演练', 'DRILL DRILL DRILL'),
  drillMeans: both('这是演练，不是真的险情', 'This is an exercise, not a real alert'),
  warning: both('预警', 'warning'),
  listen: both('听一听', 'Listen'),
  stop: both('停', 'Stop'),
  otherLanguage: both('English', '中文'),
  otherLanguages: both('其他语言', 'Other languages'),
  before: both('此前的通知（已失效）', 'What was said before (no longer holds)'),
  noAnswer: both('县里还没有收到您的回答', 'The county has no answer from you yet'),
  noAnswerCame: both('县里没有收到您的回答', 'The county got no answer from you'),
  held: both('县里已收到：', 'The county has received: '),
  byOfficer: both('（值班员代记）', ' (written down by an officer)'),
  saidAt: both('说于', 'said at'),
  kept: both('记在手机里，还没送到县里：', 'Kept on this phone, not yet with the county: '),
  keptWhy: both('有信号就自动发送，请不要清除浏览器数据', 'It is sent by itself as soon as there is a line'),
  sending: both('正在发送：', 'Sending: '),
  refused: both('县里没有收下：', 'The county did not take: '),
  refusedWhy: both('有急事请打电话给值班员', 'If it is urgent, telephone the duty officer'),
  seen: both('知道了', 'I see'),
  lineLost: both('没有信号。照常回答，会记在手机里', 'No line. Answer as usual: it is kept on this phone'),
  report: both('报告险情', 'Report a hazard'),
  whatSeen: both('看到了什么？', 'What did you see?'),
  whereSeen: both('在哪里、什么情况？', 'Where, and what is happening?'),
  photo: both('拍张照片（可不拍）', 'Take a photo (may be left out)'),
  photoTaken: both('照片已附上', 'The photo is attached'),
  reported: both('险情报告：', 'Hazard report: '),
  reportHeld: both('县里已收到您的险情报告，编号', 'The county has received your hazard report, number'),
  wakeMe: both('网页关着也叫醒我', 'Wake me also when this page is closed'),
  woken: both('以后会用通知叫醒您', 'You will be woken by a notification'),
  seat: both('您的任务：', 'Your work: '),
  because: both('因为：', 'because: '),
  gatherAt: both('集合点：', 'Gather at: '),
  doors: both('您负责的户', 'Your doors'),
  doorsLeft: both('还有', 'left:'),
  minutes: both('分钟路', 'min away'),
  byPerson: both('逐人登记', 'One by one'),
  again: both('请再清点一次', 'Count them again'),
  closed: both('不再接收回答。有急事请打电话给值班员。', 'Answers are no longer taken. If it is urgent, telephone the duty officer.'),
  changeAnswer: both('或者', 'Or'),
  helpKnown: both('县里已知道您需要支援', 'The county knows that you need support'),
  helpWords: both('要什么支援？（可不填）', 'What do you need? (may be left out)'),
  send: both('发送', 'Send'),
  outInPair: both('您在外，同行：', 'You are out with '),
  comeBack: both('全体撤离，马上回来！', 'Everybody back, at once!'),
  heardBy: both('请在这个时间之前报告：', 'Say so before'),
  weAreWell: both('我们平安', 'We are well'),
  iAmBack: both('我已返回', 'I am back'),
  askedToCommand: both('请您担任现场指挥', 'You are asked to command here'),
  iCommand: both('我来指挥', 'I command'),
  commander: both('现场指挥：', 'Commander: '),
  callBack: both('您是现场指挥：叫全体撤离', 'You command: call everybody back'),
  callBackMeans: both('在外的每一个人都会收到，并要逐个报告已返回。', 'Everybody who is out is told, and each says that he is back.'),
} as const satisfies Record<string, Words>;
