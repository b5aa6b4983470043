// Chapter 5, member: what a phone on a weak line has to load, and in what words of the language.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { phoneFiles } from './phone-files.ts';

describe('the phone page’s script', () => {
  it('is built, and weighs no more than 60 kB compressed', () => {
    const scripts = ['phone.js', 'service-worker.js'].map((name) => phoneFiles().get(name)!);
    expect(scripts.every(({ type }) => /javascript/.test(type))).toBe(true);
    expect(scripts.reduce((sum, { body }) => sum + gzipSync(body).length, 0)).toBeLessThan(60_000);
  });

  it('speaks what browsers of 2017 understand, and draws in no schemas', () => {
    const script = phoneFiles().get('phone.js')!.body.toString();
    expect(script).not.toMatch(/\?\?|\?\.[a-z[(]|#[a-z]+\s*[=(;]|ZodError/);
    expect(script).not.toMatch(/randomUUID|\.(toSorted|toSpliced|findLast|replaceAll|at)\(|groupBy|structuredClone|allSettled|matchAll/);
  });

  it('has a style beside it', () => {
    expect(phoneFiles().get('phone.css')!.body.toString()).toBe(readFileSync(new URL('../../phone/phone.css', import.meta.url), 'utf8'));
  });
});
