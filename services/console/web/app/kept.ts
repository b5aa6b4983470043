// Remarks, marks and scans that had not reached the house when the page was loaded anew: sent on from whatever screen stands. What sends them is loaded only where there are some.
import { keptMarks } from '../screens/rollcall/kept-as.ts';
import { keptRemarks } from '../screens/shift/kept-as.ts';

function isKept(name: string): boolean {
  try {
    return sessionStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

export async function sendKept(officerId: string): Promise<void> {
  if (isKept(keptRemarks(officerId))) (await import('../screens/shift/remarks.ts')).keepRemarksOf(officerId);
  if (isKept(keptMarks(officerId))) (await import('../screens/rollcall/marks.ts')).keepMarksOf(officerId);
}
