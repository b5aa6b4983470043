// Chapter 2, alert: recorded clips, named by their own hash. Public: a gateway checks the hash, not the sender.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import type { App } from '@laba/runtime/http';
import { recordingOf } from '@laba/storage/recordings';
import type { Database } from '@laba/storage/database';

const CLIP_NAME = /^[0-9a-f]{64}\.wav$/;

export function clipRoutes(app: App, folder: string, db: Database): void {
  const params = z.object({ file: z.string().max(100) });
  app.get(
    '/audio/:file',
    { config: { access: 'public', rateLimit: false }, schema: { summary: 'One recorded clip: {sha256}.wav', tags: ['audio'], params } },
    async (request, reply) => {
      const { file } = request.params;
      const isName = CLIP_NAME.test(file);
      const size = isName ? await sizeOf(join(folder, file)) : undefined;
      const added = isName && size === undefined ? await recordingOf(db, file.slice(0, -'.wav'.length)) : undefined;
      if (size === undefined && added === undefined) throw new LabaError('not-found', 'There is no clip of this name.');
      return reply
        .type('audio/wav')
        .header('content-length', added?.length ?? size)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .send(added ?? createReadStream(join(folder, file)));
    },
  );
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}
