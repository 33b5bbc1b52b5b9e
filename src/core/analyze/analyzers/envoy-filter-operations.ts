import type { EnvoyFilter } from '../../../api/networking/envoy-filter.ts';
import { isJsonObject } from '../../kube-object.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message, type Message, type MessageCode } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';

type ConfigPatch = NonNullable<EnvoyFilter['configPatches']>[number];

const REPLACEABLE = ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST'];
const ROUTES = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'];
const RELATIVE = ['REMOVE', 'REPLACE', 'INSERT_BEFORE', 'INSERT_AFTER'];

/** The filter that a patch is about: by its own name, else by the filter that it matches. */
function filterNameOf({ patch, match }: ConfigPatch): string {
  const value = patch?.value;
  if (!isJsonObject(value) || Object.keys(value).length === 0) return '';
  if (value.name !== undefined) return JSON.stringify(value.name);
  return match?.listener?.filterChain?.filter?.name ?? '';
}

/** An operation that does nothing for what it is applied to. */
function misuse(operation: string, applyTo: string): [MessageCode, string] | undefined {
  if (operation === 'ADD' && ROUTES.includes(applyTo)) {
    return ['IST0153', `ADD is ignored for ${applyTo}: use MERGE, or add a VIRTUAL_HOST.`];
  }
  if (operation === 'REMOVE' && ROUTES.includes(applyTo)) {
    return ['IST0154', `REMOVE is ignored for ${applyTo}.`];
  }
  if (operation === 'REPLACE' && !REPLACEABLE.includes(applyTo)) {
    return ['IST0152', `REPLACE works for ${REPLACEABLE.join(', ')} only, not for ${applyTo}.`];
  }
  return undefined;
}

function checkPatch(resource: Resource, patch: ConfigPatch, seen: ReadonlySet<string>, path: string): Message[] {
  const operation = String(patch.patch?.operation ?? 'INVALID');
  const misused = misuse(operation, String(patch.applyTo ?? 'INVALID'));
  if (misused) return [message(misused[0], resource, misused[1], path)];
  if (!RELATIVE.includes(operation) || specAs<EnvoyFilter>(resource).priority) return [];
  const relative = `${operation} depends on what other EnvoyFilters did before, and no priority says when this one is applied: set spec.priority.`;
  if (!seen.has(filterNameOf(patch))) return [message('IST0151', resource, relative, path)];
  return [
    message('IST0155', resource, `${relative} Another patch of the same filter is for one proxy version only.`, path),
  ];
}

/** Operations of EnvoyFilters that do nothing, or whose result depends on the order of filters. */
export const envoyFilterOperations: Analyzer = {
  name: 'envoyfilter.EnvoyPatchAnalyzer',
  inputs: [KIND.envoyFilter],
  atAdmission: [KIND.envoyFilter],
  analyze: (world) => {
    const forOneVersion = new Set<string>();
    const messages: Message[] = [];
    for (const resource of world.list(KIND.envoyFilter)) {
      for (const [i, patch] of (specAs<EnvoyFilter>(resource).configPatches ?? []).entries()) {
        if (!patch.patch) break;
        messages.push(...checkPatch(resource, patch, forOneVersion, `spec.configPatches[${i}].patch`));
        if (patch.match?.proxy?.proxyVersion) forOneVersion.add(filterNameOf(patch));
      }
    }
    return messages;
  },
};
