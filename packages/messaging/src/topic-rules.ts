// What a connection may say and hear: exact topics by its principal, and the rules that hold for everybody.
import type { Principal } from './principal.ts';

interface Publication {
  topic: string;
  qos?: number | undefined;
  retain?: boolean | undefined;
}

/** True when a message on `topic` reaches a subscription to `filter`. A filter that begins with a wildcard reaches no `$` topic. */
export function matches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  // Level by level in place: this is asked for every message that comes in, by every subscription.
  for (let f = 0, t = 0; ;) {
    const wantedEnd = levelEnd(filter, f);
    const wanted = filter.slice(f, wantedEnd);
    if (wanted === '#') return true;
    if (t > topic.length) return false;
    const givenEnd = levelEnd(topic, t);
    if (wanted !== '+' && (givenEnd - t !== wanted.length || !topic.startsWith(wanted, t))) return false;
    f = wantedEnd + 1;
    t = givenEnd + 1;
    if (f > filter.length) return t > topic.length;
  }
}

function levelEnd(text: string, from: number): number {
  const slash = text.indexOf('/', from);
  return slash < 0 ? text.length : slash;
}

/** QoS 0 or 1, a plain topic, and the principal's word; `$` belongs to the broker. */
export function mayPublish(principal: Principal, packet: Publication): boolean {
  const { topic, qos = 0, retain = false } = packet;
  return qos <= 1 && topic.length > 0 && !topic.startsWith('$') && !/[+#\0]/.test(topic) && principal.mayPublish(topic, retain);
}

/** A will is a publish that somebody else makes later: the same rules. */
export function mayLeaveWill(principal: Principal, will: Publication): boolean {
  return mayPublish(principal, will);
}

/** QoS 0 or 1 and the principal's word on the filter as sent; `$SYS` and `$share` belong to nobody. */
export function maySubscribe(principal: Principal, filter: string, qos: number): boolean {
  return qos <= 1 && filter.length > 0 && !filter.startsWith('$') && !filter.includes('\0') && principal.maySubscribe(filter);
}
