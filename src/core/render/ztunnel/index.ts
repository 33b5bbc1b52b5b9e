import { renderClusterRole } from './cluster-role.ts';
import { renderDaemonSet } from './daemon-set.ts';
import { renderNetworkPolicy } from './network-policy.ts';
import { renderResourceQuota } from './resource-quota.ts';
import { renderServiceAccount } from './service-account.ts';
import type { ChartRenderer } from '../chart.ts';

/** Renders the ambient node proxy. */
export const renderZtunnel: ChartRenderer = (context) => [
  ...renderServiceAccount(context),
  ...renderClusterRole(context),
  ...renderDaemonSet(context),
  ...renderNetworkPolicy(context),
  ...renderResourceQuota(context),
];
