// Structured logs: ids, never personal data. What could hold some is censored at the root.
import { pino, type Logger } from 'pino';

export type Log = Logger;

export function openLog(level: string, pretty: boolean): Log {
  return pino({
    level,
    base: null,
    redact: { paths: ['*.phone', '*.password', '*.token', '*.name', 'req.headers.cookie', 'req.headers.authorization'], censor: '[hidden]' },
    ...(pretty ? { transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' } } } : {}),
  });
}

export const silentLog: Log = pino({ level: 'silent' });
