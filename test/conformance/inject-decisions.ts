// The decision tables: one row is one call of a single rule.
import { DEFAULT_VERSION } from '../../src/core/istio/registry.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { STATUS_ANNOTATION, SYSTEM_NAMESPACES } from '../../src/api/istio-names.ts';
import { validateAnnotations } from '../../src/core/inject/annotations.ts';
import { withClusterEnvs } from '../../src/core/inject/cluster-env.ts';
import { compileInjectionConfig } from '../../src/core/inject/compile-injection-config.ts';
import { findProxy } from '../../src/core/inject/containers.ts';
import { decide } from '../../src/core/inject/decide.ts';
import { inject } from '../../src/core/inject/inject.ts';
import { envsOfPath } from '../../src/core/inject/inject-path.ts';
import type { InjectionConfig } from '../../src/core/inject/injection-config.ts';
import { compileNodes, detectNativeSidecar } from '../../src/core/inject/native-sidecar.ts';
import { appProbersText, areProbesRewritten, redirectProbes, withProbers } from '../../src/core/inject/probes.ts';
import { isPrometheusMerged, scrapeConfiguration } from '../../src/core/inject/prometheus.ts';
import { proxyConfigText } from '../../src/core/inject/proxy-config.ts';
import { imageSettings, proxyImage } from '../../src/core/inject/proxy-image.ts';
import { statusOf } from '../../src/core/inject/status-annotation.ts';
import { isQuantity } from '../../src/api/kubernetes/quantity.ts';

import type { Pod } from '../../src/core/inject/template-context.ts';
import type { Json, JsonObject } from '../../src/core/kube-object.ts';
import { appendMultusNetwork } from '../../src/core/inject/templates/multus-network.ts';
import { withoutNulls } from '../../src/core/inject/templates/injection-values.ts';
import { otelResourceAttributes } from '../../src/core/inject/templates/otel-resource-attributes.ts';
import { firstDifference, pruned } from './compare.ts';
import type { InjectionCase } from './inject.ts';

type Texts = Record<string, string>;
/** Computes the two sides of a row: what is wanted, and what we say. */
type Table<Row> = (row: Row) => [wanted: unknown, actual: unknown];

const STATUS_PORT = 15020;

/** Values and mesh of an ordinary installation, from the other part of the corpus. */
let installation: Pick<InjectionConfig, 'values'> = { values: {} };

