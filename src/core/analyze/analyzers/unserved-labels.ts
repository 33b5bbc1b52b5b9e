import { injectionWebhooksOf } from '../../inject/injection-webhooks.ts';
import { findUnservedLabels, type UnservedLabel } from '../../inject/unserved-labels.ts';
import type { KubeObject } from '../../kube-object.ts';
import { finish } from '../../pausable.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND, kindRefOf, type Kind } from '../kinds.ts';
import { message, missing, type Message, type Need } from '../messages.ts';
import { friendlyName, specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

/** Files that label a namespace seldom hold the control plane. */
const INJECTOR = { kind: KIND.mutatingWebhookConfiguration, isUsuallyElsewhere: true } as const;

function checkCluster(world: World, cluster: string | undefined): Message[] {
  const list = (kind: Kind): Resource[] => world.list(kind).filter(({ origin }) => origin.cluster === cluster);
  const resources = new Map<KubeObject, Resource>();
  const objectsOf = (kind: Kind): KubeObject[] =>
    list(kind).map((resource) => {
      const object = toObject(resource);
      resources.set(object, resource);
      return object;
    });
  const webhooks = list(KIND.mutatingWebhookConfiguration).flatMap((each) =>
    injectionWebhooksOf(specAs<KubeObject>(each)),
  );
  const input = { namespaces: objectsOf(KIND.namespace), pods: objectsOf(KIND.pod), webhooks };
  const found = finish(findUnservedLabels(input));
  return found.flatMap((each) => tell(each, resources.get(each.object)));
}

function toObject({ kind, name, namespace, labels, annotations, spec, status }: Resource): KubeObject {
  const metadata = { name, namespace, labels: { ...labels }, annotations: { ...annotations } };
  return { ...kindRefOf(kind), metadata, spec, ...(status ? { status } : {}) };
}

function tell({ label, reason }: UnservedLabel, resource: Resource | undefined): Message[] {
  if (!resource) return [];
  const who = `${friendlyName(resource)} asks by ${label} for an injector that is not there: new pods get no sidecar.`;
  const wayOut = 'Install that revision or a tag of that name, or change the label.';
  const defaultWayOut = 'Install the default revision or the tag default, or name a revision by istio.io/rev.';
  const text = `${who} ${reason === 'RevisionNotFound' ? wayOut : defaultWayOut}`;
  const need: Need = { ...INJECTOR, name: label };
  return [missing(message('SWT0010', resource, text, 'metadata.labels'), need)];
}

/** Labels of namespaces and pods that ask for a revision, a tag or a default which is not there. */
export const unservedLabels: Analyzer = {
  name: 'sailwright.UnservedLabelAnalyzer',
  inputs: [KIND.namespace, KIND.pod, KIND.mutatingWebhookConfiguration],
  analyze: (world) => {
    const clusters = new Set(world.list(KIND.namespace).map(({ origin }) => origin.cluster));
    return [...clusters].flatMap((cluster) => checkCluster(world, cluster));
  },
};
