// Routine broadcasts over HTTP: made, changed, agreed to and stopped by an officer of the place, listened to, and looked at.
import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { bulletinTimesSchema } from '@laba/domain/bulletin';
import { LabaError } from '@laba/domain/errors';
import { isWithin, tierOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { authorize, type Permit } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { addRecording } from './bulletin-audio.ts';
import { nodeNames } from './bulletin-store.ts';
import { bulletinViews, listView, readableTime, timeDetail, timesView } from './bulletin-views.ts';
import { wrongBulletin } from './bulletin-wrong.ts';
import { forecastBulletin } from './forecast-bulletin.ts';
import { approveBulletin, cancelTime, editBulletin, makeBulletin, seenBulletin, stopBulletinForGood } from './make-bulletin.ts';

const tags = ['bulletin'];
const byId = z.object({ id: z.string().max(64) });
const gridCode = z.string().refine((code) => tierOf(code) !== undefined, 'must be a grid code of 6, 9, 12 or 14 digits');
const title = z.string().max(LIMITS.alertTitleChars * 2);
const texts = z
  .array(
    z.object({
      language: z.string().min(2).max(35),
      text: z.string().max(LIMITS.alertTextChars * 2),
      audioSha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullish(),
    }),
  )
  .max(LIMITS.alertLanguages);
const areaCodes = z.array(gridCode).max(LIMITS.alertAreas);
const bulletinBody = z.object({
  title: title.min(1),
  texts: texts.min(1),
  areaCodes,
  times: bulletinTimesSchema,
  volume: z.number().min(1).max(100).default(70),
});

const forecastBody = z.object({ areaCodes, title: title.optional(), texts: texts.optional(), times: bulletinTimesSchema.optional() });

export function bulletinRoutes(app: App, deps: Deps): void {
  readRoutes(app, deps);
  makeRoutes(app, deps);
  decideRoutes(app, deps);
  recordingRoute(app, deps);
}

function readRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/bulletins',
    {
      config: { access: 'bulletin.read' },
      schema: { summary: "Routine broadcasts that touch the officer's scope, what holds for him, and gateways too old for them", tags },
    },
    async (request) => listView(deps, officerOf(request)),
  );
  app.get(
    '/api/v1/bulletin-times',
    {
      config: { access: 'bulletin.read' },
      schema: {
        summary: 'Their times in some days: what was, with its numbers, and what is to come',
        tags,
        querystring: z.object({ from: z.iso.date(), days: z.coerce.number().int().min(1).max(42).default(7), bulletin: z.string().max(64).optional() }),
      },
    },
    async (request) => timesView(deps, officerOf(request), request.query),
  );
  app.get(
    '/api/v1/bulletin-times/:id',
    {
      config: { access: 'bulletin.read' },
      schema: { summary: 'One time of one: how it went at each loudspeaker, and what went before it', tags, params: byId },
    },
    async (request) => timeDetail(deps, officerOf(request), request.params.id),
  );
}

async function permitFor(deps: Deps, request: FastifyRequest, codes: readonly string[], more: readonly string[] = []): Promise<Permit<'bulletin.manage'>> {
  if (codes.length === 0) throw new LabaError('empty-area');
  const known = await nodeNames(deps.db, codes);
  const unknown = codes.find((code) => !isWithin(deps.config.county, code) || !known.has(code));
  if (unknown !== undefined) throw new LabaError('unknown-code', `No grid node of this county has the code ${unknown.slice(0, 20)}.`, { gridCode: unknown });
  return authorize(officerOf(request), 'bulletin.manage', [...new Set([...codes, ...more])]);
}

function seenVersion(request: FastifyRequest): number {
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(request.headers['if-match'] ?? '')?.[1];
  if (version === undefined) throw new LabaError('bad-input', 'If-Match: give the version of the bulletin that you saw, as "3".', { field: 'If-Match' });
  return Number(version);
}

async function answer(deps: Deps, request: FastifyRequest, id: string) {
  const [view] = await bulletinViews(deps, officerOf(request), [await seenBulletin(deps, id, undefined)]);
  return view;
}

function makeRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/bulletins/forecast',
    {
      config: { access: 'bulletin.manage' },
      schema: { summary: 'Which loudspeakers would play it, which would not and why, and what is wrong with it; writes nothing', tags, body: forecastBody },
    },
    async (request) => forecastBulletin(deps, request.body, await permitFor(deps, request, request.body.areaCodes)),
  );
  app.post(
    '/api/v1/bulletins',
    {
      config: { access: 'bulletin.manage' },
      schema: { summary: 'Make a routine broadcast; above the number of loudspeakers of his role it waits for a second officer', tags, body: bulletinBody },
    },
    async (request, reply) => {
      const permit = await permitFor(deps, request, request.body.areaCodes);
      const id = await makeBulletin(deps, request.body, permit, actOf(request));
      reply.code(201).header('location', `/api/v1/bulletins/${id}`);
      return answer(deps, request, id);
    },
  );
  app.put(
    '/api/v1/bulletins/:id',
    {
      config: { access: 'bulletin.manage' },
      schema: { summary: 'Change it as a whole (If-Match); what has not begun is taken back and planned anew', tags, params: byId, body: bulletinBody },
    },
    async (request) => {
      const bulletin = await seenBulletin(deps, request.params.id, seenVersion(request));
      const permit = await permitFor(deps, request, request.body.areaCodes, bulletin.areaCodes);
      await editBulletin(deps, bulletin, request.body, permit, actOf(request));
      return answer(deps, request, bulletin.id);
    },
  );
}

function decideRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/bulletins/:id/approve',
    { config: { access: 'bulletin.manage' }, schema: { summary: 'The second officer agrees (If-Match)', tags, params: byId } },
    async (request) => {
      const bulletin = await seenBulletin(deps, request.params.id, seenVersion(request));
      await approveBulletin(deps, bulletin, authorize(officerOf(request), 'bulletin.manage', bulletin.areaCodes), actOf(request));
      return answer(deps, request, bulletin.id);
    },
  );
  app.post(
    '/api/v1/bulletins/:id/stop',
    { config: { access: 'bulletin.manage' }, schema: { summary: 'Stop it for good (If-Match); what sounds falls silent', tags, params: byId } },
    async (request) => {
      const bulletin = await seenBulletin(deps, request.params.id, seenVersion(request));
      await stopBulletinForGood(deps, bulletin, authorize(officerOf(request), 'bulletin.manage', bulletin.areaCodes), actOf(request));
      return answer(deps, request, bulletin.id);
    },
  );
  app.post(
    '/api/v1/bulletin-times/:id/cancel',
    { config: { access: 'bulletin.manage' }, schema: { summary: 'Take one time of it back; if it sounds, it falls silent', tags, params: byId } },
    async (request) => {
      const time = await readableTime(deps, officerOf(request), request.params.id);
      authorize(officerOf(request), 'bulletin.manage', time.areaCodes);
      await cancelTime(deps, time, actOf(request));
      return timeDetail(deps, officerOf(request), time.id);
    },
  );
}

/** A body that is a recording; told by its hash where the request is remembered. */
class RecordingBody {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  toJSON(): string {
    return createHash('sha256').update(this.bytes).digest('hex');
  }
}

const KINDS = [
  'audio/wav',
  'audio/x-wav',
  'audio/wave',
  'audio/vnd.wave',
  'audio/flac',
  'audio/x-flac',
  'audio/ogg',
  'audio/mpeg',
  'audio/mp3',
  'application/octet-stream',
];

const MEGABYTE = 1_048_576;

function assertNotLarge(bytes: number): void {
  if (bytes <= LIMITS.bulletinUploadBytes) return;
  const [mb, most] = [Math.ceil(bytes / MEGABYTE), LIMITS.bulletinUploadBytes / MEGABYTE];
  throw wrongBulletin('too-large', 'file-large', `The recording has ${mb} MB; ${most} are possible: save it with one channel, or as FLAC.`, 'audio', {
    mb,
    most,
  });
}

/** In a room of its own: nobody else's body is taken as a recording. */
function recordingRoute(app: App, deps: Deps): void {
  void app.register(async (room) => {
    room.addContentTypeParser(KINDS, { parseAs: 'buffer', bodyLimit: LIMITS.bulletinUploadBytes }, (_request, body, done) =>
      done(null, new RecordingBody(body as Buffer)),
    );
    (room as unknown as App).post(
      '/api/v1/bulletin-recordings',
      {
        config: { access: 'bulletin.manage', early: true },
        bodyLimit: LIMITS.bulletinUploadBytes,
        onRequest: async (request) => assertNotLarge(Number(request.headers['content-length'] ?? 0)),
        schema: {
          summary: 'A recording for a bulletin, as the body: WAV, FLAC, Ogg or MP3; it comes back as the WAV that the boxes play, at /audio/{sha256}.wav',
          tags,
          consumes: ['audio/wav', 'audio/flac', 'audio/ogg', 'audio/mpeg'],
        },
      },
      async (request, reply) => {
        const body: unknown = request.body;
        if (!(body instanceof RecordingBody) || body.bytes.length === 0)
          throw wrongBulletin('bad-audio', 'no-file', 'Send the file itself as the body.', 'audio');
        const officer = officerOf(request);
        const permit = authorize(officer, 'bulletin.manage', officer.scopes);
        reply.code(201);
        return addRecording(deps, body.bytes, permit, actOf(request));
      },
    );
  });
}
