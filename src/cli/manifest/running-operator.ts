import { errorText } from '../../core/error-text.ts';
import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { WebhookEndpoint } from '../../core/operator-endpoint.ts';
import { endpointIn, INJECTOR_KIND, WEBHOOK_KINDS } from '../../core/webhook-configuration.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { readImageDefaults, type ImageDefaults } from '../../operator/image-defaults.ts';
import type { OperatorOptions } from '../../operator/operator-options.ts';
import { bundleOf, readCertificateSecret } from '../../webhooks/certificates/certificate-secret.ts';
import { CERTIFICATE_SECRET } from '../../webhooks/certificates/secret-certificates.ts';
import { RUN } from '../run/command.ts';
import { operatorOptionsOf } from '../run/operator-options.ts';
import { parsePlainly } from '../shell/parse-plainly.ts';
import { UsageError } from '../shell/usage-error.ts';

const OPERATOR = { apiVersion: 'apps/v1', kind: 'Deployment' };
const OPERATOR_SELECTOR = 'app.kubernetes.io/name=sailwright';

/** What of the operator in the cluster decides about what it does with a resource. */
export interface RunningOperator {
  endpoint: WebhookEndpoint;
  settings: Pick<OperatorOptions, 'controlPlaneNamespaces' | 'allowsPrivilegedSettings'> & {
    operatorNamespace: string;
  };
  imageDefaults: ImageDefaults;
  /** Base64 of PEM, that its webhook configurations carry; undefined when it keeps none, or cannot be asked. */
  caBundle: string | undefined;
  /** What could not be found out. */
  warnings: string[];
}

/**
 * Finds the operator by the webhook configurations that call it, and its settings by its Deployment. Where there is none
 * yet, or it runs outside of the cluster, what is usual counts, with the image defaults given here.
 */
export async function fetchRunningOperator(api: KubeApi, defaults: ImageDefaults): Promise<RunningOperator> {
  const warnings: string[] = [];
  const attempt = async <T>(what: string, read: () => Promise<T | undefined>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      warnings.push(`${what} of the operator could not be read, so that others may hold: ${errorText(error)}`);
      return undefined;
    }
  };
  const endpoint = (await attempt('the webhooks', () => fetchEndpoint(api))) ?? {};
  const standard = optionsOf({ args: ['run'], env: {} });
  const { namespace = standard.namespace } = endpoint;
  const found = await attempt('the settings', async () => {
    const start = await fetchStart(api, namespace);
    return start && { options: optionsOf(start), imageDefaults: readImageDefaults(start.env) };
  });
  const { options, imageDefaults } = found ?? { options: standard, imageDefaults: defaults };
  const { controlPlaneNamespaces, allowsPrivilegedSettings } = options;
  const caBundle = await attempt('the CA bundle', () => fetchBundle(api, namespace));
  const settings = { controlPlaneNamespaces, allowsPrivilegedSettings, operatorNamespace: namespace };
  return { endpoint, settings, imageDefaults, caBundle, warnings };
}

async function fetchEndpoint(api: KubeApi): Promise<WebhookEndpoint | undefined> {
  const lists = await Promise.all(WEBHOOK_KINDS.map((kind) => api.list({ ...INJECTOR_KIND, kind })));
  return endpointIn(lists.flatMap(({ items }) => items));
}

/** How a process of the operator is started. */
interface Start {
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** @throws UsageError */
function optionsOf({ args, env }: Start): OperatorOptions {
  const parsed = parsePlainly(RUN, args.slice(1));
  if (!parsed || !('flags' in parsed)) throw new UsageError(`this version does not know all of ${args.join(' ')}`);
  return operatorOptionsOf(parsed.flags as Parameters<typeof operatorOptionsOf>[0], env);
}

async function fetchStart(api: KubeApi, namespace: string): Promise<Start | undefined> {
  const { items } = await api.list(OPERATOR, { namespace, labelSelector: OPERATOR_SELECTOR });
  const containers = items.flatMap(containersOf);
  return containers.find(({ args: [word] }) => word === 'run');
}

function containersOf({ spec }: KubeObject): Start[] {
  const { template } = (spec ?? {}) as { template?: { spec?: { containers?: unknown } } };
  const { containers } = template?.spec ?? {};
  if (!Array.isArray(containers)) return [];
  return containers.filter(isJsonObject).map(({ args, env }) => ({ args: listOf(args).map(String), env: envOf(env) }));
}

function envOf(env: unknown): NodeJS.ProcessEnv {
  const named = listOf(env)
    .filter(isJsonObject)
    .flatMap(({ name, value }) => (typeof name === 'string' && typeof value === 'string' ? [[name, value]] : []));
  return Object.fromEntries(named) as NodeJS.ProcessEnv;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

async function fetchBundle(api: KubeApi, namespace: string): Promise<string | undefined> {
  const secret = await api.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: CERTIFICATE_SECRET });
  const bundle = secret && bundleOf(readCertificateSecret(secret));
  return bundle ? Buffer.from(bundle, 'utf8').toString('base64') : undefined;
}
