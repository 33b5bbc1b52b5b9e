// Options that mean the same in every command that has them. See also docs/reference/cli.md.
import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { choiceOption, filesOption, listOption, switchOption, textOption, type Option } from './option.ts';

/** How to reach the cluster. */
export const CLUSTER_OPTIONS = {
  kubeconfig: textOption({
    value: 'FILE',
    about: 'how to reach the cluster, in place of KUBECONFIG and ~/.kube/config',
  }),
  context: textOption({ value: 'NAME', about: 'context of the kubeconfig, in place of its current one' }),
};

/** Which namespace; what for, the command says. */
export function namespaceOption(about: string): Option<string | undefined> {
  return textOption({ short: 'n', value: 'NAMESPACE', about });
}

/** Where what is looked at is: in all namespaces unless one is named, which kubectl's users say. */
export function whereOptions(about: string): {
  namespace: Option<string | undefined>;
  allNamespaces: Option<boolean>;
} {
  return {
    namespace: namespaceOption(about),
    allNamespaces: switchOption({ short: 'A', about: 'all namespaces, as without -n' }),
  };
}

/** Which release of Istio is meant, in place of what the resource says. */
export const ISTIO_VERSION = textOption({
  value: 'VERSION',
  about:
    'minor or release of Istio, in place of what the resource says, what is installed, or the newest that is no preview',
});

/** IstioOperators from files; what they are read for, the command says. */
export function resourceFilesOption(what: string): ReturnType<typeof filesOption> {
  return filesOption({
    short: 'f',
    value: 'FILE',
    about: `IstioOperator to ${what}, one in each file; later ones go on top; "-" is standard input`,
  });
}

/** What goes on top of the files, or in place of them. */
export const RESOURCE_OPTIONS = {
  set: listOption({
    short: 's',
    value: 'PATH=VALUE',
    about: 'set one field below spec, such as values.global.hub=example.com/istio; may be repeated',
  }),
  profile: textOption({ value: 'NAME', about: 'profile to start from, in place of spec.profile' }),
  istioVersion: ISTIO_VERSION,
};

/** In which form results are printed. */
export const OUTPUT = choiceOption({
  short: 'o',
  value: 'FORMAT',
  about: 'how results are printed',
  choices: ['text', 'json', 'yaml'],
  standard: 'text',
});

/** Where the control plane is. */
export const ISTIO_NAMESPACE = textOption({
  value: 'NAMESPACE',
  about: 'where the control plane is',
  standard: USUAL_NAMESPACE,
});
