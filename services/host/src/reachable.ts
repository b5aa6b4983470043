// From where a house listens to where it is found.

/** An address that this machine can connect to, for one it listens on. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '[::1]' : host;
}
