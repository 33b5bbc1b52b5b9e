import { expect, it } from 'vitest';
import type { PlannedObject } from './plan-hand-over.ts';
import { summarize, toPlanText } from './plan-text.ts';

const planned = (object: string, change: Partial<PlannedObject>): PlannedObject => ({
  object,
  becomes: 'same',
  fields: [],
  restartsPods: false,
  of: 'istioctl',
  ...change,
});
const objects = [
  planned('Deployment ns/istiod', { becomes: 'changed', fields: ['spec.template.x'], restartsPods: true }),
  planned('Service ns/istiod', {}),
  { object: 'Service ns/new', becomes: 'new' as const, fields: [], restartsPods: false },
];
const metadata = { name: 'istio', namespace: 'ns' };
const resource = { apiVersion: 'v1', kind: 'IstioOperator', metadata };
const account = { namespace: 'ns', name: 'edge-account', gateway: 'edge' };
const rest = { accounts: [account], writers: [], warnings: [], problems: [], former: [] };

it('says of each object what becomes of it, whose it is, and whether pods restart', () => {
  expect(toPlanText({ resource, source: 'a file', objects, notes: ['a: b'], ...rest })).toBe(
    [
      'IstioOperator ns/istio, from a file',
      '',
      'changed:',
      '  Deployment ns/istiod (istioctl): spec.template.x; its pods restart',
      '',
      'new:',
      '  Service ns/new',
      '',
      'as it is, of another owner:',
      '  Service ns/istiod (istioctl)',
      '',
      'lent, by annotation sailwright.dev/lent-to-gateway:',
      '  ServiceAccount ns/edge-account to Deployment ns/edge',
      '',
      'not kept:',
      '  a: b',
      '',
    ].join('\n'),
  );
});

it('is summed up in a line', () => {
  expect(summarize({ objects })).toBe('changed 1, new 1, same 1; pods restart: Deployment ns/istiod');
  expect(summarize({ objects: objects.slice(1) })).toBe('new 1, same 1; pods restart: none');
});
