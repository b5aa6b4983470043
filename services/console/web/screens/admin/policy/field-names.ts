// Every value of the policy: what it is called, and what it does. By its place in the policy; `[]` is a row of a list.
type Told = readonly [name: string, meaning: string];
export interface FieldWords {
  zh: Told;
  en: Told;
}

const both = (zh: Told, en: Told): FieldWords => ({ zh, en });

const RAISING: Record<string, FieldWords> = {
  rows: both(
    ['谁可以发布', '从上到下，第一条符合的决定；没有符合的，谁也不能发布'],
    ['Who may raise', 'From the top: the first row that fits decides; where none fits, nobody may'],
  ),
  alone: both(
    ['断网时谁可以发布', '在村、乡镇自己的系统上按这些行，不按上面那些'],
    ['Who may raise at a house that is alone', 'At the house of a village or township these rows decide, and not those above'],
  ),
  'rows.[].name': both(['名称', '给人看的名称'], ['Name', 'For people to read']),
  'rows.[].mode': both(['方式', '适用于实警、演练还是测试'], ['Mode', 'Live, drill or test']),
  'rows.[].kind': both(['种类', '预警或指令'], ['Kind', 'Warning or order']),
  'rows.[].degree': both(['颜色或指令', '不选表示都适用'], ['Colour or order', 'None chosen: all of them']),
  'rows.[].tier': both(['范围大小', '预警覆盖的最大一级'], ['Size of the area', 'The widest node of the area']),
  'rows.[].roles': both(['岗位', '哪些岗位可以发布'], ['Roles', 'Who may raise it']),
  'rows.[].officers': both(['需要几人', '2 表示要另一位值班员同意'], ['Officers needed', '2: another officer must agree']),
  'rows.[].why': both(['理由', '为什么这样定'], ['Why', 'Why it is so']),
  quietHours: both(
    ['静音时段', '日常广播和演练在这段时间不响；实警不受影响'],
    ['Quiet hours', 'Routine broadcasts and drills are silent then; live alerts are not'],
  ),
  'quietHours.from': both(['从', '24 小时制，如 21:30'], ['From', '24 hours, such as 21:30']),
  'quietHours.to': both(['到', '24 小时制，如 07:00'], ['To', '24 hours, such as 07:00']),
  askBeforeExpiryMinutes: both(['到期前提醒', '预警到期前多久问值班员'], ['Ask before expiry', 'So long before an alert ends by time, its officer is asked']),
  askApproversSeconds: both(['再次询问第二人', '第二位值班员没有决定，多久再问一次'], ['Ask the second officer again', 'So often, until one has decided']),
  recountMinutes: both(['重新清点间隔', '转移指令有效期间多久重新清点一次'], ['Recount', 'While an order stands, people are counted again so often']),
  button: both(['一键按钮', '活动室里的应急按钮'], ['Push button', 'The emergency button in an activity room']),
  'button.tiers': both(['管多大范围', '不选则按钮不发布任何指令'], ['Reach', 'None chosen: no button raises anything']),
  'button.templateId': both(['播报模板', '按下后用的模板编号'], ['Template', 'The id of the template whose words it speaks']),
};

