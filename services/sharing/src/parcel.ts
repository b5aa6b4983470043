// The village alone: letters in one file, for a runner with a stick. Each is sealed by itself: whoever finds the stick reads nothing.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';

const FORM = Buffer.from('laba-parcel-1\n');
const LENGTH_BYTES = 4;

export function wrapParcel(letters: readonly Buffer[]): Buffer {
  const parts = letters.flatMap((letter) => {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(letter.length);
    return [length, letter];
  });
  return Buffer.concat([FORM, ...parts]);
}

/** @throws `bad-input` when it is no parcel, or was cut off */
export function openParcel(parcel: Buffer): Buffer[] {
  if (!parcel.subarray(0, FORM.length).equals(FORM))
    throw new LabaError('bad-input', 'This file is no parcel of letters: take the one that `laba edge export` wrote.');
  const letters: Buffer[] = [];
  for (let at = FORM.length; at < parcel.length;) {
    const length = at + LENGTH_BYTES <= parcel.length ? parcel.readUInt32BE(at) : LIMITS.parcelBytes;
    const end = at + LENGTH_BYTES + length;
    if (end > parcel.length) throw new LabaError('bad-input', 'This parcel was cut off: copy it again, whole. Nothing of it was taken.');
    letters.push(parcel.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return letters;
}
