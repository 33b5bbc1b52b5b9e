import { isJsonObject, type JsonObject } from '../kube-object.ts';
import type { KnownForms } from './known-forms.ts';
import type { Pod } from './template-context.ts';
import { typedStruct, withOwnNames } from './typed-struct.ts';

/**
 * The pod in the form in which Kubernetes' own types write it: empty optional fields left out, `resources: {}` of
 * every container present, quantities canonical. Fields that a newer Kubernetes may know are kept. The argument is not
 * changed; what is already in that form is not copied, and what is `known` is not read again.
 * @throws InjectionError for a value of the wrong type, which names its field.
 */
export function typedPod(pod: Pod, known?: KnownForms): Pod {
  const named = withOwnNames(pod as unknown as JsonObject, 'Pod', 'pod');
  const metadata = typedStruct(named.metadata ?? {}, 'ObjectMeta', 'pod field metadata');
  const spec = typedStruct(named.spec ?? {}, 'PodSpec', 'pod field spec', known);
  const status = isJsonObject(named.status) ? typedStruct(named.status, 'PodStatus', 'pod field status') : named.status;
  if (metadata === named.metadata && spec === named.spec && status === named.status) return named as unknown as Pod;
  return { ...named, metadata, spec, ...(status === undefined ? {} : { status }) } as Pod;
}
