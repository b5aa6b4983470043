// Chapter 6: the officer's page is whole: every word in both languages, every file served, nothing that the content policy forbids.
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DELIVERY_STATES, PURPOSES } from '@laba/domain/delivery';
import { LADDER_STATES } from '@laba/domain/ladder';
import { ALERT_STATES } from '@laba/domain/alert';
import { REPORT_SOURCES, REPORT_STATES } from '@laba/domain/report';
import { SAFETY_KIND_NAMES } from '@laba/domain/safety';
import { CONTACT_STATES } from '@laba/domain/spoken-status';
import { Watch } from './watch.test-kit.ts';

const FOLDER = new URL('./web/browser/', import.meta.url);
const scripts = readdirSync(FOLDER).filter((name) => name.endsWith('.js'));
const textOf = (name: string) => readFileSync(new URL(name, FOLDER), 'utf8');

interface WordsModule {
  WORDS: Record<'zh' | 'en', Record<string, string>>;
}

describe('the words of the page', () => {
  let words: WordsModule['WORDS'];
  beforeAll(async () => {
    const path = './web/browser/words.js';
    words = ((await import(path)) as WordsModule).WORDS;
  });

  it('are complete in both languages, with the same gaps to fill', () => {
    expect(Object.keys(words.en).sort()).toEqual(Object.keys(words.zh).sort());
    const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort();
    for (const [key, zh] of Object.entries(words.zh)) {
      expect(gaps(words.en[key] ?? ''), key).toEqual(gaps(zh));
      if (key !== 'brand' && key !== 'colon') expect(zh, key).toMatch(/\p{Script=Han}/u);
      if (key !== 'brand') expect(words.en[key], key).not.toMatch(/\p{Script=Han}/u);
    }
  });

  it('hold every key that the scripts ask for, and no other', () => {
    const asked = new Set<string>(['all']);
    for (const name of scripts.filter((script) => script !== 'words.js')) for (const match of textOf(name).matchAll(/\bt\('([\w.-]+)'/g)) asked.add(match[1]!);
    for (const state of DELIVERY_STATES) asked.add(`speaker.${state}`);
    for (const state of ['waiting', 'read', 'coming', 'onTheWay', 'arrived', 'cannot', 'closed', 'joined']) asked.add(`member.${state}`);
    for (const state of ALERT_STATES) if (state !== 'raised') asked.add(`state.${state}`);
    for (const state of REPORT_STATES) asked.add(`report.${state}`);
    for (const source of REPORT_SOURCES) asked.add(`source.${source}`);
    for (const purpose of PURPOSES) if (purpose !== 'alert') asked.add(`purpose.${purpose}`);
    for (const state of LADDER_STATES) asked.add(`ladder.${state}`);
    for (const key of ['place', 'gotIt', 'onTheMove', 'lastAsked', 'noAnswerYet', 'notMovingYet']) asked.add(key);
    for (const key of ['haveNeeded', 'bySection', 'takenFrom']) asked.add(key);
    for (const kind of SAFETY_KIND_NAMES) asked.add(`watch.${kind}`);
    for (const contact of CONTACT_STATES) asked.add(`contact.${contact}`);
    for (const mode of ['live', 'drill', 'test']) asked.add(`mode.${mode}`);
    for (const mode of ['drill', 'test']) asked.add(`refused.template.${mode}`);
    // wordFields names its two inputs by their fields.
    for (const name of ['title', 'text']) asked.add(name);
    expect(Object.keys(words.zh).sort()).toEqual([...asked].sort());
  });
});

describe('the files of the page', () => {
  it('are served with a strict content policy, and asked for again only when they changed', async () => {
    const { app } = await Watch.open();
    const page = await app.inject({ method: 'GET', url: '/' });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self'.*style-src 'self'/);
    expect(page.body).not.toMatch(/<script(?! type="module" src=)|<style|\sstyle=|\son\w+=/);
    for (const name of [...scripts, 'app.css', 'icon.svg', 'domain.js']) {
      const file = await app.inject({ method: 'GET', url: `/assets/${name}` });
      expect(file.statusCode, name).toBe(200);
      const again = await app.inject({ method: 'GET', url: `/assets/${name}`, headers: { 'if-none-match': String(file.headers.etag) } });
      expect(again.statusCode, name).toBe(304);
    }
    for (const name of ['..%2Fapp.css', 'missing.js', 'words.ts'])
      expect((await app.inject({ method: 'GET', url: `/assets/${name}` })).statusCode, name).toBe(404);
  });

  it('writes text as text: nothing is read as HTML', () => {
    for (const name of scripts) expect(textOf(name), name).not.toMatch(/innerHTML|insertAdjacentHTML|outerHTML|document\.write|\beval\(|new Function/);
  });

  it('imports only its neighbours', () => {
    for (const name of scripts)
      for (const match of textOf(name).matchAll(/from '([^']+)'/g)) expect([...scripts.map((script) => `./${script}`), './domain.js']).toContain(match[1]);
  });
});
