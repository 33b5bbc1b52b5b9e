import { USUAL_NAMESPACE } from '../api/istio-names.ts';
import { compareMessages } from '../core/analyze/analyze.ts';
import { analyzeFiles } from '../core/analyze/files/analyze-files.ts';
import { impliedByFiles } from '../core/analyze/files/implied-by-files.ts';
import { setAsideUnknown } from '../core/analyze/files/set-aside.ts';
import { KIND } from '../core/analyze/kinds.ts';
import { meshOfConfigMaps } from '../core/analyze/mesh-of-config-maps.ts';
import { levelOf, MESSAGE_TYPES, type Message } from '../core/analyze/messages.ts';
import type { Resource } from '../core/analyze/resource.ts';
import { meshResource, resourceOf } from '../core/analyze/world-from-objects.ts';
import type { JsonObject } from '../core/kube-object.ts';
import { readCertificate } from '../runtime/read-certificate.ts';
import { findReaders } from './find-readers.ts';
import { findRelease } from './find-release.ts';
import { plainObject } from './plain-object.ts';

/** What decides an analysis beside the objects. */
export interface AnalyzeOptions {
  /**
   * Minor or release of Istio that reads the objects. When left out, with the whole cluster: those of the control planes
   * that are installed or that IstioOperators ask for; else, and without any, the newest that is no preview.
   */
  istioVersion?: string;
  /** Where objects without a namespace belong; `default` when left out. */
  namespace?: string;
  /** Namespace of the control plane; `istio-system` when left out. */
  istioNamespace?: string;
  /** Mesh configuration; else that of ConfigMap `istio` among the objects. */
  meshConfig?: object;
  /** The objects are all that a cluster holds, so that what is not among them does not exist; false when left out. */
  isWholeCluster?: boolean;
  /** The time by which certificates are judged; the present one when left out. */
  now?: Date;
}

/** One thing that was found. */
export interface AnalysisFinding {
  /** Istio's own code, such as `IST0101`, or one of Sailwright's, such as `SWT0001`. */
  code: string;
  /** Name of the code, such as `ReferencedResourceNotFound`. */
  name: string;
  level: 'Error' | 'Warning' | 'Info';
  /** The object that is meant: its place in the list that was given. */
  index: number;
  kind: string;
  namespace: string;
  /** Name of the object. */
  resource: string;
  /** Field that is meant; empty for the whole object. */
  path: string;
  /** What is wrong and what to do. */
  message: string;
}

/**
 * Judges objects together, as `sailwright analyze` does with files: worst first. Of an object that is given twice, the
 * last is judged. @throws InputError for what is no object, and for a version that is not known.
 */
export function analyze(objects: readonly object[], options: AnalyzeOptions = {}): AnalysisFinding[] {
  const { istioVersion, namespace = 'default', now = new Date(), isWholeCluster = false } = options;
  const places = new Map<Resource, number>();
  const plain: JsonObject[] = [];
  for (const [index, object] of objects.entries()) {
    const file = `[${index}]`;
    const value = plainObject(object, file);
    plain.push(value);
    const resource = resourceOf({ value, origin: { file } }, namespace);
    if (resource) places.set(resource, index);
  }
  const files = [...places.keys()];
  const others = standsBeside(files, options);
  const surroundings = { release: findRelease(istioVersion), now: now.getTime(), readCertificate };
  // What was asked for stands above what is installed.
  const readers =
    isWholeCluster && istioVersion === undefined ? findReaders(plain, options.istioNamespace ?? USUAL_NAMESPACE) : [];
  const { messages, world } = analyzeFiles({ files, others, roots: [], surroundings, readers });
  const wanted = isWholeCluster ? messages : setAsideUnknown(messages, world);
  return wanted.sort(compareMessages).flatMap((found) => {
    const index = places.get(found.resource);
    return index === undefined ? [] : [describeFinding(found, index)];
  });
}

/** The mesh configuration, and what the objects imply where they are not all there is. */
function standsBeside(files: readonly Resource[], options: AnalyzeOptions): Resource[] {
  const { meshConfig, isWholeCluster, istioNamespace = USUAL_NAMESPACE } = options;
  const mesh = meshConfig ? [meshResource(KIND.meshConfig, plainObject(meshConfig, 'meshConfig'))] : [];
  if (!isWholeCluster) return [...mesh, ...impliedByFiles([...files, ...mesh], istioNamespace)];
  return meshConfig ? mesh : meshOfConfigMaps(files, istioNamespace);
}

function describeFinding({ code, resource, path, text }: Message, index: number): AnalysisFinding {
  const { kind, namespace, name } = resource;
  return {
    code,
    name: MESSAGE_TYPES[code].name,
    level: levelOf({ code }),
    index,
    kind: kind.slice(kind.indexOf('/') + 1),
    namespace,
    resource: name,
    path,
    message: text,
  };
}
