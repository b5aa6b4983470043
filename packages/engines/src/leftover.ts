// A server whose starter was killed outright still holds its folder and its port: known by a note, stopped by the next start.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STOP_MS = 10_000;
const LOOK_EVERY_MS = 25;

const noteOf = (dir: string) => join(dir, 'process.json');

interface Note {
  pid: number;
  /** When it was born, in the kernel's ticks: a number may be given to another process later. */
  bornAt: string;
  stopSignal: NodeJS.Signals;
}

/** Written beside what the server writes. Says nothing where there is no /proc. */
export function noteProcess(dir: string, pid: number, stopSignal: NodeJS.Signals): void {
  const bornAt = birthOf(pid);
  if (bornAt === undefined) return;
  const note: Note = { pid, bornAt, stopSignal };
  writeFileSync(noteOf(dir), JSON.stringify(note), { mode: 0o600 });
}

/** Stops the server that an earlier start left running in this folder, by force after 10 s. @returns whether there was one */
export async function stopLeftover(dir: string): Promise<boolean> {
  const note = readNote(dir);
  if (note === undefined) return false;
  const found = lives(note);
  if (found) await end(note);
  rmSync(noteOf(dir), { force: true });
  return found;
}

async function end(note: Note): Promise<void> {
  tell(note.pid, 'SIGCONT');
  tell(note.pid, note.stopSignal);
  const forceAt = performance.now() + STOP_MS;
  while (lives(note)) {
    if (performance.now() > forceAt) tell(note.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM')
      throw new Error(`Process ${pid} still runs here and belongs to another user: stop it.`, { cause: error });
  }
}

const lives = ({ pid, bornAt }: Note) => birthOf(pid) === bornAt;

// The 22nd word; the second is a name in brackets and may hold anything. A zombie is dead already: only its parent has not looked yet.
function birthOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const words = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return words[0] === 'Z' ? undefined : words[19];
  } catch {
    return undefined;
  }
}

function readNote(dir: string): Note | undefined {
  if (!existsSync(noteOf(dir))) return undefined;
  try {
    return JSON.parse(readFileSync(noteOf(dir), 'utf8')) as Note;
  } catch {
    // Cut short while it was written: that start did not get further.
    return undefined;
  }
}
