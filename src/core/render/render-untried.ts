import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { decodeIstioOperator, findUnreadValues } from '../../api/install/decode-istio-operator.ts';
import { validateRevision } from '../../api/install/validate-spec.ts';
import { isJsonObject } from '../kube-object.ts';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import type { Problem, Result } from '../problem.ts';
import { measureJson } from '../json-size.ts';
import { TooMuchWork, WorkMeter } from '../work-meter.ts';
import { computeChartContexts } from './composition/chart-contexts.ts';
import type { InstanceContext } from './composition/chart-contexts.ts';
import { laterFields } from '../istio/registry.ts';
import { parseRelease } from '../istio/release.ts';
import type { IstioRelease } from '../istio/release.ts';
import { mergeInto, cloneJson } from '../values/merge.ts';
import { adviseUnusedTags, dropDefaultTag } from './composition/revision-tags.ts';
import { validateWithdrawnValues } from './composition/withdrawn-values.ts';
import { computeOperatorTree, mergeDocuments } from './composition/operator-tree.ts';
import type { OperatorInput } from './composition/operator-tree.ts';
import { PathError, getAt, mapAt } from '../values/tree-path.ts';
import { checkSetFlags, computeRelease, imageDefaults } from './composition/release.ts';
import { renderBase } from './base/index.ts';
import { RenderError } from '../render-error.ts';
import type { ChartRenderer } from './chart.ts';
import type { ComponentName } from '../components.ts';
import { renderCni } from './cni/index.ts';
import { adviseDisruption } from './disruption-advice.ts';
import { withoutEchoes } from './echoes.ts';
import { adviseFlags } from './flag-advice.ts';
import { validateGatewayNames } from './gateway-names.ts';
import { findUnselectedPods } from './gateway-selector.ts';
import { renderEgressGateway, renderIngressGateway } from './gateway/index.ts';
import type { RenderOptions, Rendered, RenderedComponent } from './index.ts';
import { renderIstiod } from './istiod/index.ts';
import { patchObjects } from './kubernetes-settings.ts';
import { withOwnInstance } from './labels.ts';
import { hasOwnInjection } from './own-injection.ts';
import { validateMeshSettings, validateNetworks } from './mesh-settings.ts';
import type { Findings } from './kubernetes-settings.ts';
import { findReachedSettings, type ReachedSettings } from './reached-settings.ts';
import { listVariables } from './variables.ts';
import { printed } from '../values/value-tree.ts';
import { renderZtunnel } from './ztunnel/index.ts';

const RENDERERS: Readonly<Record<ComponentName, ChartRenderer>> = {
  Base: renderBase,
  Pilot: renderIstiod,
  IngressGateways: renderIngressGateway,
  EgressGateways: renderEgressGateway,
  Cni: renderCni,
  Ztunnel: renderZtunnel,
};

/** Elements of lists and characters of text that all overlays of a resource may look at: about a second's worth. */
const MAX_OVERLAY_WORK = 4_000_000;
/** All gateways together, in units of {@link measureJson}: some hundred usual ones. */
const MAX_GATEWAYS_SIZE = 400_000;

/** Upstream's charts carry this version until a release is cut. */
const DEVELOPMENT_CHART = '1.0.0';

/** What was rendered, before what it says of injection was tried. */
export interface Untried {
  result: Result<Rendered>;
  /** The merged `spec`, where by its own words injection may fail: `tryInjection` has to try it. */
  toTry?: JsonObject;
}

