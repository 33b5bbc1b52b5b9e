import type { z } from 'zod';
import { field, list, map, message, string } from '../proto/message-schema.ts';
import { trafficPolicy } from './traffic-policy.ts';
import { workloadSelector } from '../type/workload-selector.ts';

/** Some endpoints of a service, such as one version of it. */
export const subset = message(
  'Subset',
  () => ({
    name: field(string, 'Name that routes use.'),
    labels: field(map(string), 'Labels of the pods that belong to the subset.'),
    trafficPolicy: field(trafficPolicy, 'Settings for the subset, over those of the service.'),
  }),
  { required: ['name'] },
);
export type Subset = z.infer<typeof subset>;

/** How clients connect to a service once a route was chosen. */
export const destinationRule = message(
  'DestinationRule',
  () => ({
    host: field(string, 'Service that the rule is for. A short name is completed with the namespace of this object.'),
    trafficPolicy: field(trafficPolicy, 'How clients connect.'),
    subsets: field(list(subset), 'Named parts of the service.'),
    exportTo: field(list(string), 'Namespaces whose clients use the rule: . is the own one, * all (the default).'),
    workloadSelector: field(workloadSelector, 'Clients in this namespace that use the rule; all when left out.'),
  }),
  { required: ['host'] },
);
export type DestinationRule = z.infer<typeof destinationRule>;
