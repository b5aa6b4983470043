// The ratios as bars in an SVG, each with its goal as a line.
import { writeFileSync } from 'node:fs';
import type { Figure, Ratio } from './figure.ts';

type Sections = Record<string, { figures: readonly Figure[] }>;

const WIDTH = 960;
const ROW = 44;
const BAR_FROM = 20;
const escaped = (text: string) => text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function plot(file: string, sections: Sections): void {
  const ratios = Object.entries(sections).flatMap(([name, { figures }]) =>
    figures.filter((figure): figure is Ratio => figure.kind === 'ratio').map((one) => ({ ...one, name: `${name.split(',')[0]}: ${one.name}` })),
  );
  const most = Math.max(1, ...ratios.flatMap((one) => [one.most, one.goal ?? 0]));
  const x = (value: number) => BAR_FROM + (value / most) * (WIDTH - 2 * BAR_FROM);
  const rows = ratios.map((one, i) => {
    const top = i * ROW + 8;
    const colour = one.holds ? '#2a7' : '#c43';
    return `<text x="${BAR_FROM}" y="${top + 10}" font-size="12">${escaped(one.name)}: ${one.ratio.toFixed(2)}</text>
<rect x="${BAR_FROM}" y="${top + 16}" width="${(x(one.ratio) - BAR_FROM).toFixed(1)}" height="12" fill="${colour}"/>
<line x1="${x(one.least).toFixed(1)}" x2="${x(one.most).toFixed(1)}" y1="${top + 22}" y2="${top + 22}" stroke="#000"/>
${one.goal === undefined ? '' : `<line x1="${x(one.goal).toFixed(1)}" x2="${x(one.goal).toFixed(1)}" y1="${top + 12}" y2="${top + 32}" stroke="#000" stroke-dasharray="3 2"/>`}`;
  });
  const height = ratios.length * ROW + 16;
  writeFileSync(file, `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif">\n${rows.join('\n')}\n</svg>\n`);
}
