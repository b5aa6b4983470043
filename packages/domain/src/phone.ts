// Telephone numbers in one form, so that the same number is found however it was typed.

/**
 * Digits with a leading `+` for numbers outside China: full-width digits, spaces, dashes, brackets and +86 / 0086 are taken off.
 * Undefined when it is no telephone number (5 to 15 digits).
 */
export function normalisePhone(typed: string): string | undefined {
  const plain = typed
    .normalize('NFKC')
    .replace(/[\s()\-‐-―.·/]/gu, '')
    .replace(/^00/, '+');
  const match = /^(\+?)(\d{5,15})$/.exec(plain);
  if (match === null) return undefined;
  const [, plus, digits] = match;
  if (plus === '') return digits;
  return digits!.startsWith('86') ? digits!.slice(2) : `+${digits}`;
}
