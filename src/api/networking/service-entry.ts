import type { z } from 'zod';
import { PORT_IN_RANGE, atMostOneOf } from '../proto/cel-rules.ts';
import { enumeration, field, limited, list, message, string, uint32 } from '../proto/message-schema.ts';
import { workloadEntry } from './workload-entry.ts';
import { workloadSelector } from './workload-selector.ts';

/** A port of a service. */
export const servicePort = message(
  'ServicePort',
  () => ({
    number: field(uint32, 'Port number.', { rules: [PORT_IN_RANGE] }),
    protocol: field(string, 'Protocol: HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP or TLS; found out when left out.', {
      maxLength: 256,
    }),
    name: field(string, 'Name of the port.', { maxLength: 256 }),
    targetPort: field(uint32, 'Port of the endpoint, when it is another one.', { rules: [PORT_IN_RANGE] }),
  }),
  { required: ['number', 'name'] },
);
export type ServicePort = z.infer<typeof servicePort>;

export const location = enumeration(['MESH_EXTERNAL', 'MESH_INTERNAL']);

export const resolution = enumeration(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS']);

/** A service that the registry would not know by itself. */
export const serviceEntry = message(
  'ServiceEntry',
  () => ({
    hosts: field(
      list(limited(string, { rules: [{ rule: 'self != "*"', message: 'a lone * would take every host' }] })),
      'Names of the service; a wildcard as the first label at most.',
      { minItems: 1, maxItems: 256 },
    ),
    addresses: field(list(limited(string, { maxLength: 64 })), 'Virtual IP addresses or ranges of the service.', {
      maxItems: 256,
    }),
    ports: field(list(servicePort), 'Ports of the service.', {
      listMapKeys: ['name'],
      maxItems: 256,
      rules: [
        {
          rule: 'self.all(l1, self.exists_one(l2, l1.number == l2.number))',
          message: 'two ports have the same number',
        },
      ],
    }),
    location: field(location, 'MESH_INTERNAL when the workloads are part of the mesh, so that mutual TLS is used.'),
    resolution: field(
      resolution,
      'How addresses are found: NONE passes on the one that was asked for, STATIC takes endpoints, DNS asks for the name.',
    ),
    endpoints: field(list(workloadEntry), 'Workloads of the service.', { maxItems: 4096 }),
    workloadSelector: field(
      workloadSelector,
      'Pods and WorkloadEntries of this namespace that are the workloads of the service; not together with endpoints.',
    ),
    exportTo: field(list(string), 'Namespaces that see the service: . is the own one, * all (the default), ~ none.'),
    subjectAltNames: field(list(string), "Names of which the server's certificate must have one."),
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
