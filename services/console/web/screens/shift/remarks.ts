// Remarks on their way to the house: kept at this desk until it has them, each sent under one key, so that a cut line neither loses nor doubles one.
import { newKey, post } from '../../api/client.ts';
import { line } from '../../api/live-line.ts';
import { Refused, UNREACHABLE } from '../../api/problem.ts';
import { queries } from '../../app/queries.ts';
import { serverNow } from '../../app/server-time.ts';
import { Store } from '../../app/store.ts';
import { keptRemarks } from './kept-as.ts';
import { SHIFTS } from './shift.ts';

export interface Waiting {
  key: string;
  shiftId: string;
  words: string;
  writtenAtMs: number;
}

/** What waits, and what the house said of those that it refused. */
export const waiting = new Store<readonly Waiting[]>([]);
export const refused = new Store<Readonly<Record<string, unknown>>>({});

/** A remark that the house has at once needs no second time beside it. */
const LATE_MS = 10_000;
const AGAIN_MS = 3_000;
let owner = '';
let isSending = false;

const keptAs = () => keptRemarks(owner);

/** A page that is loaded anew goes on where it was; what another officer left on this desk is not shown to the next. */
export function keepRemarksOf(officerId: string): void {
  if (owner === officerId) return;
  owner = officerId;
  let kept: Waiting[] = [];
  try {
    kept = JSON.parse(sessionStorage.getItem(keptAs()) ?? '[]') as Waiting[];
  } catch {
    // A browser that keeps nothing begins empty.
  }
  waiting.set(kept);
  void sendWaiting();
}

function keep(all: readonly Waiting[]): void {
  waiting.set(all);
  try {
    if (all.length === 0) sessionStorage.removeItem(keptAs());
    else sessionStorage.setItem(keptAs(), JSON.stringify(all));
  } catch {
    // It stands on the screen, and is sent while the page stands.
  }
}

export function writeRemark(shiftId: string, words: string): void {
  keep([...waiting.value, { key: newKey(), shiftId, words, writtenAtMs: serverNow() }]);
  void sendWaiting();
}

export function dropRemark(key: string): void {
  keep(waiting.value.filter((one) => one.key !== key));
  forgive(key);
}

/** Of a shift that was over before the house had it. */
export function writeAgain(key: string, shiftId: string): void {
  forgive(key);
  keep(waiting.value.map((one) => (one.key === key ? { ...one, key: newKey(), shiftId } : one)));
  void sendWaiting();
}

function forgive(key: string): void {
  refused.set(Object.fromEntries(Object.entries(refused.value).filter(([name]) => name !== key)));
}

async function send({ key, shiftId, words, writtenAtMs }: Waiting): Promise<'there' | 'later' | 'refused'> {
  const late = serverNow() - writtenAtMs > LATE_MS ? { writtenAt: new Date(writtenAtMs).toISOString() } : {};
  try {
    await post(`${SHIFTS}/${encodeURIComponent(shiftId)}/remarks`, { words, ...late }, { key });
    return 'there';
  } catch (error) {
    if (error instanceof Refused && (error.problem === UNREACHABLE || error.problem.status >= 500)) return 'later';
    refused.set({ ...refused.value, [key]: error });
    return 'refused';
  }
}

/** One after the other, as they were written. */
export async function sendWaiting(): Promise<void> {
  if (isSending) return;
  isSending = true;
  for (const one of waiting.value.filter(({ key }) => refused.value[key] === undefined)) {
    const came = await send(one);
    if (came === 'later') break;
    if (came === 'there') keep(waiting.value.filter(({ key }) => key !== one.key));
  }
  isSending = false;
  await queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(SHIFTS) });
}

line.watch(() => {
  if (line.value.is === 'up' && waiting.value.length > 0) void sendWaiting();
});
setInterval(() => {
  if (waiting.value.some(({ key }) => refused.value[key] === undefined)) void sendWaiting();
}, AGAIN_MS);

// Whoever closes the page loses them: he is asked first.
window.addEventListener('beforeunload', (event) => {
  if (waiting.value.length > 0) event.preventDefault();
});
