// Photos: real pictures made here, and files that only look like one.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { cleanPhoto } from './clean-photo.ts';
import { pngBomb } from './photo-bomb.test-kit.ts';

const noise = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#336699', noise: { type: 'gaussian', mean: 128, sigma: 40 } } });
const refusal = async (bytes: Buffer) => {
  try {
    await cleanPhoto(bytes);
    return 'taken';
  } catch (error) {
    return (error as LabaError).code;
  }
};

describe('a photo', () => {
  it('of twelve million points from a telephone comes out small, upright, and says nothing of place and camera', async () => {
    const taken = await noise(4_000, 3_000)
      .withMetadata({ orientation: 6 })
      .withExifMerge({ IFD0: { Make: 'DemoPhone' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '27/1 44/1 0/1' } })
      .jpeg({ quality: 92 })
      .toBuffer();
    expect(taken.includes('DemoPhone')).toBe(true);
    const { bytes, width, height } = await cleanPhoto(taken);
    expect([width, height]).toEqual([1_200, 1_600]);
    expect(bytes.length).toBeLessThan(2_000_000);
    const { exif, icc, xmp, iptc, format } = await sharp(bytes).metadata();
    expect({ exif, icc, xmp, iptc, format }).toEqual({ exif: undefined, icc: undefined, xmp: undefined, iptc: undefined, format: 'jpeg' });
    expect(bytes.includes('DemoPhone')).toBe(false);
  });

  it('as PNG with holes or as WebP becomes a JPEG; a small one is not blown up', async () => {
    const png = await sharp({ create: { width: 40, height: 30, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
      .png()
      .toBuffer();
    const clean = await cleanPhoto(png);
    expect([clean.width, clean.height, (await sharp(clean.bytes).stats()).channels[0]!.mean]).toEqual([40, 30, 255]);
    expect((await sharp((await cleanPhoto(await noise(50, 50).webp().toBuffer())).bytes).metadata()).format).toBe('jpeg');
  });

  it('that is a bomb of 900 million points is refused before it is decoded', async () => {
    const bomb = pngBomb(30_000, 30_000);
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await refusal(bomb)).toBe('too-large');
  });

  it.each([
    ['a program called photo.jpg', () => Buffer.concat([Buffer.from('MZ'), Buffer.alloc(5_000, 1)])],
    ['a page', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['a GIF', () => Buffer.from('474946383961', 'hex')],
    ['nothing', () => Buffer.alloc(0)],
    ['a JPEG’s first bytes and then noise', () => Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(5_000, 7)])],
    ['a PNG’s first bytes alone', () => Buffer.from('89504e470d0a1a0a', 'hex')],
  ])('that is %s is refused', async (_, bytes) => {
    expect(await refusal(bytes())).toBe('bad-input');
  });

  it('that was cut off on the way is refused, and so is one of too many bytes', async () => {
    const whole = await noise(800, 600).jpeg().toBuffer();
    expect(await refusal(whole.subarray(0, whole.length / 2))).toBe('bad-input');
    expect(await refusal(Buffer.concat([whole, Buffer.alloc(LIMITS.photoUploadBytes)]))).toBe('too-large');
  });

  it('of twenty at once: all are drawn or told to come again', async () => {
    const small = await noise(64, 64).jpeg().toBuffer();
    const outcomes = await Promise.all(Array.from({ length: 22 }, () => refusal(small)));
    expect(outcomes.filter((one) => one === 'taken')).toHaveLength(18);
    expect(outcomes.filter((one) => one === 'overloaded')).toHaveLength(4);
    expect(await refusal(small)).toBe('taken');
  });
});