const PEOPLE: Record<string, FieldWords> = {
  callOut: both(['集结', '怎样呼叫成员'], ['Call-out', 'How members are called']),
  'callOut.channels': both(['渠道顺序', '按选择的先后一种一种试'], ['Channels', 'Tried in the order in which they are chosen']),
  'callOut.rounds': both(['轮数', '这些渠道走几遍后告诉值班员此人不答'], ['Rounds', 'After so many rounds the officer is told that he does not answer']),
  'callOut.intervalSeconds': both(['每步间隔', '按预警颜色'], ['From step to step', 'By the colour of the alert']),
  'callOut.intervalSeconds.red': both(['红色', '立即转移指令也按红色'], ['Red', 'An order to move counts as red']),
  'callOut.intervalSeconds.orange': both(['橙色', '准备转移指令也按橙色'], ['Orange', 'An order to prepare counts as orange']),
  'callOut.intervalSeconds.yellow': both(['黄色', '黄色预警'], ['Yellow', 'A yellow warning']),
  'callOut.intervalSeconds.blue': both(['蓝色', '蓝色预警'], ['Blue', 'A blue warning']),
  'callOut.offDutyFrom': both(['叫醒休息的人', '从哪一级起也呼叫不当班的成员'], ['Wake who is off duty', 'From this level on']),
  'callOut.arriveWithinMinutes': both(['到达时限', '说来而没到，多久再问'], ['Arrive within', 'Who said that he comes and has not arrived is asked again']),
  numbers: both(['号码核对', '平时核对号码能不能打通'], ['Number checks', 'Whether numbers work, tested in quiet times']),
  'numbers.channels': both(['核对渠道', '不选则不核对'], ['Channels', 'None chosen: nobody is asked']),
  'numbers.provenForDays': both(['有效期', '确认后多久算过期'], ['Proven for', 'A number is unproven again after so long']),
  'numbers.tries': both(['次数', '几次不答算未确认'], ['Tries', 'Not answered so often: not confirmed']),
  'numbers.repeatAfterMinutes': both(['再试间隔', '多久再试一次'], ['Try again after', 'From one try to the next']),
  'numbers.perDay': both(['每天最多', '自动核对每天最多几条'], ['A day at most', 'Tests a day that the house starts by itself']),
  'numbers.perMinute': both(['每分钟最多', '所有核对每分钟最多几条'], ['A minute at most', 'Tests a minute, of all rounds']),
  sections: both(['突击队编组', '每组要多少人，怎样报平安'], ['Sections', 'How many people a group needs, and how they report']),
  'sections.degrees': both(['从何时起', '哪些颜色或指令要编组'], ['From when on', 'Colours and orders that need sections']),
  'sections.quotas': both(
    ['各组人数', '重要的在前；同一组第一条符合的决定'],
    ['Quotas', 'The most important first; the first that fits decides for its section'],
  ),
  'sections.quotas.[].section': both(['组', '哪一组'], ['Section', 'Which one']),
  'sections.quotas.[].eventCodes': both(
    ['灾种编码', '编码的开头，如 11D；不填表示都适用'],
    ['Event codes', 'Beginnings, such as 11D; none: whatever threatens'],
  ),
  'sections.quotas.[].fromHouseholds': both(['从多少户起', '户数更少的小组不需要'], ['From so many households', 'Smaller groups need nobody']),
  'sections.quotas.[].least': both(['至少', '最少几人'], ['At least', 'So many people']),
  'sections.quotas.[].perPersons': both(['每多少人加一人', '0 表示与人数无关'], ['One more for each', 'So many persons; 0: size does not matter']),
  'sections.quotas.[].most': both(['至多', '最多几人'], ['At most', 'So many people']),
  'sections.quotas.[].inPairs': both(['两人一组', '凑成双数'], ['In pairs', 'Rounded up to an even number']),
  'sections.quotas.[].fitOnly': both(['只要合适的人', '只选岗位或技能对口的'], ['Only who fits', 'Only by post or skill']),
  'sections.widenAfterMinutes': both(['扩大呼叫', '人不够，多久后扩大范围'], ['Widen after', 'Too few after so long: the call-out is widened']),
  'sections.checkInMinutes': both(['报平安间隔', '外出的两人多久报一次平安'], ['Check-in', 'A pair says so often that it is well']),
  'sections.backWithinMinutes': both(['撤回时限', '下令撤回后多久内全部回来'], ['Back within', 'After a withdrawal everybody is back within this time']),
  'sections.alarmEveryMinutes': both(['报警间隔', '没有平安消息，多久再报警一次'], ['Alarm again', 'So often while somebody is not heard of']),
  ladders: both(['叫应', '每村的责任人要在多久内答复'], ['Ladders', 'How soon each village must answer']),
  'ladders.[].degree': both(['颜色或指令', '适用于哪些'], ['Colours and orders', 'For which it holds']),
  'ladders.[].answerMinutes': both(['答复时限', '从发布到有人答复'], ['Answer within', 'From the raise to an answer']),
  'ladders.[].movingMinutes': both(
    ['出发时限', '从答复到开始转移；不能短于每级间隔'],
    ['Set out within', 'From the answer to "they have set out"; not shorter than a rung'],
  ),
  'ladders.[].rungSeconds': both(['每级间隔', '多久问下一个人'], ['From rung to rung', 'After so long the next one is asked']),
  'ladders.[].channels': both(['渠道顺序', '按选择的先后'], ['Channels', 'In the order in which they are chosen']),
  'ladders.[].channelSeconds': both(['换渠道间隔', '0 表示同时'], ['From channel to channel', '0: all at once']),
};

const WORK: Record<string, FieldWords> = {
  tasks: both(['交办单', '没有模板的任务的期限'], ['Tasks', 'Deadlines of what no template names']),
  'tasks.remindMinutes': both(['催办间隔', '过期后多久催一次'], ['Remind', 'Once late, it is asked for again so often']),
  'tasks.needMinutes': both(['居民需求', '从提出到办好'], ['A need', 'From the cause to the deadline']),
  'tasks.refusedMinutes': both(['拒绝转移', '上门劝说的期限'], ['A refusal', 'From the cause to the deadline']),
  'tasks.helpMinutes': both(['需要帮助', '从求助到帮到'], ['Help needed', 'From the cause to the deadline']),
  'tasks.runMinutes': both(['跑腿送信', '去失联的地方看一看'], ['A run', 'To a place that is silent']),
  'tasks.silentMinutes': both(
    ['失联派人', '没有预警时，失联多久也派人；不填则不派'],
    ['Silent without an alert', 'Somebody goes after so long; empty: only under an alert'],
  ),
  'tasks.contactGraceMinutes': both(
    ['约定联系宽限', '约好再联系的地方多等多久'],
    ['Grace of a contact', 'A place that was to call again is waited for so much longer'],
  ),
  'tasks.contactRun': both(['然后派人', '没有联系上就派人去'], ['Then somebody goes', 'When it did not call']),
  'tasks.knockMinutes': both(['敲门', '敲门通知的期限'], ['Knocking', 'From the cause to the deadline']),
  situation: both(['上报', '首报、续报、终报的时限'], ['Reports upward', 'When first, follow-up and final reports are due']),
  'situation.clocks': both(['时限', '按颜色或指令'], ['Clocks', 'By colour or order']),
  'situation.clocks.[].degree': both(['颜色或指令', '适用于哪些'], ['Colours and orders', 'For which it holds']),
  'situation.clocks.[].firstMinutes': both(['首报', '从发布起'], ['First report', 'From the raise']),
  'situation.clocks.[].followUpMinutes': both(['续报', '从上一次起'], ['Follow-up', 'From the report before']),
  'situation.clocks.[].finalMinutes': both(['终报', '从解除起'], ['Final report', 'From the end']),
  'situation.zeroAt': both(['零报告时间', '如 08:00；不填则不要零报告'], ['Zero report at', 'Such as 08:00; empty: none is asked for']),
  'situation.zeroGraceMinutes': both(['零报告宽限', '过点多久算迟报'], ['Grace of the zero report', 'Late after so long']),
};

