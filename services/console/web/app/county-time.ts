// Times of day in the county's own time, which is not always the desk's: the house's answers carry it.

const MINUTE_MS = 60_000;

/** To the minute; `at`: any time that the house told. */
export function inZoneOf(at: string, ms: number): string {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(at) ?? [];
  const offset = hours === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return new Date(ms + offset * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ');
}