const TABLES: Record<string, Table<never>> = {
  AppendMultusNetwork: (row: { in: string; want: string }) => [row.want, appendMultusNetwork(row.in, 'istio-cni')],
  OmitNil: (row: { in: Json; want: Json }) => [row.want, withoutNulls(row.in)],
  OtelResourceAttributes: (row: {
    mc: JsonObject;
    annotations: Texts | null;
    labels: Texts | null;
    namespace: string;
    containers: JsonObject[] | null;
    want: string;
  }) => {
    const pod = { annotations: row.annotations ?? {}, labels: row.labels ?? {}, namespace: row.namespace };
    return [row.want, otelResourceAttributes(row.mc, { ...pod, containers: row.containers ?? [] })];
  },
  CleanProxyConfig: ({ proxy, expect }: { proxy: JsonObject; expect: string }) => [expect, proxyConfigText(proxy)],
  DetectNativeSidecar: (row: {
    nodes: { status: { nodeInfo: { kubeletVersion: string } } }[];
    setup: Texts;
    want: boolean;
  }) => {
    const nodes = row.nodes.map(({ status }, i) => ({ name: `${i}`, kubeletVersion: status.nodeInfo.kubeletVersion }));
    return [row.want, detectNativeSidecar(row.setup['ENABLE_NATIVE_SIDECARS'] ?? 'auto', compileNodes(nodes), '')];
  },
  DumpAppGRPCProbers: ({ pod, expected }: { pod: Pod; expected: string }) => [
    JSON.parse(expected),
    JSON.parse(appProbersText(pod, STATUS_PORT)),
  ],
  EnablePrometheusAggregation: ({
    anno,
    mesh,
    want,
  }: {
    anno: Texts | null;
    mesh: JsonObject | null;
    want: boolean;
  }) => [want, isPrometheusMerged(mesh ?? {}, anno ?? {})],
  FindSidecar: ({ containers, want }: { containers: Pod; want: JsonObject | null }) => [
    want,
    findProxy(containers.spec) ?? null,
  ],
  GetPrometheusScrapeConfigurationMultiTarget: (row: {
    annotations: Texts;
    wantPath: string;
    wantPort: string;
    wantTargets: Json;
  }) => {
    const { path, port, targets } = scrapeConfiguration(row.annotations, DEFAULT_VERSION.traits);
    return [
      [row.wantPath, row.wantPort, row.wantTargets ?? []],
      [path, port, targets],
    ];
  },
  InjectRequired: (row: {
    config: Omit<InjectionConfig, 'values'>;
    meta: Pod['metadata'];
    podSpec: JsonObject;
    want: boolean;
  }) => {
    const config = compileInjectionConfig({ ...row.config, values: {} });
    return [row.want, decide({ metadata: row.meta, spec: row.podSpec }, row.meta.namespace ?? '', config).inject];
  },
  MergeOrAppendProbers: (row: { in: Json; perviouslyInjected: boolean; probers: string; want: Json }) => [
    row.want,
    withProbers({ env: row.in }, row.probers, row.perviouslyInjected)['env'],
  ],
  NativeSidecarAnnotationOverride: (row: { annotations: Texts; expectContainer: string; nativeSidecar: boolean }) => {
    const env = { ENABLE_NATIVE_SIDECARS: String(row.nativeSidecar) };
    const config = compileInjectionConfig({ ...installation, env });
    const pod: Pod = { metadata: { annotations: row.annotations }, spec: { containers: [{ name: 'app' }] } };
    const result = inject({ pod, namespace: 'default' }, config);
    const lists = result.outcome === 'injected' ? result.pod.spec : {};
    const place = ['containers', 'initContainers'].find((list) => findProxy({ containers: lists[list] }));
    return [row.expectContainer, place];
  },
  ParseInjectEnvs: (row: { in: string; want: Texts }) => [row.want, envsOfPath(row.in)],
  ParseStatus: ({ status, want }: { status: string; want: Record<string, { name: string }[]> }) => {
    const actual = statusOf({ metadata: { annotations: { [STATUS_ANNOTATION]: status } }, spec: {} });
    const names = (list: string): string[] => (want[list] ?? []).map(({ name }) => name);
    return [
      [names('containers'), names('initContainers')],
      [actual?.containers ?? [], actual?.initContainers ?? []],
    ];
  },
  PatchRewriteProbe: ({ pod, expected }: { pod: Pod; expected: JsonObject }) => [
    expected,
    redirectProbes(pod, STATUS_PORT),
  ],
  ProxyImage: (row: { v: JsonObject; pc: { imageType?: string } | null; ann: Texts | null; want: string }) => [
    row.want,
    proxyImage(imageSettings(row.v), row.pc?.imageType ?? '', row.ann ?? {}),
  ],
  ShouldRewriteAppHTTPProbers: (row: { annotations: Texts | null; specSetting: boolean; expected: boolean }) => [
    row.expected,
    areProbesRewritten(row.annotations ?? {}, row.specSetting),
  ],
  SkipUDPPorts: ({ c, ports }: { c: JsonObject; ports: string[] | null }) => {
    const text = 'metadata: {annotations: {ports: {{ applicationPorts .Spec.Containers | quote }} } }';
    const config = compileInjectionConfig({ ...installation, templates: { ports: text }, defaultTemplates: ['ports'] });
    const result = inject(
      { pod: { metadata: {}, spec: { containers: [{ ...c, name: 'app' }] } }, namespace: '' },
      config,
    );
    const annotations = result.outcome === 'injected' ? result.pod.metadata.annotations : {};
    return [(ports ?? []).join(','), annotations?.['ports']];
  },
  SystemNamespaces_Contains: ({ ns, expected }: { ns: string; expected: boolean }) => [
    expected,
    SYSTEM_NAMESPACES.includes(ns),
  ],
  ValidateAnnotations: ({ annotations, wantErr }: { annotations: Texts; wantErr: boolean }) => [
    wantErr,
    throws(() => validateAnnotations(annotations)),
  ],
  ValidateResourceQuantity: ({ value, wantErr }: { value: string; wantErr: boolean }) => [wantErr, !isQuantity(value)],
  updateClusterEnvs: ({ args, want }: { args: { container: JsonObject; newKVs: Texts }; want: JsonObject }) => [
    want,
    withClusterEnvs(args.container, args.newKVs),
  ],
};

function throws(run: () => void): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}

/** Every row of every table of `corpus/injection-decision`. */
export function decisionCases(folder: string): InjectionCase[] {
  const [first = '{}'] = readFileSync(`${folder}/../injection-extra.jsonl`, 'utf8').split('\n', 1);
  installation = { values: (JSON.parse(first) as { line: { values: JsonObject } }).line.values };
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .flatMap((file) => {
      const { rows } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { rows: never[] };
      const name = file.replace('.json', '');
      return rows.map((row, i) => ({ name: `${name} row ${i}`, difference: rowDifference(name, row) }));
    });
}

function rowDifference(name: string, row: never): string | undefined {
  const table = TABLES[name];
  if (!table) return `no table ${name}`;
  const [wanted, actual] = table(row);
  return firstDifference(pruned(wanted as Json), pruned(actual as Json));
}
