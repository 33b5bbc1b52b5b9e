import * as z from 'zod';
import { duration, int32, int64, text, textList, textMap } from '../field-types.ts';
import { OUR_GROUP } from '../our-names.ts';
import { metricsSpec, onFailureSpec, stagedSpec, windowsSpec } from '../staged/staged-spec.ts';
import { stagedStatus } from '../staged/staged-status.ts';

/** How the API names the kind. */
export const PROXY_ROLLOUT = {
  group: OUR_GROUP,
  version: 'v1alpha1',
  apiVersion: `${OUR_GROUP}/v1alpha1`,
  kind: 'ProxyRollout',
  plural: 'proxyrollouts',
  singular: 'proxyrollout',
} as const;

const workloadSelector = z.object({
  matchLabels: textMap.describe('Labels that a Deployment, StatefulSet or DaemonSet has; all of them.'),
});

const wave = z.object({
  name: text.describe('Name of the wave, by which it is approved.'),
  namespaces: textList
    .meta({ k8s: { listType: 'set' } })
    .optional()
    .describe('Namespaces of the wave; all of the rollout where it is absent.'),
  workloads: workloadSelector.optional().describe('Workloads of the wave; all where it is absent.'),
  maxParallel: int32
    .optional()
    .describe('How many workloads are under way at the same time, at most 100; 1 unless set.'),
  soak: duration.optional().describe('How long its gates have to hold after it is done, such as 10m; 1m unless set.'),
  approval: z
    .boolean()
    .optional()
    .describe('Whether it begins only when annotation `sailwright.dev/approve` names it.'),
});

const gates = z.object({
  maxProxyRestarts: int32.optional().describe('How often the proxy of a renewed pod may restart; 0 unless set.'),
  readyTimeout: duration.optional().describe('How long a renewed pod may take to become ready; 10m unless set.'),
  pendingTimeout: duration
    .optional()
    .describe('How long a renewed pod may wait for a node, or for an answer of what admits it; 2m unless set.'),
});

/** What to renew, in which order, and how carefully. */
export const proxyRolloutSpec = z.object({
  target: z
    .object({
      revision: text.optional().describe('Revision whose injector renews the proxies.'),
      tag: text.optional().describe('Revision tag whose injector renews the proxies.'),
    })
    .optional()
    .describe('Whose proxies are renewed: workloads of other revisions are left alone. All where it is absent.'),
  namespaces: z
    .object({
      names: textList
        .meta({ k8s: { listType: 'set' } })
        .optional()
        .describe('Names of namespaces.'),
      matchLabels: textMap.optional().describe('Labels of namespaces; all of them.'),
    })
    .optional()
    .describe(
      'Namespaces whose workloads are renewed. Only in a namespace for control planes; a rollout elsewhere renews those of its own namespace, and no others.',
    ),
  workloads: workloadSelector.optional().describe('Workloads that are renewed; all where it is absent.'),
  waves: z
    .array(wave)
    .meta({ k8s: { listType: 'map', listMapKeys: ['name'] } })
    .optional()
    .describe(
      'Steps, one after the other; a workload belongs to the first that takes it, and one that none takes is left alone. One wave of all unless set.',
    ),
  strategy: z
    .enum(['Auto', 'Restart', 'Evict'])
    .optional()
    .describe(
      '`Restart` by the pod template, `Evict` one pod after the other; `Auto` restarts where new pods come before old ones go, and evicts elsewhere.',
    ),
  windows: windowsSpec.optional().describe('When waves may begin; always where it is absent.'),
  gates: gates.optional().describe('What has to hold of all that was renewed.'),
  metrics: metricsSpec
    .optional()
    .describe(
      'Gates by metrics, beside those that are built in: of the requests to workloads of the waves up to the present one.',
    ),
  onFailure: onFailureSpec
    .optional()
    .describe(
      'What follows a gate that does not hold: `Pause`, or `Rollback`, which moves `target.tag` back and renews once more what was touched. `Pause` unless set.',
    ),
  deadline: duration.optional().describe('For the whole, from its first wave on; none unless set.'),
  suspend: stagedSpec.shape.suspend,
});
export type ProxyRolloutSpec = z.infer<typeof proxyRolloutSpec>;

const counts = z.object({
  workloads: int64.describe('Workloads of the rollout.'),
  current: int64.describe('Those whose pods all have the proxy that they would get today.'),
  stale: int64.describe('Those with pods that have another proxy.'),
  underWay: int64.describe('Those that are being renewed.'),
  renewed: int64.describe('Those that this rollout renewed.'),
  blocked: int64.describe('Those that it cannot renew.'),
});

const workloadName = {
  kind: text.describe('Kind of the workload.'),
  namespace: text.describe('Namespace of the workload.'),
  name: text.describe('Name of the workload.'),
};

const blocked = z.object({
  ...workloadName,
  reason: text.describe('One word for programs.'),
  message: text.describe('What keeps it from being renewed, and what to do.'),
});

const {
  observedGeneration,
  phase,
  message,
  since,
  doubtSince,
  nextAt,
  resumed,
  cause,
  gates: gateList,
  conditions,
} = stagedStatus.shape;

/** What the operator found and did. */
export const proxyRolloutStatus = z.object({
  observedGeneration,
  phase,
  message,
  wave: text.optional().describe('Name of the present wave.'),
  step: int32.optional().describe('Number of the present wave, from 0.'),
  waves: int32.optional().describe('How many waves there are.'),
  since,
  startedAt: text.optional().describe('When the first wave began.'),
  doubtSince,
  nextAt,
  resumed,
  cause,
  target: z
    .object({
      tag: text.describe('The tag.'),
      revision: text.describe('Where it led when the rollout began.'),
      previous: text.optional().describe('Where it had led before: where a way back leads.'),
    })
    .optional()
    .describe('What is remembered of `spec.target.tag`.'),
  counts: counts.optional().describe('Workloads by how they are.'),
  underWay: z
    .array(z.object(workloadName))
    .meta({ k8s: { listType: 'atomic' } })
    .optional()
    .describe('Workloads that are being renewed, and those that were chosen to be next: never more than allowed.'),
  gates: gateList,
  blocked: z
    .array(blocked)
    .meta({ k8s: { listType: 'atomic' } })
    .optional()
    .describe('Workloads that are not renewed, with the reason; at most ten.'),
  conditions,
});
export type ProxyRolloutStatus = z.infer<typeof proxyRolloutStatus>;