const QUIET: Record<string, FieldWords> = {
  bulletins: both(['日常广播', '谁能播多大范围，播多长'], ['Routine broadcasts', 'How far one officer reaches, and how long they last']),
  'bulletins.mostSpeakers': both(['一人可定的喇叭数', '超过就要第二人同意'], ['Loudspeakers on one word', 'Above it a second officer must agree']),
  'bulletins.mostSpeakers.prefecture-officer': both(['州（市）值班员', '一人可定的喇叭数'], ['Prefecture duty officer', 'Loudspeakers on his word alone']),
  'bulletins.mostSpeakers.county-admin': both(['县管理员', '一人可定的喇叭数'], ['County administrator', 'Loudspeakers on his word alone']),
  'bulletins.mostSpeakers.county-officer': both(['县值班员', '一人可定的喇叭数'], ['County duty officer', 'Loudspeakers on his word alone']),
  'bulletins.mostSpeakers.township-officer': both(['乡镇值班员', '一人可定的喇叭数'], ['Township officer', 'Loudspeakers on his word alone']),
  'bulletins.mostSpeakers.village-cadre': both(['村干部', '一人可定的喇叭数'], ['Village cadre', 'Loudspeakers on his word alone']),
  'bulletins.mostSeconds': both(['最长', '一次广播最长多久'], ['Longest', 'Of one broadcast']),
  'bulletins.resumeMinutes': both(
    ['让路后续播', '被打断不超过这么久就重播'],
    ['Begin again within', 'What kept it silent may last so long, else it is dropped'],
  ),
  'bulletins.aheadMinutes': both(['提前下发', '提前多久发到喇叭，断网也能播'], ['Sent ahead by', 'So that a line cut just then does not matter']),
  rounds: both(['巡查、走访、活动室检查', '平时多久看一次'], ['Rounds', 'How often things are looked at in quiet times']),
  'rounds.patrol': both(['隐患点巡查', '每天几次'], ['Patrols', 'Of hazard points, each day']),
  'rounds.patrol.by': both(['每次最晚', '如 12:00；不填则不巡查'], ['By these hours', 'Such as 12:00; none: no patrols']),
  'rounds.patrol.under': both(['预警期间', '按颜色或指令加密'], ['Under an alert', 'More often, by its degree']),
  'rounds.patrol.under.[].degree': both(['颜色或指令', '适用于哪些'], ['Colours and orders', 'For which it holds']),
  'rounds.patrol.under.[].everyMinutes': both(['每隔', '多久一次'], ['Every', 'One round in so long']),
  'rounds.visit': both(['走访', '重点户'], ['Visits', 'Of households in need']),
  'rounds.visit.timesAMonth': both(['每月几次', '不填则不走访'], ['Times a month', 'Empty: no visits']),
  'rounds.visit.season': both(['雨季', '雨季前和雨季初'], ['Rainy season', 'Before it and at its beginning']),
  'rounds.visit.season.months': both(['月份', '哪几个月'], ['Months', 'Which ones']),
  'rounds.visit.season.timesAMonth': both(['每月几次', '这几个月里'], ['Times a month', 'In these months']),
  'rounds.room': both(['活动室检查', '十二有'], ['Rooms', 'Checks of activity rooms']),
  'rounds.room.everyMonths': both(['每几个月', '不填则不检查'], ['Every so many months', 'Empty: no checks']),
  'rounds.room.items': both(['检查项目', '县里自己的清单'], ['Items', 'The county’s own list']),
  'rounds.room.items.[].id': both(['编号', '小写字母、数字和 -；定了不要改'], ['Id', 'Small letters, digits and -; do not change it later']),
  'rounds.room.items.[].zh': both(['中文', '给人看的话'], ['Chinese', 'For people to read']),
  'rounds.room.items.[].en': both(['英文', '给人看的话'], ['English', 'For people to read']),
  'rounds.room.mendDays': both(['整改期限', '从乡镇核查起'], ['Mend within', 'From the township’s check']),
};

export const FIELD_WORDS: Readonly<Record<string, FieldWords>> = { ...RAISING, ...PEOPLE, ...WORK, ...QUIET };
