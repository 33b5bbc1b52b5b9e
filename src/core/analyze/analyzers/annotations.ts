import {
  INJECT_LABEL,
  INTERCEPTION_MODE_ANNOTATION,
  REVISION_LABEL,
  STATUS_ANNOTATION,
} from '../../../api/istio-names.ts';
import type { IstioVersion } from '../../istio/istio-version.ts';
import { minorOfLaterAnnotation } from '../../istio/registry.ts';
import { annotationFault } from '../../inject/annotations.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND, type Kind } from '../kinds.ts';
import type { PodSpecView } from '../kubernetes-views.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { releaseIn } from '../world.ts';
import { ISTIO_ANNOTATIONS } from './istio-annotations.ts';

const ANNOTATED: readonly Kind[] = [KIND.namespace, KIND.service, KIND.pod, KIND.deployment];

/** Written by Istio itself. */
const WRITTEN_BY_ISTIO = new Set([STATUS_ANNOTATION, 'gateway.istio.io/controller-version', REVISION_LABEL]);

/** Written by injection when there is no init container to tell it to. */
const WRITTEN_WITH_CNI = new Set([
  INTERCEPTION_MODE_ANNOTATION,
  'traffic.sidecar.istio.io/includeInboundPorts',
  'traffic.sidecar.istio.io/excludeInboundPorts',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
]);

function isOfIstio(annotation: string): boolean {
  if (annotation === 'kubernetes.io/ingress.class') return true;
  const slash = annotation.indexOf('/');
  return (slash < 0 ? annotation : annotation.slice(0, slash)).endsWith('istio.io');
}

function ofIstio(resource: Resource): [string, string][] {
  return Object.entries(resource.annotations).filter(([annotation]) => isOfIstio(annotation));
}

const pathOf = (annotation: string): string => `metadata.annotations[${annotation}]`;

function checkDeprecation(resource: Resource, annotation: string): Message[] {
  const replaced = annotation === INJECT_LABEL;
  // Who set the label too knows, and keeps the annotation for older versions.
  if (replaced && INJECT_LABEL in resource.labels) return [];
  const instead = replaced ? `: use the label ${INJECT_LABEL}` : '';
  return [message('IST0135', resource, `Annotation ${annotation} is deprecated${instead}.`, pathOf(annotation))];
}

function checkUse(
  resource: Resource,
  [annotation, value]: readonly [string, string],
  version: IstioVersion,
): Message[] {
  if (WRITTEN_BY_ISTIO.has(annotation)) return [];
  const facts = ISTIO_ANNOTATIONS.get(annotation);
  const since = minorOfLaterAnnotation(version, annotation);
  if (!facts || since !== undefined) {
    const later = since === undefined ? '' : ` ${version.minor}: it came with ${since}`;
    return [
      message('IST0108', resource, `Annotation ${annotation} is not one of Istio's${later}.`, pathOf(annotation)),
    ];
  }
  const messages = facts.deprecated ? checkDeprecation(resource, annotation) : [];
  const kind = resource.kind.slice(resource.kind.indexOf('/') + 1);
  if (facts.resources.includes('Any')) return messages;
  if (!facts.resources.some((allowed) => allowed === kind)) {
    const text = `Annotation ${annotation} has no effect on a ${kind}: it belongs on ${facts.resources.join(', ')}.`;
    return [...messages, message('IST0107', resource, text, pathOf(annotation))];
  }
  const fault = annotationFault(annotation, value);
  return fault ? [...messages, message('IST0125', resource, fault, pathOf(annotation))] : messages;
}

/** Annotations of Istio that are unknown, deprecated, misplaced or malformed. */
export const annotations: Analyzer = {
  name: 'annotations.K8sAnalyzer',
  inputs: ANNOTATED,
  analyze: (world) => {
    const { version } = releaseIn(world);
    return ANNOTATED.flatMap((kind) => world.list(kind)).flatMap((resource) =>
      ofIstio(resource).flatMap((annotation) => checkUse(resource, annotation, version)),
    );
  },
};

function withoutInitContainer(resource: Resource): boolean {
  if (resource.kind !== KIND.pod) return false;
  return !(specAs<PodSpecView>(resource).initContainers ?? []).some(({ name }) => name === 'istio-init');
}

/** Annotations that may change or go without notice. */
export const alphaAnnotations: Analyzer = {
  name: 'annotations.AlphaAnalyzer',
  inputs: ANNOTATED,
  analyze: (world) =>
    ANNOTATED.flatMap((kind) => world.list(kind)).flatMap((resource) => {
      const withCni = withoutInitContainer(resource);
      return ofIstio(resource)
        .filter(([annotation]) => ISTIO_ANNOTATIONS.get(annotation)?.alpha)
        .filter(([annotation]) => !WRITTEN_BY_ISTIO.has(annotation) && !(withCni && WRITTEN_WITH_CNI.has(annotation)))
        .map(([annotation]) =>
          message(
            'IST0136',
            resource,
            `Annotation ${annotation} is alpha: it may change or go in a later version.`,
            pathOf(annotation),
          ),
        );
    }),
};
