// What is kept for late subscribers is found by its topic, and never compared with everything else that is kept.
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { findRetainedByTopic, type RetainedStore } from './retained-by-topic.ts';

type Packet = Parameters<RetainedStore['storeRetained']>[0];

function store(): RetainedStore & { scans: string[][] } {
  const all = new Map<string, Packet>();
  const scans: string[][] = [];
  const made = {
    scans,
    storeRetained: async (packet: Packet) => void (packet.payload.length === 0 ? all.delete(packet.topic) : all.set(packet.topic, packet)),
    createRetainedStreamCombi: (filters: string[]) => {
      scans.push(filters);
      return Readable.from([...all.values()].filter((one) => filters.some((filter) => one.topic.startsWith(filter.replace('#', '')))));
    },
  };
  findRetainedByTopic(made);
  return made;
}

const topicsOf = async (stream: Readable) => ((await stream.toArray()) as Packet[]).map((one) => one.topic);

describe('what is kept for late subscribers', () => {
  it('is found by its exact topic without a look at the others, and is gone when it was taken back', async () => {
    const kept = store();
    await kept.storeRetained({ topic: 'a/1', payload: 'x' });
    await kept.storeRetained({ topic: 'a/2', payload: 'y' });
    expect(await topicsOf(kept.createRetainedStreamCombi(['a/1', 'a/3']))).toEqual(['a/1']);
    await kept.storeRetained({ topic: 'a/1', payload: '' });
    expect(await topicsOf(kept.createRetainedStreamCombi(['a/1']))).toEqual([]);
    expect(kept.scans).toEqual([]);
  });

  it('is still found by a pattern, beside exact topics', async () => {
    const kept = store();
    await kept.storeRetained({ topic: 'a/1', payload: 'x' });
    await kept.storeRetained({ topic: 'b/1', payload: 'y' });
    expect(await topicsOf(kept.createRetainedStreamCombi(['b/1', 'a/#']))).toEqual(['b/1', 'a/1']);
    expect(kept.scans).toEqual([['a/#']]);
  });
});
