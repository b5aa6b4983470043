// Mains or battery, and for how long: what the box's own kernel says under /sys/class/power_supply.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Power } from '@laba/domain/power';

export const POWER_SUPPLIES = '/sys/class/power_supply';

/** One supply as the kernel writes it: a file per property, units as in its documentation (µW, µWh, µA, µAh, µV, s). */
type Supply = Readonly<Record<string, string>>;

const PROPERTIES = [
  'type',
  'scope',
  'present',
  'online',
  'status',
  'capacity',
  'energy_now',
  'power_now',
  'charge_now',
  'current_now',
  'voltage_now',
  'time_to_empty_now',
] as const;
const MOST_HOURS = 999;

/** A machine without supplies of which it knows says `unknown`, and so does one whose files cannot be read. */
export async function readPower(dir: string = POWER_SUPPLIES): Promise<Power> {
  const names = await readdir(dir).catch(() => []);
  const supplies = (await Promise.all(names.map((name) => readSupply(join(dir, name))))).filter(feedsThisBox);
  const batteries = supplies.filter(({ type }) => type === 'Battery' || type === 'UPS');
  const source = sourceOf(supplies, batteries);
  return { source, ...percentOf(batteries), ...(source === 'battery' ? hoursOf(batteries) : {}) };
}

async function readSupply(dir: string): Promise<Supply> {
  const read = async (name: string) => [name, (await readFile(join(dir, name), 'utf8').catch(() => '')).trim()] as const;
  return Object.fromEntries((await Promise.all(PROPERTIES.map(read))).filter(([, text]) => text !== ''));
}

// A wireless keyboard has a battery too, of scope `Device`; a bay without its battery says that nothing is present.
function feedsThisBox({ type, scope, present }: Supply): boolean {
  return type !== undefined && scope !== 'Device' && present !== '0';
}

function sourceOf(supplies: readonly Supply[], batteries: readonly Supply[]): Power['source'] {
  const lines = supplies.filter((one) => !batteries.includes(one));
  // 2: online at a voltage that can be set.
  if (lines.some(({ online }) => online === '1' || online === '2')) return 'mains';
  if (batteries.some(({ status }) => status === 'Discharging')) return 'battery';
  if (batteries.some(({ status }) => status === 'Charging' || status === 'Full' || status === 'Not charging')) return 'mains';
  return batteries.length > 0 && lines.length > 0 ? 'battery' : 'unknown';
}

function percentOf(batteries: readonly Supply[]): Pick<Power, 'batteryPercent'> {
  const known = batteries.flatMap(({ capacity }) => numberIn(capacity) ?? []);
  if (known.length === 0) return {};
  const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
  return { batteryPercent: Math.round(Math.min(100, Math.max(0, mean))) };
}

// The kernel's own estimate where there is one; otherwise what is stored, by what is drawn. All batteries feed together.
function hoursOf(batteries: readonly Supply[]): Pick<Power, 'hoursLeft'> {
  const seconds = batteries.flatMap(({ time_to_empty_now: time }) => numberIn(time) ?? []);
  const wattHours = sum(batteries.map((one) => numberIn(one['energy_now']) ?? times(one['charge_now'], one['voltage_now'])));
  const watts = sum(batteries.map((one) => Math.abs(numberIn(one['power_now']) ?? times(one['current_now'], one['voltage_now']))));
  const hours = seconds.some((one) => one > 0) ? sum(seconds) / 3600 : watts > 0 ? wattHours / watts : undefined;
  return hours === undefined ? {} : { hoursLeft: Math.round(Math.min(MOST_HOURS, hours) * 10) / 10 };
}

function times(micro: string | undefined, microVolts: string | undefined): number {
  return ((numberIn(micro) ?? 0) * (numberIn(microVolts) ?? 0)) / 1_000_000;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
