import { ANALYSIS_REPORT, analysisReport } from '../../src/api/analysis/analysis-report.ts';
import { PROXY_ROLLOUT, proxyRolloutSpec, proxyRolloutStatus } from '../../src/api/rollout/proxy-rollout.ts';
import { TRAFFIC_SHIFT, trafficShiftSpec, trafficShiftStatus } from '../../src/api/shift/traffic-shift.ts';
import {
  MUTUAL_TLS_MIGRATION,
  mutualTlsMigrationSpec,
  mutualTlsMigrationStatus,
} from '../../src/api/mtls/mutual-tls-migration.ts';
import { ISTIO_OPERATOR } from '../../src/api/install/istio-operator-kind.ts';
import { istioOperatorSpec } from '../../src/api/install/istio-operator.ts';
import { istioOperatorStatus } from '../../src/api/install/istio-operator-status.ts';
import { ISTIO_KINDS, type IstioKind } from '../../src/api/istio-kinds.ts';
import { SPEC_SCHEMAS } from '../../src/api/istio-specs.ts';
import { istioStatus } from '../../src/api/meta/istio-status.ts';
import { comment, TypePrinter } from './type-printer.ts';

const FOLDER = 'src/fluent';

/** A class for one version of a kind. */
interface KindClass {
  name: string;
  group: string;
  version: string;
  kind: string;
  plural: string;
  description: string;
  /** Fields beside apiVersion, kind and metadata, as they are declared. */
  fields: readonly string[];
}

/** The modules of `sailwright/fluent` that are made from the schemas: path and text. */
export function fluentModules(): [path: string, text: string][] {
  return [
    [`${FOLDER}/istio.generated.ts`, istioModule()],
    [`${FOLDER}/istio-operator.generated.ts`, istioOperatorModule()],
    [`${FOLDER}/analysis-report.generated.ts`, analysisReportModule()],
    [`${FOLDER}/proxy-rollout.generated.ts`, proxyRolloutModule()],
    [`${FOLDER}/traffic-shift.generated.ts`, trafficShiftModule()],
    [`${FOLDER}/mutual-tls-migration.generated.ts`, mutualTlsMigrationModule()],
  ];
}

function istioModule(): string {
  const specs = Object.entries(SPEC_SCHEMAS).map(([kind, schema]) => [`${kind}Spec`, schema] as const);
  const types = new TypePrinter({ ...Object.fromEntries(specs), IstioStatus: istioStatus });
  return moduleText(ISTIO_KINDS.flatMap(classesOf), types);
}

/** One class for each served version; the newest has the name of the kind itself. */
function classesOf(istioKind: IstioKind): KindClass[] {
  const { group, kind, plural, versions, description, needsSpec } = istioKind;
  const newest = versions.includes('v1') ? 'v1' : [...versions].sort().at(-1);
  const fields = [`spec${needsSpec ? '' : '?'}: ${kind}Spec;`, 'status?: IstioStatus;'];
  return [...versions].sort().map((version) => {
    const name = version === newest ? kind : `${kind}${version.replace(/[a-z]+/g, capitalized)}`;
    return { name, group, version, kind, plural, description, fields };
  });
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function istioOperatorModule(): string {
  const types = new TypePrinter({ IstioOperatorSpec: istioOperatorSpec, IstioOperatorStatus: istioOperatorStatus });
  const { kind, group, version, plural } = ISTIO_OPERATOR;
  const description = 'An Istio control plane with its gateways, installed and kept as the spec says.';
  const fields = ['spec?: IstioOperatorSpec;', 'status?: IstioOperatorStatus;'];
  return moduleText([{ name: kind, kind, group, version, plural, description, fields }], types);
}

function analysisReportModule(): string {
  const { kind, group, version, plural } = ANALYSIS_REPORT;
  const types = new TypePrinter();
  const description = 'What analysis across resources found in one namespace. The operator writes it.';
  const fields = types.fieldsOf(kind, analysisReport);
  return moduleText([{ name: kind, kind, group, version, plural, description, fields }], types);
}

function proxyRolloutModule(): string {
  const types = new TypePrinter({ ProxyRolloutSpec: proxyRolloutSpec, ProxyRolloutStatus: proxyRolloutStatus });
  const { kind, group, version, plural } = PROXY_ROLLOUT;
  const description = 'Renews the proxies of workloads in waves with gates between them.';
  const fields = ['spec?: ProxyRolloutSpec;', 'status?: ProxyRolloutStatus;'];
  return moduleText([{ name: kind, kind, group, version, plural, description, fields }], types);
}

function trafficShiftModule(): string {
  const types = new TypePrinter({ TrafficShiftSpec: trafficShiftSpec, TrafficShiftStatus: trafficShiftStatus });
  const { kind, group, version, plural } = TRAFFIC_SHIFT;
  const description = 'Moves traffic from one destination of a route to another in steps with gates between them.';
  const fields = ['spec?: TrafficShiftSpec;', 'status?: TrafficShiftStatus;'];
  return moduleText([{ name: kind, kind, group, version, plural, description, fields }], types);
}

function mutualTlsMigrationModule(): string {
  const types = new TypePrinter({
    MutualTLSMigrationSpec: mutualTlsMigrationSpec,
    MutualTLSMigrationStatus: mutualTlsMigrationStatus,
  });
  const { kind, group, version, plural } = MUTUAL_TLS_MIGRATION;
  const description = 'Makes mutual TLS STRICT after it is known whom that would cut off.';
  const fields = ['spec?: MutualTLSMigrationSpec;', 'status?: MutualTLSMigrationStatus;'];
  return moduleText([{ name: kind, kind, group, version, plural, description, fields }], types);
}

function moduleText(classes: readonly KindClass[], types: TypePrinter): string {
  return [
    '// Generated by npm run generate from src/api. Do not edit.',
    "import type { models } from 'kubernetes-fluent-client';",
    "import { registerKind } from './register-kind.ts';",
    '',
    types.print(),
    ...classes.map(classText),
  ].join('\n');
}

function classText({ name, group, version, kind, plural, description, fields }: KindClass): string {
  const declared = ['apiVersion?: string;', 'kind?: string;', 'metadata?: models.V1ObjectMeta;', ...fields];
  return [
    ...comment([description, `Version \`${group}/${version}\`.`]),
    `export class ${name} {`,
    ...declared.map((field) => field.replace(/^(?!\/\*\*)/gm, 'declare ').replaceAll(/^/gm, '  ')),
    '}',
    `registerKind(${name}, { group: '${group}', version: '${version}', kind: '${kind}', plural: '${plural}' });`,
    '',
  ].join('\n');
}
