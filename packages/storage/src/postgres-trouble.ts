// PostgreSQL's own words for what went wrong, told as the house tells it.
import { LabaError } from '@laba/domain/errors';

const NOT_UNIQUE = '23505';
/** Broken off so that another transaction may go on: the same statements may succeed now. */
const BROKEN_OFF = new Set(['40P01', '40001']);
/** Connection, resources, operator, system, corruption; a server that only reads; a statement or lock that took too long. */
const SERVER_TROUBLE = /^(08|53|57|58|XX|25006|25P0[23]|55P03)/;

/** Shut down by an operator or a crash, or not yet ready for anybody. The words differ by case and by the server's language. */
const COMES_OR_GOES = new Set(['57P01', '57P02', '57P03']);

/** SQLSTATE, or '' when it is not the server that speaks. */
export function sqlState(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as object) ? code : '';
}

export const isNotUnique = (error: unknown) => sqlState(error) === NOT_UNIQUE;
export const isBrokenOff = (error: unknown) => BROKEN_OFF.has(sqlState(error));
export const isServerTrouble = (error: unknown) => SERVER_TROUBLE.test(sqlState(error));

/** After this nothing more comes over the connection: the server ends it, or the answer is long overdue. */
export function endsConnection(error: unknown): boolean {
  return /^(08|57P0|25P03)/.test(sqlState(error)) || (error as Error).message === 'Query read timeout';
}

/** Safe to try again: nothing was written. */
export function storageFailed(error: unknown): LabaError {
  return new LabaError('storage-failed', `The database did not take it: ${oneLine(error)}. Nothing was written.`);
}

/** The connection went while the answer to COMMIT was awaited, and the server could not be asked. */
export function outcomeUnknown(error: unknown): LabaError {
  return new LabaError('outcome-unknown', `The connection to the database went during the commit (${oneLine(error)}): look whether it was written.`);
}

/** Where a database is, without its password. */
export interface Address {
  host: string;
  user: string;
  database: string;
}

export function addressOf(url: string): Address {
  try {
    const parsed = new URL(url);
    const socket = parsed.searchParams.get('host');
    return {
      host: socket ?? `${parsed.hostname || 'localhost'}:${parsed.port || '5432'}`,
      user: decodeURIComponent(parsed.username),
      database: decodeURIComponent(parsed.pathname.slice(1)),
    };
  } catch {
    return { host: 'an address that cannot be read', user: '', database: '' };
  }
}

/** One line for whoever starts the house: what is wrong and what to do. */
export function cannotOpen(url: string, error: unknown): Error {
  const { host, user, database } = addressOf(url);
  const why = oneLine(error);
  const state = sqlState(error);
  const { code } = error as { code?: unknown };
  if (/SSL|TLS|no encryption|certificate/i.test(why) || (typeof code === 'string' && /^(ERR_TLS|ERR_SSL|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_)/.test(code)))
    return new Error(`PostgreSQL at ${host} and this program do not agree on TLS (${why}): set sslmode in the database's address.`);
  if (state === '28P01' || state === '28000' || /client password must be a string/.test(why))
    return new Error(`PostgreSQL at ${host} refused the user "${user}" (${why}): check the user and the password in the database's address.`);
  if (state === '3D000') return new Error(`PostgreSQL at ${host} has no database "${database}": create it, or check the database's address.`);
  if (state !== '' && !COMES_OR_GOES.has(state)) return new Error(`PostgreSQL at ${host} refused the connection: ${why}.`);
  return new Error(`No PostgreSQL answers at ${host} (${why}): start it, or check the database's address.`);
}

function oneLine(error: unknown): string {
  const { message, code } = error as { message?: string; code?: unknown };
  // Several addresses of one name fail together without words of their own.
  const words = message === undefined || message === '' ? String(code ?? error) : message;
  return words.replaceAll(/\s+/g, ' ').replace(/\.$/, '');
}
