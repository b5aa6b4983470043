// Photos: how one comes in over HTTP: as the body itself, or as the one file of a form.
import { createHash } from 'node:crypto';
import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { App } from '@laba/runtime/http';
import type { Photo } from './photo-store.ts';

/** A body that is a picture. Told by its hash where the request is remembered, so that nobody writes out its bytes. */
class PictureBody {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  toJSON(): string {
    return createHash('sha256').update(this.bytes).digest('hex');
  }
}

/** Routes that `add` makes take pictures; no other route of the house does. */
export function withPhotoUploads(app: App, add: (app: App) => void): void {
  void app.register(async (inner) => {
    inner.addContentTypeParser(['image/jpeg', 'image/png', 'image/webp'], { parseAs: 'buffer', bodyLimit: LIMITS.photoUploadBytes }, (_request, body, done) =>
      done(null, new PictureBody(body as Buffer)),
    );
    await inner.register(multipart, { limits: { fileSize: LIMITS.photoUploadBytes, files: 1, fields: 4, fieldSize: 4_096, parts: 5 } });
    add(inner as unknown as App);
  });
}

/** The picture's bytes as they came, unread. @throws `bad-input` when there is none, `too-large` */
export async function uploadedPhoto(request: FastifyRequest): Promise<Buffer> {
  if (request.body instanceof PictureBody) return request.body.bytes;
  const bytes = request.isMultipart() ? await fileOf(request) : undefined;
  if (bytes === undefined || bytes.length === 0)
    throw new LabaError('bad-input', 'photo: send one picture, as the body (image/jpeg, image/png, image/webp) or as the file of a form.', { field: 'photo' });
  return bytes;
}

async function fileOf(request: FastifyRequest): Promise<Buffer | undefined> {
  try {
    return await (await request.file())?.toBuffer();
  } catch (error) {
    // What breaks a limit says so by its status; what cannot be read as a form has none.
    if ((error as { statusCode?: number }).statusCode !== undefined) throw error;
    throw new LabaError('bad-input', 'photo: this form cannot be read: send it again, whole.', { field: 'photo' });
  }
}

/** Shown as a picture and as nothing else, to who asked and to no cache in between. */
export function sendPhoto(reply: FastifyReply, photo: Photo): FastifyReply {
  return reply
    .type('image/jpeg')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cache-control', 'private, max-age=3600')
    .send(photo.bytes);
}
