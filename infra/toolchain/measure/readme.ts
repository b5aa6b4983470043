// The house measured: what each setting does, in the words of the README; names and defaults come from the runtime's own schema.
import type { Language, Setting } from './marked-tables.ts';
import { errorTable, limitTable, settingTable } from './marked-tables.ts';
import { ERRORS } from '../../../packages/domain/src/errors.ts';
import { LIMITS } from '../../../packages/domain/src/limits.ts';
import { configSchema, ENVIRONMENT } from '../../../packages/runtime/src/config.ts';

const WORDS: Readonly<Record<string, Setting>> = {
  LABA_PROFILE: {
    en: 'Which composition runs. `embedded`: one county, one machine, one process. `clustered`: PostgreSQL, Redis and an MQTT 5 broker, services in any number of copies.',
    zh: '运行方式。`embedded`：一个县、一台机器、一个进程。`clustered`：使用 PostgreSQL、Redis 和 MQTT 5 服务器，各服务可运行任意多份。',
  },
  LABA_PORT: { en: 'HTTP port; 0 takes a free one.', zh: 'HTTP 端口；0 表示任取一个空闲端口。' },
  LABA_MQTT_PORT: { en: 'MQTT port of the embedded broker; 0 takes a free one.', zh: '内置 MQTT 服务的端口；0 表示任取一个空闲端口。' },
  LABA_HOST: { en: 'Address to listen on: loopback until you say otherwise.', zh: '监听地址；默认只在本机可访问。' },
  LABA_DATA: {
    en: "Folder for the database, the secret and the keys; by default in Laba's own folder, wherever a command is typed.",
    zh: '数据目录：数据库、密钥文件；默认在本程序的目录里，与在哪里输入命令无关。',
  },
  LABA_UTC_OFFSET_MINUTES: {
    en: "Minutes east of UTC for quiet hours and printed times; by default the time zone's own.",
    zh: '与 UTC 的分钟差，用于静音时段和显示的时间；不设时按时区计算。',
  },
  LABA_TIME_ZONE: { en: 'Time zone.', zh: '时区。' },
  LABA_LOG_LEVEL: { en: '`trace`, `debug`, `info`, `warn`, `error` or `silent`.', zh: '`trace`、`debug`、`info`、`warn`、`error` 或 `silent`。' },
  LABA_PUBLIC_URL: { en: 'Address that links are printed with, when it is not the listening one.', zh: '链接里显示的对外地址（与监听地址不同时填写）。' },
  LABA_DATABASE_URL: { en: '`clustered`: `postgres://user:password@host:port/database`.', zh: '`clustered`：`postgres://用户:密码@主机:端口/数据库`。' },
  LABA_REDIS_URL: { en: '`clustered`: `redis://:password@host:port/0`.', zh: '`clustered`：`redis://:密码@主机:端口/0`。' },
  LABA_BROKER_URL: {
    en: "`clustered`: `mqtt://user:password@host:port`, the county's own account at the broker.",
    zh: '`clustered`：`mqtt://用户:密码@主机:端口`，县里自己在 MQTT 服务器上的账号。',
  },
  LABA_PUBLIC_BROKER_URL: {
    en: "Where gateways reach the broker, when it is not this machine's own MQTT port: `mqtt://host:port`.",
    zh: '喇叭网关连接 MQTT 服务器的地址（不是本机端口时填写）：`mqtt://主机:端口`。',
  },
  LABA_BROKER_CA: {
    en: "The PEM file of the authority that signed the broker's certificate, for `mqtts://`; the machine's own list when not set.",
    zh: '给消息服务器证书签名的机构的 PEM 文件，用于 `mqtts://`；不设则用本机自带的列表。',
  },
  LABA_BROKER_HOOK_SECRET: {
    en: 'Only for a broker that asks Laba who may connect (EMQX, see `infra/emqx`): what it shows in the header `x-laba-broker`. 16 characters or more.',
    zh: '仅当消息服务器向 Laba 询问谁可以连接时（EMQX，见 `infra/emqx`）：它在请求头 `x-laba-broker` 里出示的口令，至少 16 个字符。',
  },
  LABA_TRUSTED_PROXIES: {
    en: "Addresses of reverse proxies whose word on the caller's address is believed, with commas between.",
    zh: '可信的反向代理地址，用逗号隔开；只有它们转告的来访地址才会被采信。',
  },
  LABA_SECRET_FILE: {
    en: "The house's secret, 32 bytes, shared by all processes of one county; by default `secret.key` in the data folder.",
    zh: '系统密钥文件（32 字节），同一个县的所有进程共用；默认是数据目录中的 `secret.key`。',
  },
  LABA_METRICS_TOKEN: {
    en: 'What a Prometheus of another machine sends as its bearer token, 16 characters or more; without it `/metrics` answers only this machine.',
    zh: '其他机器上的 Prometheus 读取 `/metrics` 时使用的令牌（不少于 16 个字符）；不设则只有本机可读。',
  },
  LABA_OTEL_ENDPOINT: {
    en: 'Where traces go, OTLP over HTTP: `http://host:4318`; none are made when not set.',
    zh: '链路追踪的接收地址（OTLP/HTTP）：`http://主机:4318`；不设则不产生追踪。',
  },
  LABA_QUEUE_BOARD: {
    en: "`true`: the queues at `/admin/queues`, to look at only, for the county's administrator; `clustered`.",
    zh: '`true`：县管理员可在 `/admin/queues` 查看队列（只读）；仅用于 `clustered`。',
  },
  LABA_LAN_NAME: {
    en: 'The house answers to `NAME.local` on its own network (multicast DNS), where it listens on every address; a village’s house is `laba.local` when not set.',
    zh: '本地网里的名字：在本地网用 `名字.local` 打开页面（须监听所有地址）；村级系统不设时为 `laba.local`。',
  },
  LABA_CHANNELS: {
    en: "JSON file of the county's providers of messages to people (SMS, voice calls, WeCom, DingTalk, web push, e-mail), see `infra/channels/README.md`; none when not set.",
    zh: '县里的消息渠道配置（短信、语音电话、企业微信、钉钉、网页推送、邮件），JSON 文件，见 `infra/channels/README.md`；不设则没有任何渠道。',
  },
  SERVICES: {
    en: '`clustered`: which services this process runs, with commas between: `registry`, `intake`, `alerting`, `dispatch`, `mobilization`, `sharing`, `console`; all when not set.',
    zh: '`clustered`：本进程运行哪些服务，用逗号隔开：`registry`、`intake`、`alerting`、`dispatch`、`mobilization`、`sharing`、`console`；不设则全部运行。',
  },
};

