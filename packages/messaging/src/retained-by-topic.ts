// What the embedded broker keeps for late subscribers, found by its topic: the library would try every kept message against every subscription.
import { Readable } from 'node:stream';

interface Kept {
  topic: string;
  payload: Buffer | string;
}

/** The part of aedes' persistence that this changes. */
export interface RetainedStore {
  storeRetained(packet: Kept): Promise<void>;
  createRetainedStreamCombi(filters: string[]): Readable;
}

const WILDCARD = /[+#]/;

/** With N devices that each keep a state and subscribe to k topics, connecting all of them costs N·k instead of N²·k. */
export function findRetainedByTopic(store: RetainedStore): void {
  const kept = new Map<string, Kept>();
  const keep = store.storeRetained.bind(store);
  const byPattern = store.createRetainedStreamCombi.bind(store);
  store.storeRetained = async (packet) => {
    await keep(packet);
    if (packet.payload.length === 0) kept.delete(packet.topic);
    else kept.set(packet.topic, { ...packet });
  };
  store.createRetainedStreamCombi = (filters) => {
    const exact = filters.filter((filter) => !WILDCARD.test(filter)).flatMap((topic) => kept.get(topic) ?? []);
    const patterns = filters.filter((filter) => WILDCARD.test(filter));
    return patterns.length === 0 ? Readable.from(exact) : Readable.from(after(exact, byPattern(patterns)));
  };
}

async function* after(first: readonly Kept[], rest: Readable): AsyncGenerator<unknown> {
  yield* first;
  yield* rest;
}
