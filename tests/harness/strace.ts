// A process that dies, or meets a full disk, exactly at its n-th call to make something durable.

/** libc's and SQLite's ways to the platter. */
const SYNCS = 'fsync,fdatasync';

/** What strace does to the n-th call (counted per thread and per kind of call). */
export type Injection = { killAtSync: number } | { noSpaceFromSync: number; calls?: number };

function words(injection: Injection): string[] {
  const what =
    'killAtSync' in injection
      ? `signal=SIGKILL:when=${injection.killAtSync}`
      : `error=ENOSPC:when=${injection.noSpaceFromSync}..${injection.noSpaceFromSync + (injection.calls ?? 1) - 1}`;
  return ['-f', '-o', '/dev/null', '-e', `trace=${SYNCS}`, '-e', `inject=${SYNCS}:${what}`];
}

/** The command to put before a program's own. Needs strace and the right to trace (root, or ptrace_scope 0). */
export function straced(injection: Injection): string[] {
  return ['strace', '-qq', ...words(injection)];
}

/** The command that does it to a process that runs; it counts from when its first words appear on stderr. */
export function straceOf(pid: number, injection: Injection): string[] {
  return ['strace', ...words(injection), '-p', String(pid)];
}
