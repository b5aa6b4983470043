// What the house says of its own troubles, in the reader's language. What has no words here is shown as it was told, never as something else.
import { lang } from './words.js';

const TOLD = [
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
  [/^database: it does not answer/, '数据库没有回答', 'the database does not answer'],
  [/^database: slow, its last answer took (\d+) ms/, '数据库变慢：最近一次用了 $1 毫秒', 'the database is slow: its last answer took $1 ms'],
  [/^process: its event loop lags (\d+) ms/, '服务器繁忙，反应慢了 $1 毫秒', 'the server is busy: it lags by $1 ms'],
  [/^disk: (\d+) MB left/, '磁盘只剩 $1 MB', 'the disk has $1 MB left'],
  [/^clock: this machine is (\S+) s ahead/, '本机时钟快了 $1 秒，请校时', 'this machine’s clock is $1 s ahead: set it by NTP'],
  [/^clock: this machine is (\S+) s behind/, '本机时钟慢了 $1 秒，请校时', 'this machine’s clock is $1 s behind: set it by NTP'],
];

export function degradedWords(told) {
  const [pattern, zh, en] = TOLD.find(([candidate]) => candidate.test(told)) ?? [];
  if (pattern === undefined) return told;
  return (pattern.exec(told) ?? []).reduce((words, part, i) => words.replaceAll(`$${i}`, part), lang() === 'zh' ? zh : en);
}
