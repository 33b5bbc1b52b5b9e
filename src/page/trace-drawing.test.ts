import { expect, it } from 'vitest';
import type { Trace } from '../core/report/trace-request.ts';
import { BOX, drawTrace } from './trace-drawing.ts';

const HOST = 'web.shop.svc.cluster.local';
const target = (subset: string, weight: number): Trace['rules'][number]['rule']['targets'][number] => ({
  host: HOST,
  subset,
  port: 0,
  weight,
  isMirror: false,
});
const rule = (field: string, ...targets: ReturnType<typeof target>[]): Trace['rules'][number]['rule'] => ({
  field,
  name: '',
  matches: [],
  targets,
  instead: '',
});
const service = {
  host: HOST,
  from: 'Service shop/web',
  workloads: [],
  subsets: [
    { name: 'v1', labels: '', by: '', workloads: [{ name: 'Deployment shop/web', pods: 2 }] },
    { name: 'v2', labels: '', by: '', workloads: [{ name: 'Deployment shop/web', pods: 2 }] },
  ],
};
const beta = rule('http[0]', target('v2', 100));
const split = rule('http[1]', target('v1', 90), target('v3', 10));
const TRACE: Trace = {
  entrance: 'shop/edge',
  ports: [],
  rules: [
    { virtualService: 'shop/web', rule: beta, verdict: 'perhaps', why: '' },
    { virtualService: 'shop/web', rule: split, verdict: 'taken', why: '' },
    { virtualService: 'shop/rest', rule: rule('http[0]', target('v1', 100)), verdict: 'passed over', why: '' },
  ],
  targets: [
    { ...target('v2', 100), service, isCertain: false },
    { ...target('v1', 90), service, isCertain: true },
    { ...target('v3', 10), service, isCertain: true },
  ],
};

it('has each thing once, in its column, and nothing that is passed over', () => {
  const { boxes } = drawTrace(TRACE);
  const named = boxes.map(({ kind, label }) => `${kind} ${label}`);
  expect(named.sort()).toEqual([
    'Gateway shop/edge',
    `Service ${HOST}`,
    'Subset v1',
    'Subset v2',
    'Subset v3',
    'VirtualService shop/web',
    'Workload Deployment shop/web, 2',
  ]);
  const columnOf = (kind: string): number[] => [...new Set(boxes.filter((box) => box.kind === kind).map(({ x }) => x))];
  expect(columnOf('Subset')).toHaveLength(1);
  expect(columnOf('Gateway')[0]).toBeLessThan(columnOf('VirtualService')[0] ?? 0);
});

it('tells shares, what may be, and what is not there', () => {
  const { boxes, lines } = drawTrace(TRACE);
  expect(lines.map(({ label, isCertain }) => [label, isCertain])).toEqual(
    expect.arrayContaining([
      ['100 %', false],
      ['90 %', true],
      ['10 %', true],
    ]),
  );
  expect(boxes.filter(({ isMissing }) => isMissing).map(({ label }) => label)).toEqual(['v3']);
});

it('keeps boxes apart and inside', () => {
  const { width, height, boxes } = drawTrace(TRACE);
  for (const box of boxes) {
    expect(box.x + BOX.width).toBeLessThanOrEqual(width);
    expect(box.y + BOX.height).toBeLessThanOrEqual(height);
    const others = boxes.filter((other) => other !== box && other.x === box.x);
    expect(others.every((other) => Math.abs(other.y - box.y) >= BOX.height)).toBe(true);
  }
});
