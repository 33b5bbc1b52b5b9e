import type { JSX } from 'preact';
import { BOX, type DrawnBox, type DrawnLine, type TraceDrawing } from '../trace-drawing.ts';

/** A drawing of boxes and lines; what it shows is also told in words beside it. */
export function Drawing({ drawing, title }: { drawing: TraceDrawing; title: string }): JSX.Element {
  const { width, height, boxes, lines } = drawing;
  return (
    <div class="scroll" role="region" aria-label={title} tabIndex={0}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {lines.map((line) => (
          <Line line={line} />
        ))}
        {boxes.map((box) => (
          <Box box={box} />
        ))}
      </svg>
    </div>
  );
}

function Line({ line: { from, to, label, isCertain } }: { line: DrawnLine }): JSX.Element {
  const middle = (from.x + to.x) / 2;
  return (
    <g class={isCertain ? 'line' : 'line perhaps'}>
      <path d={`M${from.x},${from.y} C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`} />
      {label !== '' && (
        <text x={middle} y={(from.y + to.y) / 2 - 4} text-anchor="middle">
          {label}
        </text>
      )}
    </g>
  );
}

const MAX_LETTERS = 32;

function Box({ box: { x, y, kind, label, isMissing } }: { box: DrawnBox }): JSX.Element {
  const short = label.length > MAX_LETTERS ? `${label.slice(0, MAX_LETTERS - 1)}…` : label;
  return (
    <g class={isMissing ? 'box missing' : 'box'}>
      <title>{`${kind} ${label}`}</title>
      <rect x={x} y={y} width={BOX.width} height={BOX.height} rx={6} />
      <text class="kind" x={x + 10} y={y + 17}>
        {isMissing ? `${kind}: not found` : kind}
      </text>
      <text x={x + 10} y={y + 36}>
        {short}
      </text>
    </g>
  );
}