// The limits that a person meets; the rest stands in domain/limits.ts.
const LIMIT_WORDS: Readonly<Partial<Record<keyof typeof LIMITS, Setting>>> = {
  alertTextChars: { en: "characters of one language's words in one alert", zh: '一条预警中一种语言的播报字数' },
  alertTitleChars: { en: 'characters of its title', zh: '标题字数' },
  alertLanguages: { en: 'languages in one alert', zh: '一条预警的语言种数' },
  alertAreas: { en: 'grid nodes named in one alert', zh: '一条预警点名的网格数' },
  alertDurationMs: { en: 'longest time an alert may last', zh: '预警最长持续时间' },
  reportTextChars: { en: 'characters of a hazard report', zh: '险情报告字数' },
  publicReportsPerMinute: { en: 'reports a minute from one address by the public form', zh: '公开表单每个地址每分钟的报告数' },
  requestsPerMinute: { en: 'requests a minute from one session, link or address', zh: '每个会话、链接或地址每分钟的请求数' },
  signInFailures: { en: 'failed sign-ins before the lock', zh: '连续登录失败几次后锁定' },
  signInLockMs: { en: 'length of that lock', zh: '锁定时间' },
  sessionMs: { en: 'length of a session', zh: '一次登录的有效时间' },
  claimCodeMs: { en: "life of a gateway's claim code", zh: '喇叭网关认领码的有效时间' },
  speakersPerGateway: { en: 'speakers on one gateway', zh: '一个网关的喇叭数' },
  gatewaySpooledReports: { en: 'reports a gateway keeps while the county is away', zh: '与县里断联时网关保存的回执数' },
  importRows: { en: 'rows in one import file', zh: '一个导入文件的行数' },
  importBytes: { en: 'size of one import file', zh: '一个导入文件的大小' },
  httpBodyBytes: { en: 'size of any other request', zh: '其他请求的大小' },
  liveConnections: { en: 'open live pages of one process', zh: '一个进程同时打开的实时页面数' },
};

/** Every table of the README in one language, by the name of its block. */
export function readmeTables(language: Language): Record<string, string> {
  return {
    errors: errorTable(ERRORS, language),
    settings: settingTable(
      ENVIRONMENT,
      { ...configSchema.parse({}), utcOffsetMinutes: undefined, services: undefined, trustedProxies: undefined },
      WORDS,
      language,
    ),
    limits: limitTable(LIMITS, LIMIT_WORDS, language),
  };
}
