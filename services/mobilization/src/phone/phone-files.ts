// Chapter 5, member: the phone page's files, read once: its style, and what the build makes of its scripts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

export interface PhoneFile {
  type: string;
  body: Buffer;
  etag: string;
}

const FILES: Record<string, { from: string; type: string }> = {
  'phone.css': { from: '../../phone/phone.css', type: 'text/css; charset=utf-8' },
  'service-worker.js': { from: '../../dist/service-worker.js', type: 'text/javascript; charset=utf-8' },
  'phone.js': { from: '../../dist/phone.js', type: 'text/javascript; charset=utf-8' },
};

/** By name. Without its script, where nobody built it, the page is the plain one. */
export function phoneFiles(): Map<string, PhoneFile> {
  return new Map(
    Object.entries(FILES).flatMap(([name, { from, type }]): [string, PhoneFile][] => {
      const file = new URL(from, import.meta.url);
      if (!existsSync(file)) return [];
      const body = readFileSync(file);
      return [[name, { type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }]];
    }),
  );
}
