// Chapter 6: the built console is served whole: found by its page, kept for ever by its names, compressed for who takes it, under the house's content policy.
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { Watch } from './watch.test-kit.ts';

it('is served by one page that names its files by their content', async () => {
  const { app } = await Watch.open();
  const page = await app.inject({ url: '/console/' });
  expect(page.statusCode).toBe(200);
  expect(page.headers['cache-control']).toBe('no-cache');
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("style-src 'self'");
  expect(policy).not.toMatch(/unsafe|nonce/);
  expect(page.body).not.toMatch(/<script(?![^>]+src=)|<style| style=/);
  const names = [...page.body.matchAll(/\/console\/assets\/([\w.-]+)/g)].map((match) => match[1]!);
  expect(names.length).toBe(2);
  for (const name of names) {
    expect(name).toMatch(/^console-[\w-]{8}\.(js|css)$/);
    const plain = await app.inject({ url: `/console/assets/${name}` });
    expect(plain.headers['cache-control']).toContain('immutable');
    const small = await app.inject({ url: `/console/assets/${name}`, headers: { 'accept-encoding': 'gzip, br' } });
    expect(small.headers['content-encoding']).toBe('gzip');
    expect(small.rawPayload.length).toBeLessThan(plain.rawPayload.length);
    expect(gunzipSync(small.rawPayload).equals(plain.rawPayload)).toBe(true);
  }
});

it('has no other files, whatever is asked for', async () => {
  const { app } = await Watch.open();
  for (const name of ['index.html', 'stamp', 'LICENSES-OF-OTHERS.txt', 'nothing.js', '..%2Fpackage.json', '%2e%2e%2fpackage.json'])
    expect((await app.inject({ url: `/console/assets/${name}` })).statusCode, name).toBe(404);
  expect((await app.inject({ url: '/console' })).headers.location).toBe('/console/');
});
