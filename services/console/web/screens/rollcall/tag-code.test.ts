// Chapter 5, roll-call: what a hand scanner types is read as the tag that it scanned.
import { expect, it } from 'vitest';
import { tagCodeOf } from './tag-code.ts';

it('reads the address on a tag, its code alone, and what a Chinese keyboard makes of it', () => {
  const code = 'ijx3rdkhx.aB3_-efGh1Z0';
  for (const typed of [code, ` ${code}\n`, `http://10.0.0.5:8080/t/${code}`, `https://laba.example/t/${code}?m=1`, 'ｉｊｘ３ｒｄｋｈｘ．aB3_-efGh1Z0'])
    expect(tagCodeOf(typed), typed).toBe(code);
});

it('takes nothing else for a tag', () => {
  for (const typed of ['', 'nonsense', '6901234567892', 'http://example.com/', `${'x'.repeat(11)}.aB3_-efGh1Z0`, '<img src=x>', 'ijx3.short'])
    expect(tagCodeOf(typed), typed).toBeUndefined();
});
