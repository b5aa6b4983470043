// Structured logs on standard error: ids, never personal data. What could hold some is censored at the root.
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

const STANDARD_ERROR = 2;
const SECRETS = ['phone', 'password', 'token', 'name', '*.phone', '*.password', '*.token', '*.name', 'req.headers.cookie', 'req.headers.authorization'];

// pino's own writer tries a broken pipe again for ever and holds the process: a reader that went away must not stop the house.
function write(line: string): void {
  try {
    writeSync(STANDARD_ERROR, line);
  } catch {
    // Nobody reads: the line is lost, the alert is not.
  }
}

/** `pretty`: for a person at a terminal; otherwise one JSON object a line. */
export function openLog(level: string, isForPeople: boolean): Log {
  const options = { level, base: null, redact: { paths: SECRETS, censor: '[hidden]' } };
  if (!isForPeople) return pino(options, { write });
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      write(chunk.toString());
      done();
    },
  });
  return pino(options, pretty({ destination, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' }));
}

export const silentLog: Log = pino({ level: 'silent' });
