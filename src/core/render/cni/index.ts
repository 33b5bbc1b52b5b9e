import { renderClusterRoles } from './cluster-role.ts';
import { renderConfigMap } from './config-map.ts';
import { renderDaemonSet } from './daemon-set.ts';
import { renderNetworkAttachmentDefinition } from './network-attachment-definition.ts';
import { renderNetworkPolicy } from './network-policy.ts';
import { renderResourceQuota } from './resource-quota.ts';
import { renderServiceAccount } from './service-account.ts';
import type { ChartRenderer } from '../chart.ts';

/** Renders the CNI node agent. */
export const renderCni: ChartRenderer = (context) => [
  ...renderServiceAccount(context),
  ...renderClusterRoles(context),
  ...renderConfigMap(context),
  ...renderDaemonSet(context),
  ...renderNetworkPolicy(context),
  ...renderResourceQuota(context),
  ...renderNetworkAttachmentDefinition(context),
];
