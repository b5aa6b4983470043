// The operator's file: what is wrong with it is said in one line, before anything starts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '@laba/runtime/clock';
import { Vault } from '@laba/runtime/vault';
import { openChannels } from './open-channels.ts';

describe("the operator's file of channels", () => {
  const folder = mkdtempSync(join(tmpdir(), 'laba-channels-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const deps = { clock: systemClock, vault: new Vault(createHash('sha256').update('a secret for tests').digest()) };
  const open = (content: unknown) => {
    const file = join(folder, 'channels.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return openChannels(file, deps);
  };

  it('names what the county has, and nothing else', async () => {
    writeFileSync(join(folder, 'secret'), 'a secret');
    const http = { kind: 'http', url: 'https://sms.example/send', body: { to: '{phone}' }, perSecond: 50 };
    const all = {
      sms: { ...http, incoming: { secretFile: join(folder, 'secret'), reply: { words: 'w', from: 'f' } } },
      voice: http,
      wecom: {},
      dingtalk: {},
      push: { subject: 'mailto:duty@county.example' },
      email: { host: 'mail.example', from: 'laba@county.example' },
    };
    expect((await open(all)).map(({ name, perSecond }) => [name, perSecond])).toEqual([
      ['sms', 50],
      ['voice', 50],
      ['wecom', 0.3],
      ['dingtalk', 0.3],
      ['push', undefined],
      ['email', undefined],
    ]);
    expect(await openChannels(undefined, deps)).toEqual([]);
    expect(await open({})).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /is not JSON/],
    ['a channel that there is not', { pigeon: {} }, /pigeon/],
    ['a provider of no kind', { sms: { url: 'https://sms.example' } }, /sms\.kind/],
    ['an address that is none', { sms: { kind: 'http', url: 'file:///etc/passwd' } }, /sms\.url/],
    ['a field mistyped', { sms: { kind: 'http', url: 'https://sms.example', persecond: 5 } }, /persecond/],
    ['a rate of nothing', { sms: { kind: 'http', url: 'https://sms.example', perSecond: 0 } }, /sms\.perSecond/],
    ['a secret that is not there', { sms: { kind: 'http', url: 'https://sms.example', secretFile: '/nowhere' } }, /secret file \/nowhere/],
    ['somebody to turn to who is nobody', { push: { subject: 'duty' } }, /push\.subject/],
  ])('%s is refused in one line that says where', async (_what, content, words) => {
    await expect(open(content)).rejects.toThrow(words);
    await expect(open(content)).rejects.toThrow(/^LABA_CHANNELS: [^\n]+$/);
  });

  it('a file that is not there is named', async () => {
    await expect(openChannels(join(folder, 'none.json'), deps)).rejects.toThrow(/^LABA_CHANNELS: .*none\.json cannot be read\.$/);
  });
});
