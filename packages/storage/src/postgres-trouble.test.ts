// A server that is on its way up or down is one that does not answer yet, in whatever words it says so.
import { expect, test } from 'vitest';
import { cannotOpen } from './postgres-trouble.ts';

const URL = 'postgres://laba:secret@db:5432/laba';
const said = (code: string, message: string) => cannotOpen(URL, Object.assign(new Error(message), { code, severity: 'FATAL' })).message;

test.each([
  ['57P03', 'the database system is starting up'],
  ['57P03', 'the database system is not yet accepting connections'],
  ['57P03', 'the database system is in recovery mode'],
  ['57P03', '数据库系统正在启动'],
  ['57P01', 'terminating connection due to administrator command'],
  ['57P02', 'terminating connection because of crash of another server process'],
])('%s, %s: nobody answers yet', (code, message) => {
  expect(said(code, message)).toBe(`No PostgreSQL answers at db:5432 (${message}): start it, or check the database's address.`);
});

test('what waiting does not mend is refused at once, without the password', () => {
  expect(said('28P01', 'password authentication failed for user "laba"')).toMatch(/^PostgreSQL at db:5432 refused the user "laba"/);
  expect(said('53300', 'sorry, too many clients already')).toBe('PostgreSQL at db:5432 refused the connection: sorry, too many clients already.');
  expect(said('3D000', 'database "laba" does not exist')).not.toContain('secret');
});
