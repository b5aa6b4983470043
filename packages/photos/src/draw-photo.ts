// Photos: the process that decodes one picture and draws it anew. It is told nothing else, and it ends.
import sharp from 'sharp';
import { LIMITS } from '@laba/domain/limits';
import type { Verdict } from './clean-photo.ts';

const LONGEST_SIDE = 1_600;
const QUALITY = 78;

async function wholeInput(): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function answer(verdict: Verdict, picture: Buffer = Buffer.alloc(0)): void {
  process.stdout.write(Buffer.concat([Buffer.from(`${JSON.stringify(verdict)}\n`), picture]));
}

async function main(): Promise<void> {
  sharp.concurrency(1);
  sharp.cache(false);
  const upload = await wholeInput();
  // The head alone says how large the picture would be.
  const { width, height } = await sharp(upload, { limitInputPixels: false }).metadata();
  if (width * height > LIMITS.photoPixels) return answer({ refused: 'pixels' });
  const { data, info } = await sharp(upload, { limitInputPixels: LIMITS.photoPixels, sequentialRead: true, failOn: 'error' })
    .autoOrient()
    .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: QUALITY })
    .toBuffer({ resolveWithObject: true });
  return answer({ width: info.width, height: info.height }, data);
}

await main().catch(() => answer({ refused: 'unreadable' }));
