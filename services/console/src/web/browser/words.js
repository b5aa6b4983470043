// The page's own words, Chinese first, English complete. What the domain names (levels, modes, hazards) comes from domain.js.

export const WORDS = {
  zh: {
    brand: '喇叭 Laba', menu: '菜单', signInLead: '县级应急广播与人员集结。请用值班账号登录。', username: '用户名', password: '密码', signIn: '登录', signOut: '退出', sessionOver: '登录已过期，请重新登录',
    now: '现在', reports: '险情', raise: '发布', lineUp: '实时', lineLost: '连接中断 {age}', degraded: '系统降级：', loading: '正在读取…', close: '关闭', confirm: '确定', back: '返回', all: '全部',
    seconds: '{n} 秒', minutes: '{n} 分钟', hours: '{n} 小时', days: '{n} 天', ago: '{age}前', never: '从未', old: '旧', unexpected: '页面出错，请刷新后重试',
    activeAlerts: '正在进行的预警', noAlerts: '没有正在进行的预警', waitingDrafts: '等待批准或发布', draftedAt: '起草于', unreadReports: '{n} 条险情未核实', noReports: '没有未核实的险情', oldest: '最早', sites: '活动室',
    allSitesHeard: '{n} 个活动室全部在线', silentOf: '{n} / {total} 个活动室失联', lastHeard: '最后听到', noGateway: '没有网关', quiet: '已静音', sinceRaise: '发布后', lasted: '历时', endsAt: '到期 {at}',
    telephoneReport: '电话报险', reportInbox: '险情报告', place: '地点', placeSearch: '输入村、组名称或编码', hazard: '险情', reportWords: '说了什么', reporterName: '报告人', reporterPhone: '电话', saveReport: '记下', choosePlace: '请从列表中选择地点',
    number: '编号', merged: '已并入 {n} 条', reportTrue: '属实', reportFalse: '不实', raiseFromReport: '发布预警',
    'source.telephone': '电话', 'source.web-form': '村二维码', 'source.api': '程序', 'source.member': '成员', 'source.sensor': '传感器', 'source.patrol': '巡查', 'source.sms': '短信', 'source.feed': '官方信息',
    'report.new': '未核实', 'report.merged': '已合并', 'report.true': '属实', 'report.false': '不实', 'report.duplicate': '重复',
    raiseTitle: '发布预警', updateTitle: '更新：{title}', template: '模板', areas: '范围', areaFilter: '筛选村、组', nodeCounts: '喇叭点 {sites} · 成员 {members} · 户 {households}', mode: '性质', words: '播报内容', title: '标题', text: '内容',
    'mode.live': '真实险情：拉响喇叭，集结成员', 'mode.drill': '演练：播报前后都说明是演练', 'mode.test': '测试线路：不出声，不通知成员', warningOf: '{level}预警', issuer: '发布单位', issuerHint: '例如：县气象台', duration: '持续（分钟）', chooseTemplate: '请先选择模板',
    readBack: '复述确认', forecast: '将送达', speakers: '喇叭', members: '成员', households: '户', onlineOf: '{n} / {total} 在线', proven24h: '24 小时内响过 {n}', membersAway: '外出 {n}', householdsPersons: '{households} 户 {persons} 人', guests: '其他场所 {n} 人', andMore: '还有 {n} 个',
    lackOffline: '离线', lackPlayer: '播放故障', lackGateway: '没有网关', lackProof: '从未证实响过', noSpeakers: '这个范围没有喇叭', noVoice: '没有声音的语言', withoutClip: '用合成语音', listen: '试听',
    missingTemplate: '请选择模板', missingArea: '请勾选范围', missingMode: '请选择实警、演练或测试', missingWords: '标题和内容不能为空', missingIssuer: '请填写发布单位', forecasting: '正在预测将送达谁…', forecastFailed: '预测失败，请检查内容',
    holdHint: '按住 1.2 秒', holdRaise: '按住发布（{mode}）', holdUpdate: '按住更新（{mode}）', submitForApproval: '按住提交，由第二人批准',
    draftWaits: '等待发布', updateWaits: '更新等待批准', approvals: '已有 {n} 人，需要 {needed} 人（含发布人）', approve: '按住同意', ownDraft: '不能批准自己起草的内容', approvedAlready: '您已同意', drafterRaises: '由起草人发布：批准人和发布人须是两个人', discard: '作废', discardTitle: '作废这份草稿？',
    callBack: '电话批准', callBackWords: '电话里怎么说的', callBackNote: '写下同意的值班员的用户名和原话，他以后须补签。',
    board: '实时情况', timeline: '时间线', ever: '曾经达到', lastChange: '变化于', openMembers: '成员名单', householdsNote: '户数（清点在下一版）', silent: '失联', announcement: '结束播报', noTroubles: '没有失败、拒绝或失联', troubles: '需要处理 {n}', repeat: '第 {n} 遍', grouped: '{words} 等 {n} 条',
    'speaker.queued': '等待', 'speaker.sent': '已发送', 'speaker.received': '已收到', 'speaker.playing': '播放中', 'speaker.played': '播完', 'speaker.sounded': '测到响声', 'speaker.stopped': '已停', 'speaker.refused': '拒绝', 'speaker.failed': '失败', 'speaker.expired': '过期',
    'member.waiting': '未回答', 'member.read': '已读', 'member.coming': '来', 'member.onTheWay': '在路上', 'member.arrived': '到位', 'member.cannot': '来不了', 'member.closed': '未答结束',
    'purpose.all-clear': '解除播报', 'purpose.cancellation': '取消播报', answeredFor: '代记', answerFor: '代记电话回答', memberLink: '成员页面',
    'state.draft': '草稿', 'state.ended': '已解除', 'state.cancelled': '已取消', 'state.expired': '已到期（不是解除）', 'state.discarded': '已作废',
    quieten: '静音', quietenTitle: '让喇叭静音？', quietenNote: '声音停止，预警和清点继续。下一次更新会再次播报。', update: '更新/扩大', extend: '延长', extendTitle: '延长预警', extendBy: '延长', end: '解除', endTitle: '解除预警', endNote: '所有喇叭停止并播报解除，大家可以回家。', checkedBy: '谁查看了坡面', checkedByHint: '没有人查看过，就不能解除', note: '备注',
    cancel: '误发取消', cancelTitle: '这是误发，取消它', cancelNote: '所有喇叭停止并播报更正。真实险情结束请用“解除”。', cancelReason: '为什么是误发', outsideScope: '预警范围超出您的管辖，只能查看。',
  },
  en: {
    brand: '喇叭 Laba', menu: 'Menu', signInLead: 'County emergency broadcast and mobilization. Sign in with your duty account.', username: 'User name', password: 'Password', signIn: 'Sign in', signOut: 'Sign out', sessionOver: 'Your session has ended: sign in again',
    now: 'Now', reports: 'Reports', raise: 'Raise', lineUp: 'Live', lineLost: 'Connection lost {age}', degraded: 'Degraded:', loading: 'Reading…', close: 'Close', confirm: 'Confirm', back: 'Back', all: 'All',
    seconds: '{n} s', minutes: '{n} min', hours: '{n} h', days: '{n} d', ago: '{age} ago', never: 'never', old: 'Old', unexpected: 'The page failed: reload it and try again',
    activeAlerts: 'Active alerts', noAlerts: 'No active alert', waitingDrafts: 'Waiting for approval or raise', draftedAt: 'Drafted', unreadReports: '{n} reports not verified', noReports: 'No report waits', oldest: 'oldest', sites: 'Sites',
    allSitesHeard: 'All {n} sites are heard', silentOf: '{n} of {total} sites are silent', lastHeard: 'last heard', noGateway: 'no gateway', quiet: 'Quietened', sinceRaise: 'Since raise', lasted: 'Lasted', endsAt: 'Ends {at}',
    telephoneReport: 'Report by telephone', reportInbox: 'Reports', place: 'Place', placeSearch: 'Name or code of a village or group', hazard: 'Hazard', reportWords: 'What was said', reporterName: 'Reporter', reporterPhone: 'Telephone', saveReport: 'Write down', choosePlace: 'Choose a place from the list',
    number: 'No.', merged: '{n} merged into it', reportTrue: 'True', reportFalse: 'False', raiseFromReport: 'Raise an alert',
    'source.telephone': 'Telephone', 'source.web-form': 'Village form', 'source.api': 'Program', 'source.member': 'Member', 'source.sensor': 'Sensor', 'source.patrol': 'Patrol', 'source.sms': 'SMS', 'source.feed': 'Official feed',
    'report.new': 'not verified', 'report.merged': 'merged', 'report.true': 'true', 'report.false': 'false', 'report.duplicate': 'duplicate',
    raiseTitle: 'Raise an alert', updateTitle: 'Update: {title}', template: 'Template', areas: 'Area', areaFilter: 'Filter villages and groups', nodeCounts: '{sites} sites · {members} members · {households} households', mode: 'Mode', words: 'Words', title: 'Title', text: 'Text',
    'mode.live': 'A real hazard: speakers sound, members are called', 'mode.drill': 'A drill: says so before its words', 'mode.test': 'Tests the path: no sound, reaches no member', warningOf: '{level} warning', issuer: 'Issuing authority', issuerHint: 'For example: county weather bureau', duration: 'Lasts (minutes)', chooseTemplate: 'Choose a template first',
    readBack: 'Read back', forecast: 'Will reach', speakers: 'Speakers', members: 'Members', households: 'Households', onlineOf: '{n} of {total} online', proven24h: '{n} sounded within 24 h', membersAway: '{n} away', householdsPersons: '{households} households, {persons} people', guests: '{n} people in other places', andMore: 'and {n} more',
    lackOffline: 'Offline', lackPlayer: 'Player failed', lackGateway: 'No gateway', lackProof: 'Never proven to sound', noSpeakers: 'There is no speaker in this area', noVoice: 'Languages without a voice', withoutClip: 'By synthetic voice', listen: 'Listen',
    missingTemplate: 'Choose a template', missingArea: 'Tick an area', missingMode: 'Choose live, drill or test', missingWords: 'Title and text must not be empty', missingIssuer: 'Name the issuing authority', forecasting: 'Asking who will be reached…', forecastFailed: 'The forecast failed: check the content',
    holdHint: 'Hold for 1.2 s', holdRaise: 'Hold to raise ({mode})', holdUpdate: 'Hold to update ({mode})', submitForApproval: 'Hold to submit for a second officer',
    draftWaits: 'Waits to be raised', updateWaits: 'An update waits for approval', approvals: '{n} officers so far, {needed} needed (with the one who raises)', approve: 'Hold to approve', ownDraft: 'You cannot approve your own words', approvedAlready: 'You have approved', drafterRaises: 'The drafter raises it: who approves and who raises must be two persons', discard: 'Discard', discardTitle: 'Discard this draft?',
    callBack: 'Approved by telephone', callBackWords: 'What was said', callBackNote: 'Write down the user name of the officer who agreed and his words; he must sign for it later.',
    board: 'Live board', timeline: 'Timeline', ever: 'Ever reached', lastChange: 'changed', openMembers: 'List of members', householdsNote: 'Households (roll-call comes later)', silent: 'Silent', announcement: 'Closing announcement', noTroubles: 'Nothing failed, refused or silent', troubles: '{n} need attention', repeat: 'repeat {n}', grouped: '{words} and the like, {n} in all',
    'speaker.queued': 'Queued', 'speaker.sent': 'Sent', 'speaker.received': 'Received', 'speaker.playing': 'Playing', 'speaker.played': 'Played', 'speaker.sounded': 'Sound measured', 'speaker.stopped': 'Stopped', 'speaker.refused': 'Refused', 'speaker.failed': 'Failed', 'speaker.expired': 'Expired',
    'member.waiting': 'No answer', 'member.read': 'Read', 'member.coming': 'Coming', 'member.onTheWay': 'On the way', 'member.arrived': 'Arrived', 'member.cannot': 'Cannot', 'member.closed': 'Closed unanswered',
    'purpose.all-clear': 'All-clear', 'purpose.cancellation': 'Cancellation', answeredFor: 'written down', answerFor: 'Write down an answer by telephone', memberLink: 'Member’s page',
    'state.draft': 'Draft', 'state.ended': 'Ended: all clear', 'state.cancelled': 'Cancelled', 'state.expired': 'Expired (not an all-clear)', 'state.discarded': 'Discarded',
    quieten: 'Quieten', quietenTitle: 'Silence the speakers?', quietenNote: 'The sound stops; the alert and the counting go on. The next update sounds again.', update: 'Update / widen', extend: 'Extend', extendTitle: 'Extend the alert', extendBy: 'By', end: 'All clear', endTitle: 'End the alert: all clear', endNote: 'All speakers stop and announce the all-clear; people go home.', checkedBy: 'Who checked the slope', checkedByHint: 'Without that it cannot be ended', note: 'Note',
    cancel: 'Cancel: an error', cancelTitle: 'It was an error: cancel it', cancelNote: 'All speakers stop and announce the correction. When a real hazard is over, use “All clear”.', cancelReason: 'Why it was an error', outsideScope: 'This alert reaches beyond your scope: you can only watch it.',
  },
};

const KEY = 'laba.lang';
let current = 'zh';
try {
  current = localStorage.getItem(KEY) === 'en' ? 'en' : 'zh';
} catch {
  // A browser that keeps nothing begins in Chinese each time.
}
apply();

export const lang = () => current;
export function setLang(given) {
  current = given;
  try { localStorage.setItem(KEY, given); } catch { /* as above */ }
  apply();
}

function apply() {
  if (typeof document !== 'undefined') document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
}

/** The words of a key, with `{name}` filled in. A key without words shows itself, so that it is found. */
export function t(key, values = {}) {
  return (WORDS[current][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}
