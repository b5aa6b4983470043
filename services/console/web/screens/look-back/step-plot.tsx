// A curve that rises in steps: how many by which minute, up to all there are. The picture, its sense in words, and the same figures as a table.
import type { Point } from '@laba/domain/measures';
import { useWords } from '../../i18n/language.ts';
import { lookBackWords } from './words.ts';

const WIDTH = 480;
const HEIGHT = 200;
const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 34;
const LEAST_MINUTES = 5;

interface Scale {
  x: (minute: number) => number;
  y: (count: number) => number;
  minutes: number;
  most: number;
}

function scaleOf(curve: readonly Point[], total: number): Scale {
  const minutes = Math.max(LEAST_MINUTES, (curve.at(-1)?.minute ?? 0) + 1);
  const most = Math.max(1, total, ...curve.map(({ count }) => count));
  return {
    x: (minute) => LEFT + ((WIDTH - LEFT - RIGHT) * minute) / minutes,
    y: (count) => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * count) / most,
    minutes,
    most,
  };
}

/** A point is what stood at the end of its minute. */
export function stepsOf(curve: readonly Point[], { x, y, minutes }: Pick<Scale, 'x' | 'y' | 'minutes'>): string {
  const steps = curve.map(({ minute, count }) => `H${x(minute + 1)}V${y(count)}`);
  return `M${x(0)},${y(0)}${steps.join('')}H${x(minutes)}`;
}

function Axes({ scale: { x, y, minutes, most } }: { scale: Scale }) {
  const say = useWords(lookBackWords);
  return (
    <>
      <path className="axis" d={`M${x(0)},${TOP}V${y(0)}H${x(minutes)}`} />
      <path className="all" d={`M${x(0)},${y(most)}H${x(minutes)}`} />
      {[0, most].map((count) => (
        <text key={count} x={LEFT - 6} y={y(count) + 4} textAnchor="end">
          {count}
        </text>
      ))}
      {[0, Math.round(minutes / 2), minutes].map((minute) => (
        <text key={minute} x={x(minute)} y={HEIGHT - BOTTOM + 15} textAnchor={minute === minutes ? 'end' : 'middle'}>
          {minute}
        </text>
      ))}
      <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 4} textAnchor="middle">
        {say('minuteAxis')}
      </text>
    </>
  );
}

interface PlotProps {
  name: string;
  title: string;
  /** What the curve shows, said in one sentence. */
  summary: string;
  curve: readonly Point[];
  total: number;
  unit: string;
}

export function StepPlot({ name, title, summary, curve, total, unit }: PlotProps) {
  const say = useWords(lookBackWords);
  const scale = scaleOf(curve, total);
  return (
    <figure className={`step-plot ${name}`}>
      <figcaption>
        <h3>{title}</h3>
        <p>{summary}</p>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: ${summary}`}>
        <Axes scale={scale} />
        <path className="curve" d={stepsOf(curve, scale)} />
      </svg>
      <details>
        <summary>{say('sameFigures')}</summary>
        <table aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{say('minute')}</th>
              <th scope="col">
                {unit} ({say('count')})
              </th>
            </tr>
          </thead>
          <tbody>
            {curve.map(({ minute, count }) => (
              <tr key={minute}>
                <th scope="row">{minute + 1}</th>
                <td className="figure">{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
