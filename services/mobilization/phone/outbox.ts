// The phone page: what was said is kept on the phone, in order, until the county has it. It outlives the page, a dead battery and a lost line.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

/** Something said and not yet held by the county. `refused`: the county's reason; it is not sent again and shown until it was seen. */
export interface Kept {
  seq?: number;
  /** Made here, the same however often it is sent. */
  id: string;
  callId: string;
  /** Below the link's own address. */
  path: string;
  /** Whom or what it is about, where that is not himself. */
  about?: string;
  body: Record<string, string | number>;
  /** A photo as a data address. */
  photo?: string;
  saidAtMs: number;
  refused: string | null;
}

/** What the page gives to be kept. */
export type Said = Pick<Kept, 'path' | 'body' | 'about' | 'photo'>;

interface Schema extends DBSchema {
  kept: { key: number; value: Kept; indexes: { callId: string } };
}

export interface Outbox {
  /** What is kept for the call, in the order it was said. */
  list(): Promise<Kept[]>;
  add(kept: Kept): Promise<void>;
  remove(kept: Kept): Promise<void>;
  refuse(kept: Kept, code: string): Promise<void>;
}

/** In the phone's own database; where there is none (a private window), in memory: then it lasts as long as the page. */
export async function openOutbox(callId: string): Promise<Outbox> {
  try {
    const db = await openDB<Schema>('laba-phone', 1, {
      upgrade: (made) => void made.createObjectStore('kept', { keyPath: 'seq', autoIncrement: true }).createIndex('callId', 'callId'),
    });
    return onDisk(db, callId);
  } catch {
    return inMemory();
  }
}

function onDisk(db: IDBPDatabase<Schema>, callId: string): Outbox {
  return {
    list: () => db.getAllFromIndex('kept', 'callId', callId),
    add: async (kept) => void (await db.add('kept', kept)),
    remove: async ({ seq }) => void (seq !== undefined && (await db.delete('kept', seq))),
    refuse: async (kept, refused) => void (await db.put('kept', { ...kept, refused })),
  };
}

function inMemory(): Outbox {
  let all: Kept[] = [];
  let last = 0;
  return {
    list: async () => all,
    add: async (kept) => void (all = [...all, { ...kept, seq: ++last }]),
    remove: async ({ seq }) => void (all = all.filter((one) => one.seq !== seq)),
    refuse: async (kept, refused) => void (all = all.map((one) => (one.seq === kept.seq ? { ...kept, refused } : one))),
  };
}

/** Plain http has no crypto.randomUUID: 128 bits drawn by hand. */
export function makeId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
