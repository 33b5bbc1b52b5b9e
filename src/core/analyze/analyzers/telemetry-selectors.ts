import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { lookedUpAs } from '../looked-up.ts';
import { message } from '../messages.ts';
import { podText, type Resource } from '../resource.ts';
import type { Labels } from '../../label-selector.ts';
import { groupGeneral, namesOf, selectWorkloads } from './workload-selections.ts';

const selectorOf = (telemetry: Resource): Labels => lookedUpAs(KIND.telemetry, telemetry).selector?.matchLabels ?? {};

/** Telemetry resources that select nothing, or the same pod twice. */
export const telemetrySelectors: Analyzer = {
  name: 'telemetry.SelectorAnalyzer',
  inputs: [KIND.telemetry, KIND.pod],
  analyze: (world) => {
    const { selections, messages } = selectWorkloads(world, KIND.telemetry, {
      selectorOf,
      path: 'spec.selector.matchLabels',
    });
    const conflicts = selections.flatMap(({ pod, selectedBy }) => {
      if (selectedBy.length < 2) return [];
      const text = `Telemetries ${namesOf(selectedBy)} all select ${podText(pod)}: which one applies is not defined.`;
      return selectedBy.map((telemetry) => message('IST0159', telemetry, text, 'spec.selector'));
    });
    return [...messages, ...conflicts];
  },
};

/** Several Telemetry resources for a whole namespace. */
export const telemetryDefaults: Analyzer = {
  name: 'telemetry.DefaultSelectorAnalyzer',
  inputs: [KIND.telemetry],
  atAdmission: [KIND.telemetry],
  analyze: (world) =>
    groupGeneral(world, KIND.telemetry, isGeneral).flatMap(({ namespace, listed, rivals }) => {
      if (rivals.length < 2) return [];
      const text = `Telemetries ${namesOf(rivals)} of namespace ${namespace} have no selector: which one applies is not defined.`;
      return listed.map((resource) => message('IST0160', resource, text, 'spec.selector'));
    }),
};

function isGeneral(telemetry: Resource): boolean {
  return !lookedUpAs(KIND.telemetry, telemetry).selector;
}
