import { toUnifiedText } from '../../core/diff/diff-text.ts';
import type { IstioVersion } from '../../core/istio/istio-version.ts';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { profileHint, profileSpec } from '../../core/render/composition/profile-spec.ts';
import { printed } from '../../core/values/value-tree.ts';
import { toManifestText } from '../../core/render/manifest-text.ts';
import { readImageDefaults } from '../../operator/image-defaults.ts';
import { isColoured } from '../shell/colour.ts';
import type { Call } from '../shell/command.ts';
import type { Io } from '../shell/io.ts';
import { parseIstioVersion } from '../shell/istio-version.ts';
import { toStructured } from '../shell/structured.ts';
import { toTable } from '../shell/table.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { PROFILE_DIFF_OPTIONS, PROFILE_DUMP_OPTIONS, PROFILE_LIST_OPTIONS } from './options.ts';

/** `sailwright profile list`: the exit code. */
export function runProfileList({ flags }: Call<typeof PROFILE_LIST_OPTIONS>, io: Io): number {
  const { version } = parseIstioVersion(flags.istioVersion);
  const profiles = Object.keys(version.profiles)
    .sort()
    .map((name) => ({ profile: name, components: listEnabled(profileSpec(version, name) ?? {}) }));
  if (flags.output !== 'text') io.out(toStructured(profiles, flags.output));
  else {
    io.out(toTable([['PROFILE', 'INSTALLS'], ...profiles.map((each) => [each.profile, each.components.join(', ')])]));
  }
  return 0;
}

/** `sailwright profile dump`: the exit code. @throws UsageError */
export function runProfileDump({ flags, operands }: Call<typeof PROFILE_DUMP_OPTIONS>, io: Io): number {
  const [name = 'default'] = operands;
  const resource = dump(parseIstioVersion(flags.istioVersion).version, name, io);
  io.out(flags.output === 'json' ? toStructured(resource, 'json') : toManifestText([resource]));
  return 0;
}

/** `sailwright profile diff`: the exit code. @throws UsageError */
export function runProfileDiff({ flags, operands }: Call<typeof PROFILE_DIFF_OPTIONS>, io: Io): number {
  const [a, b] = operands;
  if (a === undefined || b === undefined) throw new UsageError(`two profiles are needed; there are ${operands.length}`);
  const { version } = parseIstioVersion(flags.istioVersion);
  const [before, after] = [a, b].map((name) => toManifestText([dump(version, name, io)]));
  if (before === undefined || after === undefined || before === after) return 0;
  io.out(toUnifiedText(before, after, { before: a, after: b, colour: isColoured(flags.color, io) }));
  return 1;
}

/** The resource that says what a profile stands for. @throws UsageError */
function dump(version: IstioVersion, name: string, { env }: Io): KubeObject {
  const spec = profileSpec(version, name);
  if (!spec) throw new UsageError(`there is no profile "${name}" (${profileHint(version, name)})`);
  const { hub = version.defaultHub, tag = version.defaultTag } = readImageDefaults(env);
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'istio', namespace: 'istio-system' },
    spec: { ...spec, profile: name, hub, tag },
  };
}

/** Components, and gateways by their names, in the order of the spec. */
function listEnabled({ components = {} }: JsonObject): string[] {
  if (!isJsonObject(components)) return [];
  return Object.entries(components).flatMap(([name, settings]) =>
    Array.isArray(settings)
      ? settings
          .filter(isJsonObject)
          .filter(isEnabled)
          .map((gateway) => printed(gateway['name']))
      : isEnabled(settings)
        ? [name]
        : [],
  );
}

function isEnabled(settings: Json | undefined): boolean {
  return isJsonObject(settings) && settings['enabled'] === true;
}
