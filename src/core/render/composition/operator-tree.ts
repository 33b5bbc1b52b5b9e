import { USUAL_NAMESPACE } from '../../../api/istio-names.ts';
import { isJsonObject } from '../../kube-object.ts';
import type { Json, JsonObject } from '../../kube-object.ts';
import type { Problem } from '../../problem.ts';
import type { Form } from '../../components.ts';
import { printed } from '../../values/value-tree.ts';
import type { IstioVersion } from '../../istio/istio-version.ts';
import { cloneJson, mergeInto } from '../../values/merge.ts';
import { applySetFlag, typedSetValue } from '../../values/set-flag.ts';
import { PathError, getAt, mapAt, setAt } from '../../values/tree-path.ts';
import { profileHint, profileSpec } from './profile-spec.ts';

export interface OperatorInput {
  /** IstioOperator documents, later ones on top. */
  documents: readonly JsonObject[];
  /** `path=value` below `spec`, on top of the documents. */
  setFlags?: readonly string[];
  /** Stands in for `spec.profile`. */
  profile?: string;
}

export interface OperatorSettings {
  version: IstioVersion;
  form: Form;
  hub: string;
  tag: string;
}

/** The documents and flags as one resource, before any profile. */
export function mergeDocuments(input: OperatorInput, problems: Problem[]): JsonObject {
  const user: JsonObject = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: {}, spec: {} };
  for (const document of input.documents) {
    const copy = cloneJson(document);
    if (copy['spec'] === null) delete copy['spec'];
    if (copy['metadata'] === null) delete copy['metadata'];
    mergeInto(user, copy);
  }
  for (const flag of input.setFlags ?? []) {
    try {
      applySetFlag(user, flag);
    } catch (error) {
      if (!(error instanceof PathError)) throw error;
      problems.push({ path: `--set ${flag}`, code: 'FlagInvalid', message: error.message });
    }
  }
  if (input.profile !== undefined && isJsonObject(user['spec'])) user['spec']['profile'] = input.profile;
  return user;
}

/**
 * The whole resource: profile, then the user's part, with the fields that stand for values translated into values.
 * Takes `user` over and changes it. Returns undefined, with a problem, when there is no such profile.
 */
export function computeOperatorTree(
  user: JsonObject,
  settings: OperatorSettings,
  problems: Problem[],
): JsonObject | undefined {
  const name = printed(getAt(user, ['spec', 'profile'])) || 'default';
  const spec = profileSpec(settings.version, name);
  if (!spec) {
    problems.push({
      path: 'spec.profile',
      code: 'ProfileUnknown',
      message: `there is no profile "${name}"`,
      hint: profileHint(settings.version, name),
    });
    return undefined;
  }
  const tree: JsonObject = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { namespace: USUAL_NAMESPACE },
    spec: { ...spec, hub: settings.hub, tag: settings.tag },
  };
  if (settings.form === 'sailwright') {
    dropNulls(user);
    adoptNamespace(user, problems);
  }
  const userValues = mapAt(user, ['spec', 'values']);
  // Maps of the user's that no profile has become part of the tree itself. Translated settings therefore reach them
  // too and survive the merge below; this is what lets `spec.meshConfig` win over `values.meshConfig`.
  mergeInto(tree, user);
  translateFields(tree, settings.form);
  // With null for the values, upstream's tool loses which components are on.
  if (getAt(user, ['spec', 'values']) !== null) translateEnablement(tree);
  if (userValues) mergeInto(childMap(tree, ['spec', 'values']), cloneJson(userValues));
  return tree;
}

/** Null for a whole section is "not set"; in upstream's form it wipes out the profile's, and some make its tool panic. */
function dropNulls(user: JsonObject): void {
  for (const path of [['spec'], ['spec', 'components']]) {
    const section = mapAt(user, path);
    for (const [key, value] of Object.entries(section ?? {})) {
      if (section && value === null) delete section[key];
    }
  }
}

/** `spec.namespace`: upstream reads and forgets it; ours makes it the control plane's namespace. */
function adoptNamespace(user: JsonObject, problems: Problem[]): void {
  const wanted = getAt(user, ['spec', 'namespace']);
  if (typeof wanted !== 'string' || wanted === '') return;
  const path = ['spec', 'values', 'global', 'istioNamespace'];
  const given = getAt(user, path);
  if (typeof given === 'string' && given !== '' && given !== wanted) {
    problems.push({
      path: 'spec.namespace',
      code: 'SettingsContradict',
      message: `is "${wanted}", but spec.values.global.istioNamespace is "${given}"`,
      hint: 'remove one of the two',
    });
    return;
  }
  setAt(user, path, wanted);
}

const TRANSLATED = [
  ['hub', ['global', 'hub']],
  ['tag', ['global', 'tag']],
  ['revision', ['revision']],
  ['compatibilityVersion', ['compatibilityVersion']],
] as const;

const TEXT_ONLY = new Set(['tag', 'compatibilityVersion']);

function translateFields(tree: JsonObject, form: Form): void {
  const spec = childMap(tree, ['spec']);
  for (const [field, target] of TRANSLATED) {
    const value = spec[field];
    if (value === undefined || isJsonObject(value) || Array.isArray(value)) continue;
    // Null is "not set"; upstream prints it and sets the text.
    if (value === null && form === 'sailwright') continue;
    setAt(tree, ['spec', 'values', ...target], translated(field, value, form));
  }
  const meshConfig = spec['meshConfig'];
  if (isJsonObject(meshConfig)) {
    mergeInto(childMap(tree, ['spec', 'values']), { meshConfig: cloneJson(meshConfig) });
  }
  const namespace = getAt(spec, ['values', 'global', 'istioNamespace']);
  if (typeof namespace === 'string' && namespace !== '') setAt(tree, ['metadata', 'namespace'], namespace);
}

/** Charts ask what else is installed. */
function translateEnablement(tree: JsonObject): void {
  for (const [path, component] of [
    [['pilot', 'enabled'], 'pilot'],
    [['pilot', 'cni', 'enabled'], 'cni'],
  ] as const) {
    const enabled = getAt(tree, ['spec', 'components', component, 'enabled']);
    setAt(tree, ['spec', 'values', ...path], enabled === true);
  }
}

/** What Go prints for null. */
const PRINTED_NULL = '<nil>';

/** Upstream passes these fields through its flag parser, which types text: revision "131" becomes a number. */
function translated(field: string, value: Json, form: Form): Json {
  const text = value === null ? PRINTED_NULL : printed(value);
  if (form === 'sailwright') return typeof value === 'string' ? value : TEXT_ONLY.has(field) ? text : value;
  return TEXT_ONLY.has(field) ? text : typedSetValue(text);
}

function childMap(tree: JsonObject, path: readonly string[]): JsonObject {
  const found = mapAt(tree, path);
  if (found) return found;
  setAt(tree, path, {});
  return mapAt(tree, path) ?? {};
}
