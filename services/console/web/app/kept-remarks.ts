// Remarks that had not reached the house when the page was loaded anew: sent on from whatever screen stands. What sends them is loaded only where there are some.
import { keptRemarks } from '../screens/shift/kept-as.ts';

export async function sendKeptRemarks(officerId: string): Promise<void> {
  try {
    if (sessionStorage.getItem(keptRemarks(officerId)) === null) return;
  } catch {
    return;
  }
  const { keepRemarksOf } = await import('../screens/shift/remarks.ts');
  keepRemarksOf(officerId);
}
