import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { lookedUpAs } from '../looked-up.ts';
import { namespaceInAmbient, podInAmbient } from '../mesh-membership.ts';
import { message, type Message } from '../messages.ts';
import { fullName, podText, type Resource } from '../resource.ts';
import type { Labels } from '../../label-selector.ts';
import type { World } from '../world.ts';
import {
  groupGeneral,
  namesOf,
  selectWorkloads,
  type GeneralResources,
  type Selection,
} from './workload-selections.ts';

const selectorOf = (sidecar: Resource): Labels => lookedUpAs(KIND.sidecar, sidecar).workloadSelector?.labels ?? {};

function ineffective(sidecar: Resource, what: string): Message {
  return message('IST0167', sidecar, `${what} is in ambient mode, where a Sidecar has no effect.`);
}

function checkPods(selections: readonly Selection[]): Message[] {
  const ambient = new Set<Resource>();
  return selections.flatMap(({ pod, selectedBy }) => {
    if (podInAmbient(pod)) {
      const fresh = selectedBy.filter((sidecar) => !ambient.has(sidecar));
      for (const sidecar of fresh) ambient.add(sidecar);
      return fresh.map((sidecar) => ineffective(sidecar, `Pod ${fullName(pod)}`));
    }
    if (selectedBy.length < 2) return [];
    const text = `Sidecars ${namesOf(selectedBy)} all select ${podText(pod)}: which one applies is not defined.`;
    return selectedBy.map((sidecar) => message('IST0110', sidecar, text, 'spec.workloadSelector'));
  });
}

function isGeneral(sidecar: Resource): boolean {
  return Object.keys(selectorOf(sidecar)).length === 0;
}

function checkNamespace(world: World, { namespace, listed, rivals }: GeneralResources): Message[] {
  if (namespaceInAmbient(world.find(KIND.namespace, { namespace: '', name: namespace }))) {
    return listed.map((resource) => ineffective(resource, `Namespace ${namespace}`));
  }
  if (rivals.length < 2) return [];
  const text = `Sidecars ${namesOf(rivals)} of namespace ${namespace} have no selector: which one applies is not defined.`;
  return listed.map((resource) => message('IST0111', resource, text, 'spec.workloadSelector'));
}

/** Sidecars for a whole namespace, where there may be one at most, and none in ambient mode. */
export const sidecarDefaults: Analyzer = {
  name: 'sidecar.SelectorAnalyzer',
  inputs: [KIND.sidecar, KIND.namespace],
  atAdmission: [KIND.sidecar],
  analyze: (world) =>
    groupGeneral(world, KIND.sidecar, isGeneral).flatMap((resources) => checkNamespace(world, resources)),
};

/** Sidecars that select nothing, the same pod twice, or workloads without a sidecar. */
export const sidecarSelectors: Analyzer = {
  name: 'sidecar.SelectorAnalyzer',
  inputs: [KIND.sidecar, KIND.pod],
  analyze: (world) => {
    const { selections, messages } = selectWorkloads(world, KIND.sidecar, {
      selectorOf,
      path: 'spec.workloadSelector.labels',
    });
    return [...messages, ...checkPods(selections)];
  },
};
