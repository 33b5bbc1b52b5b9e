import type { Telemetry } from '../../../api/telemetry/telemetry.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { meshConfigOf } from '../mesh-settings.ts';
import { message, missing } from '../messages.ts';
import { specAs } from '../resource.ts';

/** Access logs without a provider, in a mesh that has no default one. */
export const telemetryProviders: Analyzer = {
  name: 'telemetry.ProviderAnalyzer',
  inputs: [KIND.telemetry, KIND.meshConfig],
  atAdmission: [KIND.telemetry],
  analyze: (world) => {
    if (meshConfigOf(world).defaultProviders?.accessLogging?.length) return [];
    return world.list(KIND.telemetry).flatMap((resource) =>
      (specAs<Telemetry>(resource).accessLogging ?? []).flatMap(({ disabled, providers = [] }, i) => {
        if (disabled || providers.length > 0) return [];
        const text =
          'No provider is named and the mesh has no default one, so nothing is logged: name one of meshConfig.extensionProviders.';
        const found = message('IST0157', resource, text, `spec.accessLogging[${i}].providers`);
        return [missing(found, { kind: KIND.meshConfig, name: 'defaultProviders' })];
      }),
    );
  },
};

/** Traces to Lightstep, which Istio gives up. */
export const telemetryLightstep: Analyzer = {
  name: 'telemetry.LightstepAnalyzer',
  inputs: [KIND.telemetry, KIND.meshConfig],
  atAdmission: [KIND.telemetry],
  analyze: (world) => {
    const extensions = meshConfigOf(world).extensionProviders ?? [];
    const lightstep = new Set(extensions.filter((provider) => provider.lightstep).map(({ name }) => name));
    if (lightstep.size === 0) return [];
    return world.list(KIND.telemetry).flatMap((resource) =>
      (specAs<Telemetry>(resource).tracing ?? []).flatMap(({ providers = [] }, i) =>
        providers
          .filter(({ name }) => lightstep.has(name))
          .map(({ name = '' }) => {
            const text = `Provider ${name} is of type lightstep, which is deprecated: use opentelemetry.`;
            return message('IST0002', resource, text, `spec.tracing[${i}].providers`);
          }),
      ),
    );
  },
};
