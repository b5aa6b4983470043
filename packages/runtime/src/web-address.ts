// Where people and devices reach the house, as it is printed in links and identities.
import type { Config } from './config.ts';

// Listening everywhere is no address to connect to; the operator names a better one by publicUrl.
export function hostOf(config: Config): string {
  if (config.publicUrl !== undefined) return new URL(config.publicUrl).hostname;
  if (config.host === '0.0.0.0') return '127.0.0.1';
  return config.host.includes(':') ? `[${config.host === '::' ? '::1' : config.host}]` : config.host;
}

/** `https://host[:port]`, without a slash at its end. */
export function webAddressOf(config: Config): string {
  return (config.publicUrl ?? `${config.tls ? 'https' : 'http'}://${hostOf(config)}:${config.port}`).replace(/\/$/, '');
}

/** The same on paper: where no address is set, as whoever prints it reached the house. */
export function baseUrlOf(config: Config, asked: { protocol: string; host: string }): string {
  return (config.publicUrl ?? `${asked.protocol}://${asked.host}`).replace(/\/$/, '');
}
