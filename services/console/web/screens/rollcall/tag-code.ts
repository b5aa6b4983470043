// What a hand scanner types: the address on a printed tag, or its code alone. A desk that types full-width characters means the same.

/** As the house prints it: its grid node and a keyed hash. */
const FORM = /^[0-9a-z]{4,10}\.[\w-]{12}$/;

/** The tag's code; undefined: this has not the form of a tag. */
export function tagCodeOf(typed: string): string | undefined {
  const plain = typed.normalize('NFKC').trim();
  const code = (plain.split('/t/').at(-1) ?? '').split(/[?#]/)[0] ?? '';
  return FORM.test(code) ? code : undefined;
}
