// The house measured: what each setting does, in the words of the README; names and defaults come from the runtime's own schema.
import type { Language, Setting } from './marked-tables.ts';
import { errorTable, settingTable } from './marked-tables.ts';
import { ERRORS } from '../../../packages/domain/src/errors.ts';
import { configSchema, ENVIRONMENT } from '../../../packages/runtime/src/config.ts';

const WORDS: Readonly<Record<string, Setting>> = {
  LABA_PROFILE: { en: 'Which composition runs. `embedded`: one county, one machine, one process.', zh: '运行方式。`embedded`：一个县、一台机器、一个进程。' },
  LABA_PORT: { en: 'HTTP port; 0 takes a free one.', zh: 'HTTP 端口；0 表示任取一个空闲端口。' },
  LABA_MQTT_PORT: { en: 'MQTT port of the embedded broker; 0 takes a free one.', zh: '内置 MQTT 服务的端口；0 表示任取一个空闲端口。' },
  LABA_HOST: { en: 'Address to listen on: loopback until you say otherwise.', zh: '监听地址；默认只在本机可访问。' },
  LABA_DATA: { en: 'Folder for the database, the secret and the keys.', zh: '数据目录：数据库、密钥文件。' },
  LABA_UTC_OFFSET_MINUTES: { en: "Minutes east of UTC for quiet hours and printed times; by default the time zone's own.", zh: '与 UTC 的分钟差，用于静音时段和显示的时间；不设时按时区计算。' },
  LABA_TIME_ZONE: { en: 'Time zone.', zh: '时区。' },
  LABA_LOG_LEVEL: { en: '`trace`, `debug`, `info`, `warn`, `error` or `silent`.', zh: '`trace`、`debug`、`info`、`warn`、`error` 或 `silent`。' },
  LABA_PUBLIC_URL: { en: 'Address that links are printed with, when it is not the listening one.', zh: '链接里显示的对外地址（与监听地址不同时填写）。' },
};

/** Every table of the README in one language, by the name of its block. */
export function readmeTables(language: Language): Record<string, string> {
  return { errors: errorTable(ERRORS, language), settings: settingTable(ENVIRONMENT, { ...configSchema.parse({}), utcOffsetMinutes: undefined }, WORDS, language) };
}