/** Renders without the trial of injection: its code is a seventh of all that a command which renders would load. */
export function renderUntried(input: OperatorInput, options: RenderOptions): Untried {
  const findings: Findings = { problems: [], warnings: [] };
  const user = mergeDocuments(input, findings.problems);
  const release = computeRelease(user, options, findings);
  if (options.form === 'upstream') checkSetFlags(input, release, findings.problems);
  const tree = computeCheckedTree(user, release, options, findings);
  if (!tree || (findings.problems.length > 0 && !options.force)) return { result: { ok: false, ...findings } };
  if (options.force) findings.warnings.push(...findings.problems.splice(0));
  findings.warnings.push(...mergeUnvalidated(tree));
  checkRevision(tree, options, findings);
  const reached: ReachedSettings[] = [];
  const overlayWork = new WorkMeter(MAX_OVERLAY_WORK);
  const gatewaysSize = new WorkMeter(MAX_GATEWAYS_SIZE);
  const components = renderComponents(tree, { ...options, release }, { findings, reached, overlayWork, gatewaysSize });
  if (findings.problems.length > 0) return { result: { ok: false, ...findings } };
  const values = mapAt(tree, ['spec', 'values']) ?? {};
  const revision = printed(values['revision']);
  const variables = listVariables(user);
  if (options.form === 'sailwright') findings.warnings.push(...adviseFlags(user, variables, release.version));
  const value: Rendered = {
    components,
    release: release.name,
    revision,
    istioNamespace: printed(getAt(values, ['global', 'istioNamespace'])) || USUAL_NAMESPACE,
    values,
    reached,
    variables: variables.map(({ name }) => name),
  };
  const result = { ok: true, value, warnings: findings.warnings } as const;
  return { result, ...whatToTry(tree, options) };
}

function whatToTry({ spec }: JsonObject, { form }: RenderOptions): Pick<Untried, 'toTry'> {
  return form === 'sailwright' && isJsonObject(spec) && hasOwnInjection(spec) ? { toTry: spec } : {};
}

function collect(result: Result<unknown>, findings: Findings): void {
  findings.warnings.push(...withoutEchoes(result.warnings));
  if (!result.ok) findings.problems.push(...withoutEchoes(result.problems));
}

/** The merged and decoded resource; undefined when its shape is too wrong to be merged. */
function computeCheckedTree(
  user: JsonObject,
  release: IstioRelease,
  { form, defaults }: RenderOptions,
  findings: Findings,
): JsonObject | undefined {
  const later = laterFields(release.version);
  if (form === 'upstream' && user['status'] !== undefined) {
    findings.problems.push({
      path: 'status',
      code: 'UnknownField',
      message: 'unknown field',
      hint: 'remove it: it belongs to the cluster',
    });
  }
  if (!isMergeable(user)) {
    collect(decodeIstioOperator(user, later), findings);
    return undefined;
  }
  try {
    const settings = { version: release.version, form, ...imageDefaults(release, defaults) };
    const tree = computeOperatorTree(user, settings, findings.problems);
    if (tree) collect(decodeIstioOperator(tree, later), findings);
    else collect(decodeIstioOperator(user, later), findings);
    if (tree && findings.problems.length === 0) validateMeshSettings({ user, tree, release }, findings);
    if (tree && form === 'sailwright') {
      validateGatewayNames(tree, findings.problems);
      validateNetworks(tree, findings);
      dropDefaultTag(tree, findings.warnings);
      findings.warnings.push(...adviseUnusedTags(tree));
    }
    return tree;
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    collect(decodeIstioOperator(user, later), findings);
    if (findings.problems.length === 0)
      findings.problems.push({ path: 'spec', code: 'SettingUnfit', message: error.message });
    return undefined;
  }
}

/** Whether the maps that profiles are laid under are maps. */
function isMergeable(user: JsonObject): boolean {
  return [['metadata'], ['spec'], ['spec', 'values'], ['spec', 'components']].every((path) => {
    const found = getAt(user, path);
    return found === undefined || found === null || isJsonObject(found);
  });
}

/** Text that YAML takes apart where it stands without quotes, as charts have it: Istio's tool fails on it. */
const NO_PLAIN_TEXT = /[\n\t]|: |:$| #|^[&*!|>'"%@`[\]{}#,]/;

/** Checks the revision in the values, wherever it came from, as `spec.revision` is checked. */
function checkRevision(tree: JsonObject, { form }: RenderOptions, findings: Findings): void {
  const revision = getAt(tree, ['spec', 'values', 'revision']);
  const path = 'spec.values.revision';
  if (getAt(tree, ['spec', 'revision']) === revision) return;
  if (form === 'sailwright') validateRevision(findings, revision, path);
  else if (typeof revision === 'string' && NO_PLAIN_TEXT.test(revision)) {
    findings.problems.push({
      path,
      code: 'RevisionInvalid',
      message: `must be plain text, got ${JSON.stringify(revision)}`,
    });
  }
}

