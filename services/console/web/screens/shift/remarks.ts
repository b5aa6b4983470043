// Remarks on their way to the house: kept at this desk until it has them.
import { newKey, post } from '../../api/client.ts';
import { Outbox, type Kept } from '../../app/outbox.ts';
import { queries } from '../../app/queries.ts';
import { serverNow } from '../../app/server-time.ts';
import { keptRemarks } from './kept-as.ts';
import { SHIFTS } from './shift.ts';

export interface Waiting extends Kept {
  shiftId: string;
  words: string;
}

async function send({ key, shiftId, words, writtenAtMs }: Waiting): Promise<void> {
  await post(`${SHIFTS}/${encodeURIComponent(shiftId)}/remarks`, { words, writtenAt: new Date(writtenAtMs).toISOString() }, { key });
}

const onSent = () => queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(SHIFTS) });

const remarks = new Outbox<Waiting>({ keptAs: keptRemarks, send, onSent });

/** What waits, and what the house said of those that it refused. */
export const { waiting, refused } = remarks;

export const keepRemarksOf = (officerId: string): void => remarks.keepOf(officerId);

export function writeRemark(shiftId: string, words: string): void {
  remarks.add({ key: newKey(), shiftId, words, writtenAtMs: serverNow() });
}

export const dropRemark = (key: string): void => remarks.drop(key);

/** Of a shift that was over before the house had it. */
export function writeAgain(key: string, shiftId: string): void {
  const one = waiting.value.find((other) => other.key === key);
  if (one !== undefined) remarks.replace(key, { ...one, key: newKey(), shiftId });
}
