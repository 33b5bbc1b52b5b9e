import type { z } from 'zod';
import { PORT_IN_RANGE, atMostOneOf } from '../proto/cel-rules.ts';
import { enumeration, field, limited, list, message, string, uint32 } from '../proto/message-schema.ts';
import { workloadEntry } from './workload-entry.ts';
import { workloadSelector } from './workload-selector.ts';

export const servicePort = message(
  'ServicePort',
  () => ({
    number: field(uint32, '', { rules: [PORT_IN_RANGE] }),
    protocol: field(string, '', { maxLength: 256 }),
    name: field(string, '', { maxLength: 256 }),
    targetPort: field(uint32, '', { rules: [PORT_IN_RANGE] }),
  }),
  { required: ['number', 'name'] },
);
export type ServicePort = z.infer<typeof servicePort>;

export const location = enumeration(['MESH_EXTERNAL', 'MESH_INTERNAL']);

export const resolution = enumeration(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS']);

export const serviceEntry = message(
  'ServiceEntry',
  () => ({
    hosts: field(
      list(limited(string, { rules: [{ rule: 'self != "*"', message: 'a lone * would take every host' }] })),
      '',
      { minItems: 1, maxItems: 256 },
    ),
    addresses: field(list(limited(string, { maxLength: 64 })), '', { maxItems: 256 }),
    ports: field(list(servicePort), '', {
      listMapKeys: ['name'],
      maxItems: 256,
      rules: [
        {
          rule: 'self.all(l1, self.exists_one(l2, l1.number == l2.number))',
          message: 'two ports have the same number',
        },
      ],
    }),
    location: location,
    resolution: resolution,
    endpoints: field(list(workloadEntry), '', { maxItems: 4096 }),
    workloadSelector: workloadSelector,
    exportTo: list(string),
    subjectAltNames: list(string),
  }),
  {
    required: ['hosts'],
    rules: [
      atMostOneOf('workloadSelector', 'endpoints'),
      {
        rule: '!((has(self.addresses) ? self.addresses : []).exists(k, k.contains("/")) && !((has(self.resolution) ? self.resolution : "NONE") in ["STATIC", "NONE"]))',
        message: 'an address range goes with resolution NONE or STATIC only',
      },
      {
        rule: '((has(self.resolution) ? self.resolution : "NONE") == "NONE") ? !has(self.endpoints) : true',
        message: 'resolution NONE takes no endpoints',
      },
      {
        rule: '((has(self.resolution) ? self.resolution : "") == "DNS_ROUND_ROBIN") ? ((has(self.endpoints) ? self.endpoints : []).size() <= 1) : true',
        message: 'resolution DNS_ROUND_ROBIN takes one endpoint at most',
      },
    ],
  },
);
export type ServiceEntry = z.infer<typeof serviceEntry>;
