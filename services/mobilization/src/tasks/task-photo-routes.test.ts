// Chapter 5, tasks: photos over HTTP, as the body and in a form, within scope and limits.
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { pngBomb } from '@laba/photos/photo-bomb.test-kit';
import { TaskTown } from './task-town.test-kit.ts';
import { GROUP_A, OFFICERS, OTHER_VILLAGE, type Town } from '../town.test-kit.ts';

describe('a task’s photo', () => {
  let work: TaskTown;
  let town: Town;
  let picture: Buffer;
  beforeEach(async () => {
    work = await TaskTown.found();
    town = work.town;
    await work.holder('m-1', GROUP_A, 'hazard-monitor');
    picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#a0522d' } })
      .jpeg()
      .toBuffer();
  });
  afterEach(() => town.app.close());

  const send = async (
    taskId: string,
    payload: Buffer,
    headers: Record<string, string> = { 'content-type': 'image/jpeg' },
    officer: keyof typeof OFFICERS = 'village',
  ) => {
    const as = town.as(officer);
    const answer = await town.app.inject({ method: 'POST', url: `/api/v1/tasks/${taskId}/photos`, ...as, headers: { ...as.headers, ...headers }, payload });
    return { status: answer.statusCode, ...answer.json<{ id?: string; code?: string; detail?: string }>() };
  };
  const form = (bytes: Buffer) => {
    const head = '--x\r\ncontent-disposition: form-data; name="photo"; filename="a.jpg"\r\ncontent-type: image/jpeg\r\n\r\n';
    return { payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--x--\r\n')]), headers: { 'content-type': 'multipart/form-data; boundary=x' } };
  };

  it('is kept, told in the timeline, and shown as a picture and nothing else', async () => {
    const task = await work.task();
    const { status, id } = await send(task.id, picture);
    expect(status).toBe(201);
    const shown = await town.app.inject({ url: `/api/v1/tasks/${task.id}/photos/${id}`, ...town.as('village') });
    expect(shown.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' });
    expect(shown.headers['content-security-policy']).toContain('sandbox');
    expect((await sharp(shown.rawPayload).metadata()).width).toBe(60);
    expect((await town.app.inject({ url: `/api/v1/tasks/${task.id}`, ...town.as('village') })).json()).toMatchObject({ photos: [id] });
    expect(await town.events('task.photo-added')).toMatchObject([
      { who: 'officer:o-village', subjectId: task.id, data: { kind: 'inspect-point', photoId: id } },
    ]);
  });

  it('comes by the owner’s link in a plain form, and he sees it on his page', async () => {
    const task = await work.task();
    const link = work.link(task);
    expect((await town.app.inject({ method: 'POST', url: `${link}/photos`, ...form(picture) })).statusCode).toBe(303);
    const src = /src="(\/k\/[^"]+\/photos\/[^"]+)"/.exec((await work.sees(link)).page)?.[1];
    expect((await town.app.inject({ url: src! })).headers['content-type']).toBe('image/jpeg');
    const other = work.link(await work.task());
    expect((await town.app.inject({ url: src!.replace(link, other) })).statusCode).toBe(404);
  });

  it('is nobody’s outside the scope, neither to add nor to see', async () => {
    const task = await work.task({ gridCode: OTHER_VILLAGE });
    expect(await send(task.id, picture)).toMatchObject({ status: 403, code: 'out-of-scope' });
    const { id } = await send(task.id, picture, undefined, 'other');
    expect((await town.app.inject({ url: `/api/v1/tasks/${task.id}/photos/${id}`, ...town.as('village') })).json()).toMatchObject({ code: 'out-of-scope' });
    const own = await work.task();
    expect((await town.app.inject({ url: `/api/v1/tasks/${own.id}/photos/${id}`, ...town.as('village') })).json()).toMatchObject({ code: 'not-found' });
  });

  it('is one of at most six, also when they come at once, and of a closed task none', async () => {
    const task = await work.task();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => send(task.id, picture)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 201, 413, 413]);
    await work.moves(task.id, 'drop', { words: '重复' });
    expect(await send(task.id, picture)).toMatchObject({ code: 'transition-refused' });
  });

  it('sent twice with the same key is kept once', async () => {
    const task = await work.task();
    const headers = { 'content-type': 'image/jpeg', 'idempotency-key': 'k-1' };
    const [first, second] = [await send(task.id, picture, headers), await send(task.id, picture, headers)];
    expect([first.status, second.id]).toEqual([201, first.id]);
    const another = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer();
    expect(await send(task.id, another, headers)).toMatchObject({ code: 'idempotency-mismatch' });
    expect(await town.events('task.photo-added')).toHaveLength(1);
  });

  it.each([
    ['no picture', () => Buffer.alloc(0), 'image/jpeg', 'bad-input'],
    ['a program under a picture’s name', () => Buffer.from('MZ program'), 'image/jpeg', 'bad-input'],
    ['a type that is no picture', () => Buffer.from('%PDF-1.7'), 'application/pdf', 'bad-input'],
    ['JSON', () => Buffer.from('{"photo":"x"}'), 'application/json', 'bad-input'],
    ['too many bytes', () => Buffer.alloc(LIMITS.photoUploadBytes + 1), 'image/png', 'too-large'],
    ['a bomb of 900 million points', () => pngBomb(30_000, 30_000), 'image/png', 'too-large'],
    ['a broken form', () => Buffer.from('--y\r\nnothing'), 'multipart/form-data; boundary=x', 'bad-input'],
  ])('is refused with a reason: %s', async (_, bytes, type, code) => {
    const task = await work.task();
    const answer = await send(task.id, bytes(), { 'content-type': type });
    expect(answer).toMatchObject({ code });
    expect(String(answer.detail).length).toBeGreaterThan(10);
    expect(await town.events('task.photo-added')).toEqual([]);
  });
});
