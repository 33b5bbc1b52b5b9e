import { isJsonObject } from '../../kube-object.ts';
import type { JsonObject } from '../../kube-object.ts';
import { RenderError } from '../../render-error.ts';
import type { ComponentName } from '../../components.ts';
import { firstTruthy, isTruthy, objectAt, printed, valueAt } from '../../values/value-tree.ts';
import type { IstioVersion } from '../../istio/istio-version.ts';
import { cloneJson, mergeInto } from '../../values/merge.ts';

/** Layers of chart settings that one value chooses. */
interface Choice {
  what: string;
  path: string;
  sets: Readonly<Record<string, JsonObject>>;
}

function chosenSet(name: unknown, { what, path, sets }: Choice): JsonObject {
  const key = String(name);
  const found = Object.hasOwn(sets, key) ? sets[key] : undefined;
  if (found) return cloneJson(found);
  throw new RenderError(path, `there is no ${what} "${key}"`, {
    code: 'PresetUnknown',
    hint: `known: ${Object.keys(sets).sort().join(', ')}`,
  });
}

/** What chart profile, compatibility version and platform set together, the later over the earlier. */
function presetValues(values: JsonObject, version: IstioVersion): JsonObject {
  const presets: JsonObject = {};
  const profile = firstTruthy(values['profile'], valueAt(values, 'global.profile'));
  if (isTruthy(profile)) {
    const path = isTruthy(values['profile']) ? 'spec.values.profile' : 'spec.values.global.profile';
    mergeInto(presets, chosenSet(printed(profile), { what: 'chart profile', path, sets: version.chartProfiles }));
  }
  const compatibility = values['compatibilityVersion'];
  if (isTruthy(compatibility)) {
    const choice = {
      what: 'compatibility version',
      path: 'spec.compatibilityVersion',
      sets: version.compatibilityVersions,
    };
    mergeInto(presets, chosenSet(printed(compatibility), choice));
  }
  const platform = firstTruthy(values['platform'], valueAt(values, 'global.platform'));
  if (isTruthy(platform)) {
    const path = isTruthy(values['platform']) ? 'spec.values.platform' : 'spec.values.global.platform';
    mergeInto(presets, chosenSet(printed(platform), { what: 'platform', path, sets: version.platforms }));
  }
  return presets;
}

/**
 * The tree that a chart's objects are made from: defaults, presets, then the user's values; with the part that belongs
 * to the component moved to the top. Throws RenderError when a preset does not exist.
 */
export function computeChartValues(component: ComponentName, values: JsonObject, version: IstioVersion): JsonObject {
  if (isTruthy(values['defaults'])) {
    throw new RenderError('spec.values.defaults', 'is no setting', {
      code: 'UnknownField',
      hint: 'write what stands below it one level up',
    });
  }
  const merged = cloneJson(version.chartDefaults[component]);
  const presets = presetValues(values, version);
  mergeInto(merged, presets);
  if (component === 'Ztunnel') {
    mergeInto(merged, cloneJson(objectAt(presets, 'global')));
    mergeInto(merged, cloneJson(objectAt(values, 'global')));
  }
  mergeInto(merged, cloneJson(values));
  const own = component === 'Pilot' ? merged['pilot'] : component === 'Cni' ? merged['cni'] : undefined;
  if (isJsonObject(own)) mergeInto(merged, cloneJson(own));
  return merged;
}
