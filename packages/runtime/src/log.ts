// Structured logs on standard error: ids, never personal data. What could hold some is censored at the root.
import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

const STANDARD_ERROR = 2;
const SECRETS = ['phone', 'password', 'token', 'name', '*.phone', '*.password', '*.token', '*.name', 'req.headers.cookie', 'req.headers.authorization'];

// pino's own writer tries a broken pipe again for ever and holds the process: a reader that went away must not stop the house.
function toStandardError(line: string): void {
  try {
    writeSync(STANDARD_ERROR, line);
  } catch {
    // Nobody reads: the line is lost, the alert is not.
  }
}

/** A statement's values follow its text in some drivers' messages, and rows stand in their details: neither is for a log. */
const withoutValues = (words: unknown) => (typeof words === 'string' ? words.split('\nparams:')[0] : words);

function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return withoutValues(String(error));
  const { code } = error as { code?: unknown };
  const stack = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { type: error.name, message: withoutValues(error.message), ...(typeof code === 'string' ? { code } : {}), stack };
}

const serializers = { err: plainError, error: withoutValues, why: withoutValues };

/** `isForPeople`: for a person at a terminal; otherwise one JSON object a line. `write`: standard error when not given. */
export function openLog(level: string, isForPeople: boolean, write: (line: string) => void = toStandardError): Log {
  const options = { level, base: null, serializers, redact: { paths: SECRETS, censor: '[hidden]' } };
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
