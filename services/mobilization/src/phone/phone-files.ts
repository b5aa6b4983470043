// Chapter 5, member: the phone page's files, read once: its style, and what the build makes of its scripts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

export interface PhoneFile {
  type: string;
  body: Buffer;
  etag: string;
}

const FILES: Record<string, { file: URL; type: string }> = {
  'phone.css': { file: new URL('../../phone/phone.css', import.meta.url), type: 'text/css; charset=utf-8' },
  'service-worker.js': { file: new URL('../../dist/service-worker.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
  'phone.js': { file: new URL('../../dist/phone.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
};

/** By name. Without its script, where nobody built it, the page is the plain one. */
export function phoneFiles(): Map<string, PhoneFile> {
  return new Map(
    Object.entries(FILES).flatMap(([name, { file, type }]): [string, PhoneFile][] => {
      if (!existsSync(file)) return [];
      const body = readFileSync(file);
      return [[name, { type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }]];
    }),
  );
}
