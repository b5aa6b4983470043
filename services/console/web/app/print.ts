// A page to print, opened beside the screen; it asks for the printer by itself.

/** Without a window of its own it is opened in this one. */
export function print(path: string): void {
  const paper = window.open(path, '_blank');
  if (paper === null) location.assign(path);
  else paper.addEventListener('load', () => paper.print());
}
