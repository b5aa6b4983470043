// The canonical alert in CAP 1.2 names: one shape from which every codec maps. Each revision is one immutable message.
import { EVENT_CODES, LEVEL_WORDS, MODE_WORDS, ORDER_WORDS, type AlertSubject, type AlertText } from './alert.ts';
import { capGeocode } from './grid.ts';

interface CapArea {
  areaDesc: string;
  geocode: { valueName: string; value: string }[];
}
interface CapValue {
  valueName: string;
  value: string;
}

interface CapInfo {
  language: string;
  category: string[];
  event: string;
  responseType: string[];
  urgency: string;
  severity: string;
  certainty: string;
  eventCode: CapValue[];
  effective: string;
  onset: string;
  expires: string;
  senderName: string;
  headline: string;
  description: string;
  instruction: string;
  parameter: CapValue[];
  area: CapArea[];
}

export interface CapReference {
  sender: string;
  identifier: string;
  sent: string;
}

export interface CapAlert {
  identifier: string;
  sender: string;
  sent: string;
  status: 'Actual' | 'Exercise' | 'Test';
  msgType: 'Alert' | 'Update' | 'Cancel';
  scope: 'Public' | 'Restricted';
  code: string[];
  note: string;
  references: CapReference[];
  info: CapInfo[];
}

/** `YYYY-MM-DDThh:mm:ss±hh:mm`, no fractions, at the given offset (CAP 1.2 section 3.3.2). */
export function capTime(ms: number, utcOffsetMinutes: number): string {
  const local = new Date(ms + utcOffsetMinutes * 60_000).toISOString().slice(0, 19);
  const sign = utcOffsetMinutes < 0 ? '-' : '+';
  const size = Math.abs(utcOffsetMinutes);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${local}${sign}${two(Math.trunc(size / 60))}:${two(size % 60)}`;
}

/** ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N: division 6, agency 3, unit 3, extension 2, time, running number. */
export function capIdentifier(county: string, ms: number, utcOffsetMinutes: number, n: number): string {
  const stamp = capTime(ms, utcOffsetMinutes).slice(0, 19).replace(/\D/g, '');
  return `${county}00000000_${stamp}_${n}`;
}

export interface CapSource extends AlertSubject {
  county: string;
  identifier: string;
  sentMs: number;
  startTimeMs: number;
  endTimeMs: number;
  utcOffsetMinutes: number;
  issuer: string;
  eventCode: string;
  texts: readonly AlertText[];
  areas: readonly { code: string; name: string }[];
  msgType: 'Alert' | 'Update' | 'Cancel';
  references: readonly CapReference[];
  note: string;
}

/** One revision as a CAP message; languages in the order given, Chinese first. */
export function toCap(source: CapSource): CapAlert {
  const time = (ms: number) => capTime(ms, source.utcOffsetMinutes);
  const order = source.order ? ORDER_WORDS[source.order] : undefined;
  const severity = source.level ? LEVEL_WORDS[source.level].capSeverity : source.order === 'move-now' ? 'Extreme' : 'Severe';
  const event = EVENT_CODES[source.eventCode];
  const info = source.texts.map((text): CapInfo => ({
    language: text.language,
    category: ['Geo', 'Met'],
    event: (text.language.startsWith('zh') ? event?.zh : event?.en) ?? source.eventCode,
    responseType: [order?.responseType ?? 'Monitor'],
    urgency: order?.urgency ?? 'Expected',
    severity,
    certainty: 'Likely',
    eventCode: [{ valueName: 'GB/T 35561', value: source.eventCode }],
    effective: time(source.startTimeMs),
    onset: time(source.startTimeMs),
    expires: time(source.endTimeMs),
    senderName: source.issuer,
    headline: text.title,
    description: text.text,
    instruction: text.text,
    parameter: [
      { valueName: 'laba:kind', value: source.kind },
      ...(source.level ? [{ valueName: 'laba:level', value: source.level }] : []),
      ...(source.order ? [{ valueName: 'laba:order', value: source.order }] : []),
    ],
    area: source.areas.map((area) => ({ areaDesc: area.name, geocode: [capGeocode(area.code)] })),
  }));
  return {
    identifier: source.identifier,
    sender: `laba.${source.county}`,
    sent: time(source.sentMs),
    status: MODE_WORDS[source.mode].capStatus,
    msgType: source.msgType,
    scope: 'Public',
    code: [],
    note: source.note,
    references: [...source.references],
    info,
  };
}
