// Chapter 5, tasks: photos of a task come in and are looked at, by officers and by the owner.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { findPhoto, type Photo } from '@laba/photos/photo-store';
import { sendPhoto, uploadedPhoto, withPhotoUploads } from '@laba/photos/photo-upload';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { addPhoto } from './add-photo.ts';
import { openTaskLink } from './task-link.ts';

const tags = ['tasks'];
const id = z.string().min(1).max(64);
const token = z.string().max(160);
const added = z.object({ id: z.string(), width: z.number(), height: z.number() });
const perAddress = { max: LIMITS.publicReportsPerMinute, timeWindow: 60_000, keyGenerator: (request: { ip: string }) => request.ip };

export function taskPhotoRoutes(app: App, deps: Deps): void {
  withPhotoUploads(app, (uploads) => {
    officersRoutes(uploads, deps);
    ownersRoutes(uploads, deps);
  });
}

function officersRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/tasks/:id/photos',
    {
      config: { access: 'task.act' },
      bodyLimit: LIMITS.photoUploadBytes,
      schema: { tags, summary: 'Add a photo: a picture as the body, or the one file of a multipart form', params: z.object({ id }), response: { 201: added } },
    },
    async (request, reply) => {
      const may = (gridCode: string) => authorize(officerOf(request), 'task.act', [gridCode]);
      return reply.code(201).send(await addPhoto(deps, request.params.id, await uploadedPhoto(request), may, actOf(request)));
    },
  );

  app.get(
    '/api/v1/tasks/:id/photos/:photoId',
    { config: { access: 'task.read' }, schema: { tags, summary: 'One photo of a task, a JPEG', params: z.object({ id, photoId: id }) } },
    async (request, reply) => {
      const photo = await photoOf(deps, request.params.id, request.params.photoId);
      authorize(officerOf(request), 'task.read', [photo.gridCode]);
      return sendPhoto(reply, photo);
    },
  );
}

function ownersRoutes(app: App, deps: Deps): void {
  app.post(
    '/k/:token/photos',
    { config: { access: 'link', page: true, rateLimit: perAddress }, bodyLimit: LIMITS.photoUploadBytes, schema: { hide: true, params: z.object({ token }) } },
    async (request, reply) => {
      const own = await openTaskLink(deps, request.params.token);
      await addPhoto(deps, own.task.id, await uploadedPhoto(request), () => {}, { who: `member:${own.memberId}`, via: 'http', once: [] });
      return reply.redirect(`/k/${encodeURIComponent(request.params.token)}`, 303);
    },
  );

  app.get(
    '/k/:token/photos/:photoId',
    { config: { access: 'link', page: true }, schema: { hide: true, params: z.object({ token, photoId: id }) } },
    async (request, reply) => {
      const own = await openTaskLink(deps, request.params.token);
      return sendPhoto(reply, await photoOf(deps, own.task.id, request.params.photoId));
    },
  );
}

async function photoOf(deps: Deps, taskId: string, photoId: string): Promise<Photo> {
  const photo = await findPhoto(deps.db, 'task', taskId, photoId);
  if (photo === undefined) throw new LabaError('not-found', 'This task has no photo of this id.');
  return photo;
}
