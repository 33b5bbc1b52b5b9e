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

export const envoyPatch = message('EnvoyPatch', () => ({
  operation: patchOperation,
  value: struct,
  filterClass: filterClass,
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

export const envoyConfigObjectPatch = message('EnvoyConfigObjectPatch', () => ({
  applyTo: applyTo,
  match: envoyConfigObjectMatch,
  patch: envoyPatch,
}));
export type EnvoyConfigObjectPatch = z.infer<typeof envoyConfigObjectPatch>;

export const envoyFilter = message(
  'EnvoyFilter',
  () => ({
    workloadSelector: workloadSelector,
    targetRefs: field(list(policyTargetReference), '', { maxItems: 16 }, { protoName: 'targetRefs' }),
    configPatches: list(envoyConfigObjectPatch),
    priority: int32,
  }),
  { rules: [atMostOneOf('workloadSelector', 'targetRefs')] },
);
export type EnvoyFilter = z.infer<typeof envoyFilter>;
