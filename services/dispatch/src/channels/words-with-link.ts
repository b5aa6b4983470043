// What a channel that has only words says: the link comes after them, with a space on each side, so that a phone finds it.
export function wordsWithLink({ text, link }: { text: string; link?: string | undefined }): string {
  return link === undefined ? text : `${text} ${link} `.trimEnd();
}
