import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { enumeration, field, int32, list, message, struct } from '../proto/message-schema.ts';
import { envoyConfigObjectMatch } from './envoy-filter-match.ts';
import { workloadSelector } from './workload-selector.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';

export const patchOperation = enumeration([
  'INVALID',
  'MERGE',
  'ADD',
  'REMOVE',
  'INSERT_BEFORE',
  'INSERT_AFTER',
  'INSERT_FIRST',
  'REPLACE',
  'MERGE_AND_REPLACE_LIST',
]);

export const filterClass = enumeration(['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']);

/** A change to the configuration of a proxy. */
export const envoyPatch = message('EnvoyPatch', () => ({
  operation: field(patchOperation, 'How the value is applied.'),
  value: field(struct, "Part of Envoy's configuration that is merged, added or put in place."),
  filterClass: field(filterClass, "Place of a new filter relative to Istio's own."),
}));
export type EnvoyPatch = z.infer<typeof envoyPatch>;

export const applyTo = enumeration([
  'INVALID',
  'LISTENER',
  'FILTER_CHAIN',
  'NETWORK_FILTER',
  'HTTP_FILTER',
  'ROUTE_CONFIGURATION',
  'VIRTUAL_HOST',
  'HTTP_ROUTE',
  'CLUSTER',
  'EXTENSION_CONFIG',
  'BOOTSTRAP',
  'LISTENER_FILTER',
]);

/** A patch, and what it applies to. */
export const envoyConfigObjectPatch = message('EnvoyConfigObjectPatch', () => ({
  applyTo: field(applyTo, 'Kind of Envoy object that is changed.'),
  match: field(envoyConfigObjectMatch, 'Which objects are changed; all when left out.'),
  patch: field(envoyPatch, 'The change.'),
}));
export type EnvoyConfigObjectPatch = z.infer<typeof envoyConfigObjectPatch>;

/** Patches the configuration that the proxies get. */
export const envoyFilter = message(
  'EnvoyFilter',
  () => ({
    workloadSelector: field(workloadSelector, 'Pods whose proxies are patched; all of the namespace when left out.'),
    targetRefs: field(
      list(policyTargetReference),
      'Gateways or services whose proxies are patched, in place of a selector.',
      { maxItems: 16 },
      { protoName: 'targetRefs' },
    ),
    configPatches: field(list(envoyConfigObjectPatch), 'Patches, in the order in which they are applied.'),
    priority: field(int32, 'Order among patches: lower ones, also negative ones, go first.'),
  }),
  { rules: [atMostOneOf('workloadSelector', 'targetRefs')] },
);
export type EnvoyFilter = z.infer<typeof envoyFilter>;
