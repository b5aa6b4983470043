// The signed envelope: no forged, altered or misplaced command is ever opened (I8), and no drill key sounds live (I5).
import { createHmac, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SignedCommand, SignedPayload, TrustedKey } from '@laba/domain/gateway-protocol';
import { ENVELOPE_CHARS, newKeyPair, open, seal, signingKey, type EnvelopeRefusal } from './envelope.ts';

const COUNTY = '533324';
const county = newKeyPair();
const drill = newKeyPair();
const township = newKeyPair();
const stranger = newKeyPair();

const KEYS: TrustedKey[] = [
  { kid: '533324-live', alg: 'Ed25519', publicKey: county.publicKey, scope: COUNTY, modes: ['live'] },
  { kid: '533324-drill', alg: 'Ed25519', publicKey: drill.publicKey, scope: COUNTY, modes: ['drill', 'test'] },
  { kid: 'township', alg: 'Ed25519', publicKey: township.publicKey, scope: '533324001', modes: ['live'] },
];

const TIME = '2026-07-01T02:00:00+08:00';

function command(change: Partial<SignedCommand> = {}): SignedCommand {
  return {
    type: 'command',
    aud: COUNTY,
    mode: 'live',
    commandId: 'c1',
    alertId: 'a1',
    revision: 1,
    seq: 12,
    iat: 1_782_842_400.25,
    exp: 1_782_846_000,
    scope: ['533324001001'],
    body: {
      action: 'play',
      purpose: 'alert',
      kind: 'order',
      level: null,
      order: 'move-now',
      eventCode: '11A51',
      texts: [{ language: 'zh-CN', title: '立即转移', text: '山洪危险，请立即转移到打所活动室。' }],
      siren: true,
      playTimes: 0,
      intervalSeconds: 60,
      volume: 100,
      startTime: TIME,
      endTime: TIME,
      notAfter: TIME,
      quietHours: null,
      stopReason: null,
      areaCode: ['533324001001'],
    },
    ...change,
  };
}

const live = signingKey('533324-live', county.privateKey);
const b64 = (data: string | Buffer) => Buffer.from(data).toString('base64url');

/** Signs whatever it is given, as an attacker with that key would. */
function forge(header: object, payload: unknown, privateKey: string, kid = '533324-live'): string {
  const signed = `${b64(JSON.stringify({ alg: 'EdDSA', kid, typ: 'laba+jws', ...header }))}.${b64(JSON.stringify(payload))}`;
  return `${signed}.${b64(sign(null, Buffer.from(signed), signingKey(kid, privateKey).privateKey))}`;
}

function refusal(wire: string, keys: readonly TrustedKey[] = KEYS, aud = COUNTY): EnvelopeRefusal | 'opened' {
  const opened = open(wire, keys, aud);
  return 'refused' in opened ? opened.refused : 'opened';
}

describe('an honest message', () => {
  test('opens to exactly what was sealed', () => {
    expect(open(seal(command(), live), KEYS, COUNTY)).toEqual({ payload: command(), kid: '533324-live' });
  });

  test('of every type opens', () => {
    const head = { aud: COUNTY, mode: 'live' as const, commandId: 'c', seq: 3, iat: 1, exp: 2, scope: [COUNTY] };
    const payloads: SignedPayload[] = [
      { ...head, type: 'held', body: { journalId: 'j', reportsHeldUpTo: 4, highestSeq: 3 } },
      {
        ...head,
        type: 'snapshot',
        body: { nonce: 'n', commands: [seal(command(), live)], tombstones: [], journalId: null, reportsHeldUpTo: 0, highestSeq: 3 },
      },
    ];
    for (const payload of payloads) expect(open(seal(payload, live), KEYS, COUNTY)).toEqual({ payload, kid: '533324-live' });
  });

  test('verifies by the recipe of RFC 7515 with plain node:crypto', () => {
    const [header, payload, signature] = seal(command(), live).split('.') as [string, string, string];
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'EdDSA', kid: '533324-live', typ: 'laba+jws' });
    // RFC 8410: the fixed prefix of an Ed25519 public key in DER, then its 32 bytes.
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(county.publicKey, 'base64url')]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from(`${header}.${payload}`, 'ascii'), key, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual(command());
  });

  test('the known answer of RFC 8037, A.4, holds for the same primitives', () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    const signed = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
    const mark = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
    expect(verify(null, Buffer.from(signed), createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(mark, 'base64url'))).toBe(true);
  });
});

