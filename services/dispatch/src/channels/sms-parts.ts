// A Chinese short message: UCS-2, 70 characters, or parts of 67 with a header that puts them together again (3GPP 23.040, 9.2.3.24.1).
const WHOLE_UNITS = 70;
const PART_UNITS = 67;

/** The bytes of each part, its header included where there are several. `reference`: 0 to 255, the same in all parts of one message. */
export function smsParts(text: string, reference: number): Buffer[] {
  if (text.length <= WHOLE_UNITS) return [bytesOf(text)];
  const parts = cutInParts(text);
  return parts.map((part, i) => Buffer.concat([Buffer.from([5, 0, 3, reference, parts.length, i + 1]), bytesOf(part)]));
}

// Between characters: half of a pair of surrogates is no character.
function cutInParts(text: string): string[] {
  const parts = [''];
  for (const character of text) {
    if (parts.at(-1)!.length + character.length > PART_UNITS) parts.push('');
    parts[parts.length - 1] += character;
  }
  return parts;
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}
