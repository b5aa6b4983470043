// What each fault did and how long the town took to be itself again: one JSON line per fault, gathered by tests/failure/write-report.ts.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Names the folder; nothing is written when it is not set. */
export const REPORT_FOLDER = 'LABA_FAULT_REPORT';

export interface FaultLine {
  fault: string;
  profile: 'embedded' | 'clustered' | 'edge';
  /** What was seen while it lasted and afterwards, in words. */
  seen: string;
  /** From the end of the fault until every speaker of the live alert had reported or stopped as it should. */
  recoveryMs: number;
}

export function tellFault(line: FaultLine): void {
  const folder = process.env[REPORT_FOLDER];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `faults-${process.pid}.jsonl`), `${JSON.stringify({ ...line, recoveryMs: Math.round(line.recoveryMs) })}\n`);
}