describe('an altered message', () => {
  test('is refused whichever of its characters is changed', () => {
    const wire = seal(command(), live);
    for (let at = 0; at < wire.length; at++) {
      for (const letter of ['A', 'B', 'w', '-', '.', '=', ' ']) {
        if (wire[at] === letter) continue;
        expect(refusal(wire.slice(0, at) + letter + wire.slice(at + 1)), `character ${at} as '${letter}'`).not.toBe('opened');
      }
    }
  });

  test('is refused whichever bit of its bytes is turned, however it is spelled', () => {
    const parts = seal(command(), live)
      .split('.')
      .map((part) => Buffer.from(part, 'base64url'));
    for (const [which, part] of parts.entries()) {
      for (let bit = 0; bit < part.length * 8; bit++) {
        const turned = Buffer.from(part);
        turned[bit >> 3]! ^= 1 << (bit & 7);
        const wire = parts.map((same, i) => b64(i === which ? turned : same)).join('.');
        expect(refusal(wire), `part ${which}, bit ${bit}`).not.toBe('opened');
      }
    }
  });

  test('is refused when it is cut, lengthened or taken from another message', () => {
    const wire = seal(command(), live);
    const [header, payload, signature] = wire.split('.') as [string, string, string];
    const other = seal(command({ commandId: 'c2' }), live).split('.') as [string, string, string];
    for (let length = 0; length < wire.length; length += 7) expect(refusal(wire.slice(0, length))).not.toBe('opened');
    for (const wrong of [
      `${wire}.`,
      `${wire}.x`,
      `${wire}=`,
      `${wire}A`,
      ` ${wire}`,
      `${wire}\n`,
      `${header}.${payload}.${other[2]}`,
      `${header}.${other[1]}.${signature}`,
      `${header}.${payload}.`,
    ]) {
      expect(refusal(wrong)).not.toBe('opened');
    }
  });

  test('has one spelling only: spare bits and foreign characters do not make a second wire', () => {
    // One of fifty commands gives a signature that shows the two letters in which base64url differs from base64.
    const wire = Array.from({ length: 50 }, (_, i) => seal(command({ commandId: `c${i}` }), live)).find((one) => /[-_]/.test(one))!;
    const last = wire.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const same = [...alphabet].filter((letter) => letter !== last && Buffer.from(`A${letter}`, 'base64url').equals(Buffer.from(`A${last}`, 'base64url')));
    expect(same.length).toBeGreaterThan(0);
    for (const letter of same) expect(refusal(wire.slice(0, -1) + letter)).toBe('malformed');
    const plain = wire.replaceAll('-', '+').replaceAll('_', '/');
    expect(plain).not.toBe(wire);
    expect(refusal(plain)).toBe('malformed');
    expect(refusal(wire.replace('.', '\n.'))).toBe('malformed');
  });
});

