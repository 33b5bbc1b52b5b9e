import { describe, expect, it } from 'vitest';
import type { ReportedFinding } from '../../../api/analysis/analysis-report.ts';
import { KIND, type Kind } from '../kinds.ts';
import { message, type Message, type MessageCode } from '../messages.ts';
import { computeReports, isSameReport } from './compute-reports.ts';

function found(code: MessageCode, kind: Kind, namespace: string, name = 'web'): Message {
  const empty = { labels: {}, annotations: {}, spec: {}, status: undefined, origin: {} };
  return message(code, { kind, name, namespace, ...empty }, `about ${name}`, 'spec.hosts');
}

function summaries(messages: readonly Message[]): Record<string, unknown> {
  const reports = computeReports(messages, 'sailwright-system');
  return Object.fromEntries(reports.map(({ metadata, summary }) => [metadata.namespace ?? '', summary]));
}

describe('computeReports', () => {
  it('makes one report for each namespace in which something is wrong', () => {
    expect(
      summaries([
        found('IST0101', KIND.virtualService, 'shop'),
        found('IST0132', KIND.virtualService, 'shop'),
        found('IST0174', KIND.destinationRule, 'bank'),
      ]),
    ).toEqual({ shop: { errors: 1, warnings: 1 }, bank: { errors: 0, warnings: 1 } });
  });

  it('leaves out what is for information', () => {
    expect(summaries([found('IST0118', KIND.service, 'shop')])).toEqual({});
  });

  it('reports a namespace in itself, and what has none where the operator runs', () => {
    expect(
      summaries([
        found('IST0123', KIND.namespace, '', 'shop'),
        found('IST0139', KIND.mutatingWebhookConfiguration, ''),
      ]),
    ).toEqual({ shop: { errors: 0, warnings: 1 }, 'sailwright-system': { errors: 1, warnings: 0 } });
  });

  it('lists the worst hundred and counts all', () => {
    const many = Array.from({ length: 150 }, (_, i) => found('IST0132', KIND.virtualService, 'shop', `web-${i}`));
    const [report] = computeReports([...many, found('IST0101', KIND.virtualService, 'shop')], 'sailwright-system');
    const codes = (report?.['findings'] as ReportedFinding[]).map(({ code }) => code);
    expect(report?.['summary']).toEqual({ errors: 1, warnings: 150 });
    expect(codes).toHaveLength(100);
    expect(codes[0]).toBe('IST0101');
  });

  it('makes the same report whatever the order of findings and keys', () => {
    const messages = [found('IST0101', KIND.virtualService, 'shop'), found('IST0109', KIND.virtualService, 'shop')];
    const [one] = computeReports(messages, 'sailwright-system');
    const [other] = computeReports(messages.toReversed(), 'sailwright-system');
    if (!one || !other) throw new Error('no report');
    const { summary, findings, ...rest } = other;
    expect(isSameReport(one, { findings, summary, ...rest })).toBe(true);
    expect(isSameReport(one, { ...other, summary: { errors: 0, warnings: 0 } })).toBe(false);
  });
});
