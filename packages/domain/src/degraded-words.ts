// What the house says of its own troubles, in the reader's language. What has no words here is shown as it was told, never as something else.

const TOLD: readonly (readonly [pattern: RegExp, zh: string, en: string])[] = [
  [
    /^broker: away for (\d+) s/,
    '消息服务中断 $1 秒，喇叭暂时收不到指令，系统正在自动重连',
    'the message broker has been away for $1 s: commands do not reach the speakers; it is tried again by itself',
  ],
  [
    /^broker: (\d+) devices are not yet entered/,
    '$1 个设备还没有登记到消息服务，暂时连不上',
    '$1 devices are not yet entered at the message broker and cannot connect',
  ],
  [
    /^broker: (\d+) devices were enrolled by another secret/,
    '$1 个设备是用别的密钥登记的，须重新登记',
    '$1 devices were enrolled by another secret and must be enrolled again',
  ],
  [/^broker: another house of county/, '同一个县有两套系统在向喇叭发指令，请停掉一套', 'two houses of this county command the same loudspeakers: stop one'],
  [/^sites: (\d+) gateways silent/, '$1 个活动室网关失联', 'gateways silent: $1'],
  [/^power: (\d+) gateways have battery for less/, '$1 个活动室网关的电池不足 2 小时，请送电源', 'gateways with less than 2 h of battery: $1. Bring power'],
  [/^power: (\d+) gateways on battery/, '$1 个活动室网关停电，正用电池', 'gateways without mains, on battery: $1'],
  [/^houses: (\d+) silent/, '$1 个本地系统失联', 'houses silent: $1'],
  [/^above: alone since (\S+):/, '自 $1 起收不到上级系统的消息，本地系统独立运行', 'the house above has not been heard since $1: this house goes on by itself'],
  [
    /^above: the prefecture was not heard since (\S+):/,
    '自 $1 起收不到州（市），本县一切照旧',
    'the prefecture has not been heard since $1: nothing changes here',
  ],
  [/^above: its last letter was not taken: (\S+)/, '上级系统的最近一封信没有收下：$1', 'the last letter of the house above was not taken: $1'],
  [/^above: it is newer .*: (.+)/, '上级系统版本较新，请升级本地系统（$1）', 'the house above is newer: update this house ($1)'],
  [
    /^below: (\d+): two houses speak as one/,
    '$1 有两套系统用同一身份在说话：请关掉复制的一套，或吊销后重新登记',
    'two houses speak as the one of $1: switch the copy off, or revoke it and enrol one anew',
  ],
  [/^below: (\d+): its last letter was not taken: (\S+)/, '$1 本地系统的最近一封信没有收下：$2', 'the last letter of the house of $1 was not taken: $2'],
  [
    /^below: (\d+): it spoke of rows that are not its own, .*: (.+)/,
    '$1 本地系统报来不属于它的内容，没有收下（$2）',
    'the house of $1 spoke of what is not its own, which was left out ($2)',
  ],
  [/^below: (\d+): it is newer .*: (.+)/, '$1 本地系统版本较新，请升级本系统（$2）', 'the house of $1 is newer: update this house ($2)'],
  [
    /^gateway: (\S+): two boxes speak as one/,
    '有两台活动室网关用同一身份（$1）在说话：请关掉复制的一台，或都吊销后重新登记一台',
    'two gateways speak as one ($1): switch the copy off, or revoke both and claim one anew',
  ],
  [/^gateways: too many messages at once, (\d+) refused/, '网关消息过多，已有 $1 条延后重发', 'too many gateway messages at once: $1 will be sent again'],
  [/^watchdog: last round (\d+) s ago/, '自查程序已 $1 秒没有运行', 'the watchdog has not run for $1 s'],
  [/^queue: (\d+) overdue jobs in/, '$1 项后台任务逾期', 'background tasks overdue: $1'],
  [/^queue: (\d+) overdue jobs of (\w+)/, '$1 项后台任务逾期：服务 $2 可能没有运行', 'background tasks overdue: $1; does a process with SERVICES=$2 run?'],
  [/^queue: Redis at \S+ /, '任务队列（Redis）连不上，任务改由自查程序补做', 'the queue (Redis) is away: its jobs are taken up by the watchdog'],
  [/^messages: (\d+) late, oldest by (\d+) s/, '$1 条消息没有按时发出，最久的已晚 $2 秒', 'messages not sent in time: $1, the oldest late by $2 s'],
  [/^sms: the line to the network operator/, '短信线路（SMPP）中断，系统正在自动重连', 'the line for SMS (SMPP) is down; it is tried again by itself'],
  [/^intake: no sensor is heard/, '收不到传感器数据', 'no sensor is heard'],
  [/^intake: (\d+) sensor readings wait/, '$1 条传感器数据等待写入', 'sensor readings waiting to be written: $1'],
  [/^ladders: last proven (\d+) s ago/, '叫应已 $1 秒没有自证', 'ladders have not been proven to run for $1 s'],
  [/^late-ladders: those of (\d+) alerts/, '$1 条预警的叫应逾期，自查程序已补做', 'alerts whose ladders were late and were climbed by their proof: $1'],
  [
    /^restore: (\d+) alerts are held/,
    '从备份恢复的 $1 条预警被暂扣：请逐条更新、延长、解除或取消',
    '$1 alerts out of a backup are held: update, extend, end or cancel each',
  ],
  [
    /^restore: loudspeakers know (.+) to be over/,
    '喇叭已知 $1 结束，而本县没有记录：请在这里解除或取消',
    'loudspeakers know $1 to be over: end or cancel it here',
  ],
  [
    /^keys: gateways hold key book (\d+), this house (\d+)/,
    '网关已有第 $1 版密钥本，本县从备份恢复的只到第 $2 版：请重新吊销备份之后吊销过的密钥',
    'gateways hold key book $1, this county, out of a backup, only $2: revoke again what was revoked since',
  ],
  [
    /^keys: (\d+) has none/,
    '$1 没有可用的密钥，本地系统自己下的令响不了喇叭，请由县里生成：./laba keys new $1',
    '$1 has no key: what its house orders sounds nowhere. At the county: ./laba keys new $1',
  ],
  [/^database: it does not answer/, '数据库没有回答', 'the database does not answer'],
  [/^database: slow, its last answer took (\d+) ms/, '数据库变慢：最近一次用了 $1 毫秒', 'the database is slow: its last answer took $1 ms'],
  [/^process: its event loop lags (\d+) ms/, '服务器繁忙，反应慢了 $1 毫秒', 'the server is busy: it lags by $1 ms'],
  [/^disk: (\d+) MB left/, '磁盘只剩 $1 MB', 'the disk has $1 MB left'],
  [/^clock: unknown since/, '本机断电后时间不准，等待确认', 'after a power cut this house does not know the time: somebody must confirm it'],
  [/^clock: confirmed by hand/, '本机时间是人工确认的，等上级校时', 'the time of this house was confirmed by hand: the house above has not told it'],
  [/^clock: this machine is (\S+) s ahead/, '本机时钟快了 $1 秒，请校时', 'this machine’s clock is $1 s ahead: set it by NTP'],
  [/^clock: this machine is (\S+) s behind/, '本机时钟慢了 $1 秒，请校时', 'this machine’s clock is $1 s behind: set it by NTP'],
];

/** Why a letter was not taken. */
const WHY: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  malformed: ['不是一封信', 'it is no letter'],
  addressee: ['是写给别处的', 'it is for another house'],
  sender: ['是别的系统写的', 'another house wrote it'],
  signature: ['签名不对', 'its signature does not hold'],
  altered: ['途中被改动', 'it was altered on its way'],
  'too-large': ['太大', 'it is too large'],
  'not-kept': ['本系统存不下来', 'this house could not store it'],
};

/** For a page that has the table only: patterns as text. */
export const DEGRADED_WORDS = { told: TOLD.map(([pattern, zh, en]) => [pattern.source, zh, en] as const), why: WHY };

export function degradedWords(told: string, language: 'zh' | 'en'): string {
  const found = TOLD.find(([pattern]) => pattern.test(told));
  if (found === undefined) return told;
  const [pattern, zh, en] = found;
  const parts = (pattern.exec(told) ?? []).map((part) => (Object.hasOwn(WHY, part) ? WHY[part]![language === 'zh' ? 0 : 1] : part));
  return parts.reduce((words, part, i) => words.replaceAll(`$${i}`, part), language === 'zh' ? zh : en);
}