describe('a forged message', () => {
  test('is refused for each reason by its name', () => {
    const cases: [string, EnvelopeRefusal][] = [
      [forge({}, command(), stranger.privateKey), 'signature'],
      [forge({ kid: 'nobody' }, command(), stranger.privateKey), 'unknown-key'],
      [forge({ alg: 'none' }, command(), county.privateKey), 'algorithm'],
      [forge({ alg: 'eddsa' }, command(), county.privateKey), 'algorithm'],
      [forge({ alg: undefined }, command(), county.privateKey), 'algorithm'],
      [forge({ alg: ['EdDSA'] }, command(), county.privateKey), 'algorithm'],
      [forge({ kid: undefined }, command(), county.privateKey), 'malformed'],
      [forge({ kid: 7 }, command(), county.privateKey), 'malformed'],
      [forge({ typ: 'JWT' }, command(), county.privateKey), 'malformed'],
      [forge({ crit: ['exp'] }, command(), county.privateKey), 'malformed'],
      [forge({ crit: ['b64'], b64: false }, command(), county.privateKey), 'malformed'],
      [forge({}, command({ aud: '533325' }), county.privateKey), 'county'],
      [forge({}, command({ scope: ['533325001'] }), county.privateKey), 'key-scope'],
      [forge({}, command({ scope: ['533324001', '530102'] }), county.privateKey), 'key-scope'],
      [forge({}, command({ scope: ['533324'] }), township.privateKey, 'township'), 'key-scope'],
      [forge({}, command({ scope: ['533324001002', '533324002'] }), township.privateKey, 'township'), 'key-scope'],
      [forge({}, command({ mode: 'drill' }), county.privateKey), 'key-mode'],
      [forge({}, command({ mode: 'live' }), drill.privateKey, '533324-drill'), 'key-mode'],
      [forge({}, command({ scope: [] }), county.privateKey), 'malformed'],
      [forge({}, { ...command(), type: 'other' }, county.privateKey), 'malformed'],
      [forge({}, { ...command(), mode: undefined }, county.privateKey), 'malformed'],
      [forge({}, { ...command(), iat: '1' }, county.privateKey), 'malformed'],
      [forge({}, null, county.privateKey), 'malformed'],
      [forge({}, [command()], county.privateKey), 'malformed'],
    ];
    for (const [wire, reason] of cases) expect(refusal(wire)).toBe(reason);
  });

  test('with no signature at all is refused, whatever its header says', () => {
    for (const alg of ['none', 'None', 'NONE', 'EdDSA', 'HS256']) {
      const wire = `${b64(JSON.stringify({ alg, kid: '533324-live', typ: 'laba+jws' }))}.${b64(JSON.stringify(command()))}.`;
      expect(['algorithm', 'signature']).toContain(refusal(wire));
    }
  });

  test('cannot swap the algorithm: the public key is no shared secret, and another curve is no Ed25519', () => {
    const signed = `${b64(JSON.stringify({ alg: 'HS256', kid: '533324-live', typ: 'laba+jws' }))}.${b64(JSON.stringify(command()))}`;
    const mac = createHmac('sha256', Buffer.from(county.publicKey, 'base64url')).update(signed).digest();
    expect(refusal(`${signed}.${b64(mac)}`)).toBe('algorithm');
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const es = `${b64(JSON.stringify({ alg: 'ES256', kid: '533324-live', typ: 'laba+jws' }))}.${b64(JSON.stringify(command()))}`;
    expect(refusal(`${es}.${b64(sign('sha256', Buffer.from(es), elliptic.privateKey))}`)).toBe('algorithm');
  });

  test('is refused as malformed when it is no envelope, and nothing throws', () => {
    for (const wire of [
      '',
      '.',
      '..',
      '...',
      'a.b.c',
      '{}',
      `${b64('null')}.${b64('null')}.${b64('')}`,
      `${b64('[]')}.x.y`,
      '\0.\0.\0',
      '立.即.转',
      `${b64('{"kid":"533324-live"')}.e30.e30`,
    ]) {
      expect(refusal(wire)).toBe('malformed');
    }
  });

  test('larger than devices take is refused before anything is decoded', () => {
    const words = 'x'.repeat(ENVELOPE_CHARS);
    expect(refusal(forge({}, { ...command(), note: words }, county.privateKey))).toBe('malformed');
    expect(refusal(forge({}, { ...command(), note: 'x'.repeat(1_000) }, county.privateKey))).toBe('opened');
  });
});

describe('keys', () => {
  test('a key that is no key is as good as unknown, and the others still open', () => {
    const keys: TrustedKey[] = [{ ...KEYS[0]!, kid: 'broken', publicKey: 'AAAA' }, ...KEYS];
    expect(refusal(forge({}, command(), county.privateKey, 'broken'), keys)).toBe('unknown-key');
    expect(refusal(seal(command(), live), keys)).toBe('opened');
  });

  test('a key that was taken out of the book opens nothing any more', () => {
    expect(refusal(seal(command(), live), KEYS.slice(1))).toBe('unknown-key');
  });

  test('a township signs for its own villages and groups', () => {
    expect(refusal(seal(command({ scope: ['533324001', '533324001001', '53332400100101'] }), signingKey('township', township.privateKey)))).toBe('opened');
  });

  test('the drill key opens drills and tests', () => {
    const key = signingKey('533324-drill', drill.privateKey);
    expect([refusal(seal(command({ mode: 'drill' }), key)), refusal(seal(command({ mode: 'test' }), key))]).toEqual(['opened', 'opened']);
  });

  test('nothing malformed or too large is ever signed', () => {
    expect(() => seal(command({ scope: [] }), live)).toThrow();
    expect(() => seal({ ...command(), mode: 'Live' as never }, live)).toThrow();
    const commands = Array.from({ length: 40 }, () => seal(command(), live).padEnd(4_000, 'x'));
    expect(() =>
      seal(
        {
          aud: COUNTY,
          mode: 'live',
          commandId: 'c',
          seq: 1,
          iat: 1,
          exp: 2,
          scope: [COUNTY],
          type: 'snapshot',
          body: { nonce: 'n', commands, tombstones: [], journalId: null, reportsHeldUpTo: 0, highestSeq: 1 },
        },
        live,
      ),
    ).toThrow('split it');
  });
});
