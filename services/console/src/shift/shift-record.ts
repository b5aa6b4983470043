// Chapter 6, shift log: what two officers signed. Every copy of a shift that is over is made from this, and what was altered past the house is found out.
import type { SignedThings } from '@laba/domain/shift-view';
import type { Vault } from '@laba/runtime/vault';
import type { Remark, Shift } from './shift-store.ts';

export interface ShiftRecord {
  id: string;
  number: number;
  post: string;
  /** Of whose duty it was. */
  officerName: string;
  offered: SignedThings | null;
  taken: SignedThings | null;
  /** Of all remarks as they stood; null until it is over. */
  remarks: string | null;
}

const SEAL = 'shift';

/** As it is kept; `seal` names exactly this record. */
export function closeRecord(vault: Vault, record: ShiftRecord): { recordCipher: string; seal: string } {
  const plain = JSON.stringify(record);
  return { recordCipher: vault.encrypt(plain), seal: vault.hash(SEAL, plain) };
}

/** The same remarks, in the same order, with the same words give the same. */
export function digestOf(vault: Vault, remarks: readonly Remark[]): string {
  const rows = remarks.map(({ id, officerId, atMs, writtenAtMs, wordsCipher }) => [id, officerId, atMs, writtenAtMs, vault.decrypt(wordsCipher)]);
  return vault.hash(`${SEAL} remarks`, JSON.stringify(rows));
}

/** `altered`: the row, or with `remarks` one of those, is not as this house wrote it. */
export function openRecord(vault: Vault, shift: Shift, remarks?: readonly Remark[]): { record: ShiftRecord | undefined; altered: boolean } {
  if (shift.recordCipher === null) return { record: undefined, altered: shift.state !== 'running' };
  try {
    const plain = vault.decrypt(shift.recordCipher);
    const record = JSON.parse(plain) as ShiftRecord;
    const isItself = record.id === shift.id && record.number === shift.number && record.post === shift.post;
    const isSealed = shift.state === 'over' ? record.taken !== null && shift.seal === vault.hash(SEAL, plain) : record.taken === null;
    const isWhole = remarks === undefined || record.remarks === null || record.remarks === digestOf(vault, remarks);
    const altered = !isItself || !isSealed || !isWhole;
    return { record: altered ? undefined : record, altered };
  } catch {
    return { record: undefined, altered: true };
  }
}
