// A photo for a form that takes one, as a camera would give it.
import type { Page } from 'playwright-core';

const DRAW = `(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  const pen = canvas.getContext('2d');
  const rock = pen.createLinearGradient(0, 0, 640, 480);
  rock.addColorStop(0, '#5b4a3a');
  rock.addColorStop(1, '#c8d4da');
  pen.fillStyle = rock;
  pen.fillRect(0, 0, 640, 480);
  for (let at = 0; at < 40; at++) pen.strokeRect((at * 97) % 600, (at * 61) % 440, 30, 20);
  return canvas.toDataURL('image/png').split(',')[1];
})()`;

/** A real PNG of 640 × 480. Drawn rather than a screenshot: on a busy machine Chromium sometimes has no picture of a page just resized ("Unable to capture screenshot"). */
export const aPhoto = async (page: Page): Promise<Buffer> => Buffer.from((await page.evaluate(DRAW)) as string, 'base64');