/** Puts unchecked values on top of the checked ones; tells of those that nothing reads. */
function mergeUnvalidated(tree: JsonObject): Problem[] {
  const unchecked = mapAt(tree, ['spec', 'unvalidatedValues']);
  if (!unchecked) return [];
  mergeInto(tree, { spec: { values: cloneJson(unchecked) } });
  return findUnreadValues(unchecked);
}

/** A build of Istio's own, which has no release, carries the version of its development. */
function chartVersion({ form, defaults }: RenderOptions, { name }: IstioRelease): string {
  const isBuild = defaults?.tag !== undefined && !parseRelease(defaults.tag);
  return form === 'upstream' && isBuild ? DEVELOPMENT_CHART : name;
}

/** What is found while components are rendered. */
interface Notes {
  findings: Findings;
  reached: ReachedSettings[];
  overlayWork: WorkMeter;
  gatewaysSize: WorkMeter;
}

function renderComponents(
  tree: JsonObject,
  options: RenderOptions & { release: IstioRelease },
  notes: Notes,
): RenderedComponent[] {
  const { release } = options;
  const settings = {
    release,
    form: options.form,
    chartVersion: chartVersion(options, release),
    kubeVersion: options.kubeVersion ?? `v1.${release.version.oldestKubeMinor}.0`,
    ...(options.webhookEndpoint ? { webhookEndpoint: options.webhookEndpoint } : {}),
  };
  try {
    return computeChartContexts(tree, settings).map((target) => renderInstance(target, notes));
  } catch (error) {
    if (error instanceof TooMuchWork) return [];
    notes.findings.problems.push(asProblem(error));
    return [];
  }
}

function asProblem(error: unknown): Problem {
  if (!(error instanceof RenderError)) throw error;
  const path = error.path.startsWith('values.') ? `spec.${error.path}` : error.path;
  return { path, code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}

/** Charts see the values of their own component at the top: the problem is told where the user wrote the setting. */
function atItsPlace(problem: Problem, { instance, context }: InstanceContext): Problem {
  const [first = ''] = problem.path.replace('spec.values.', '').split(/[.[]/);
  const own = instance.traits.valuesPath;
  if (!problem.path.startsWith('spec.values.') || getAt(context.originalValues, [...own, first]) === undefined) {
    return problem;
  }
  return { ...problem, path: problem.path.replace('spec.values.', `spec.values.${own.join('.')}.`) };
}

function renderInstance(target: InstanceContext, notes: Notes): RenderedComponent {
  const { findings, reached } = notes;
  const { instance, context } = target;
  const { component, namespace, traits, settings } = instance;
  if (component === 'Pilot') {
    const { problems, warnings } = validateWithdrawnValues(context.values);
    findings.problems.push(...problems);
    findings.warnings.push(...warnings);
  }
  let objects: KubeObject[] = [];
  try {
    const charted = renderChart(target);
    objects = patchObjects(charted, target, findings, notes.overlayWork);
    if (context.form === 'sailwright') {
      if (traits.many) findings.problems.push(...findUnselectedPods(objects, instance.path));
      findings.warnings.push(...adviseDisruption(objects, instance.path));
      reached.push(...findReachedSettings({ charted, patched: objects }, target, RENDERERS[component]));
    }
  } catch (error) {
    findings.problems.push(atItsPlace(asProblem(error), target));
  }
  if (traits.many) checkGatewaysSize(objects, target, notes);
  const name = traits.many ? printed(settings['name']) : (traits.workload?.name ?? traits.key);
  return { component, instance: name, namespace, objects };
}

function renderChart({ context }: InstanceContext): KubeObject[] {
  const objects = RENDERERS[context.component](context);
  return context.form === 'sailwright' ? objects.map(withOwnInstance) : objects;
}

/** Ends the rendering when gateways, of which one resource may ask for any number, become too many or too large. */
function checkGatewaysSize(objects: readonly KubeObject[], { instance }: InstanceContext, notes: Notes): void {
  try {
    for (const object of objects) notes.gatewaysSize.spend(measureJson(object as JsonObject));
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
    const message = 'is where the gateways of this resource become too large to render together';
    notes.findings.problems.push({
      path: instance.path,
      code: 'RenderingTooLarge',
      message,
      hint: 'put the rest into another IstioOperator',
    });
    throw error;
  }
}
