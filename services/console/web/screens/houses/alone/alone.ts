// Where it is read which places were alone, and how a time of it is written.
import { hrefOf } from '../../../app/route.ts';

export const ALONE = '/api/v1/alone';
export const CHANGED_BY = /^(site|house|gateway)\./;

/** `fromMs`: one of its times alone; the latest when it is not given. */
export const aloneHref = (code?: string, fromMs?: number): string =>
  hrefOf('houses', 'alone', ...(code === undefined ? [] : [code]), ...(fromMs === undefined ? [] : [String(fromMs)]));

export const alonePath = (code: string, fromMs: number | undefined): string => `${ALONE}/${code}${fromMs === undefined ? '' : `?from=${fromMs}`}`;

export const dayAndHour = (time: string): string => time.slice(5, 16).replace('T', ' ');
