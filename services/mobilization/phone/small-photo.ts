// The phone page: a photo is made smaller before it is kept: a weak line carries a fifth of a megabyte, not eight.
import { LIMITS } from '@laba/domain/limits';

const SIDE_PIXELS = 1_280;
const QUALITIES = [0.7, 0.5, 0.3];

/** A JPEG as a data address, at most `LIMITS.photoTextChars` long; undefined when there is none, or it cannot be read. */
export async function smallPhoto(file: File | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    const image = await load(await read(file));
    const scale = Math.min(1, SIDE_PIXELS / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return QUALITIES.map((quality) => canvas.toDataURL('image/jpeg', quality)).find((made) => made.length <= LIMITS.photoTextChars);
  } catch {
    return undefined;
  }
}

function load(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('This is no picture.'));
    image.src = url;
  });
}

function read(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error('The file cannot be read.'));
    reader.readAsDataURL(file);
  });
}
