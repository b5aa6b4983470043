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
  const wanted = filter.split('/');
  const given = topic.split('/');
  for (let level = 0; level < wanted.length; level++) {
    if (wanted[level] === '#') return true;
    if (level >= given.length || (wanted[level] !== '+' && wanted[level] !== given[level])) return false;
  }
  return wanted.length === given.length;
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
