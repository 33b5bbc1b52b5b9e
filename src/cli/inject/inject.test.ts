import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { podOfDocument } from '../../core/inject/workload-pods.ts';
import type { JsonObject } from '../../core/kube-object.ts';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';

const folder = mkdtempSync(join(tmpdir(), 'sailwright-inject-'));
let out = '';
let err = '';

async function runInject(args: readonly string[]): Promise<number> {
  const ended = await runSailwright(['inject', ...args]);
  ({ out, err } = ended);
  return ended.code;
}

afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string, name = 'input.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const SPEC = 'spec: {containers: [{name: app, image: app}]}';
const TEMPLATE = `spec:\n  selector: {matchLabels: {app: a}}\n  template:\n    metadata: {labels: {app: a}}\n    ${SPEC}\n`;
const POD = `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n${SPEC}\n`;

const workload = (apiVersion: string, kind: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n${TEMPLATE}`;
const CRON_JOB =
  'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\n' + `spec: {jobTemplate: {spec: {template: {${SPEC}}}}}\n`;

function containersIn(document: JsonObject): string[] {
  if (Array.isArray(document['items'])) return (document['items'] as JsonObject[]).flatMap(containersIn);
  const spec = podOfDocument(document)?.spec as Record<string, { name: string }[]> | undefined;
  return (spec?.['containers'] ?? []).map(({ name }) => name);
}

describe('sailwright inject', () => {
  it.each<[string, string]>([
    ['Pod', POD],
    ['Deployment', workload('apps/v1', 'Deployment')],
    ['DaemonSet', workload('apps/v1', 'DaemonSet')],
    ['StatefulSet', workload('apps/v1', 'StatefulSet')],
    ['ReplicaSet', workload('apps/v1', 'ReplicaSet')],
    ['ReplicationController', workload('v1', 'ReplicationController')],
    ['Job', workload('batch/v1', 'Job')],
    ['CronJob', CRON_JOB],
    ['DeploymentConfig', workload('apps.openshift.io/v1', 'DeploymentConfig')],
    ['List', `apiVersion: v1\nkind: List\nitems:\n- ${POD.trimEnd().replaceAll('\n', '\n  ')}\n`],
    ['JSON', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: { containers: [{ name: 'app' }] } })],
  ])('injects a %s', async (_, text) => {
    expect(await runInject(['-f', file(text)])).toBe(0);
    const documents = parseAllDocuments(out, { version: '1.1' }).map((document) => document.toJS() as JsonObject);
    expect(documents.flatMap(containersIn)).toEqual(['app', 'istio-proxy']);
  });

  it('leaves every other byte as it is', async () => {
    const other = '# mine\nkind:   ConfigMap\napiVersion: v1\ndata: {"yes": \'on\'}   # odd\n---\n# nothing\n---\n';
    const skipped = POD.replace('spec: {', 'spec: {hostNetwork:   true, ');
    expect(await runInject(['-f', file(`${other}${skipped}`)])).toBe(0);
    expect(out).toBe(`${other}${skipped}`);
    expect(err).toMatch(/^note: .*document 3 \(Pod web\) is not injected: /);
  });

  it('prints nothing when one document is wrong, and names file, document, annotation and value', async () => {
    const bad = POD.replace('namespace: shop', 'annotations: {sidecar.istio.io/proxyCPU: lots}');
    const path = file(`${POD}---\n${bad}`);
    expect(await runInject(['-f', path])).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(`${path}: document 2 (Pod web): annotation sidecar.istio.io/proxyCPU has the value "lots"`);
  });

  it.each<[string, string[], number, string]>([
    ['no file', [], 2, '-f FILE'],
    ['an unknown option', ['--nope'], 2, '--nope'],
    ['a file that is not there', ['-f', '/does/not/exist'], 1, '/does/not/exist: cannot be read'],
    ['a pod without --explain', ['-f', 'x', 'web'], 2, 'web'],
    ['nothing to explain', ['--explain'], 2, 'needs a file'],
    ['a configuration for a pod that runs', ['--explain', 'web', '--config', 'x'], 2, '--config'],
  ])('refuses %s', async (_, args, code, message) => {
    expect(await runInject(args)).toBe(code);
    expect(err).toContain(message);
  });

  it('takes a configuration, and refuses one that is none', async () => {
    const mesh = '{defaultConfig: {interceptionMode: TPROXY}}';
    const config = file(`meshConfig: ${mesh}\nenv: {ENABLE_NATIVE_SIDECARS: "true"}\n`, 'config.yaml');
    expect(await runInject(['-f', file(POD), '--config', config])).toBe(0);
    expect(out).toContain('value: TPROXY');
    expect(out).toContain('restartPolicy: Always');
    expect(await runInject(['-f', file(POD), '--config', file('values: [1]\n', 'bad.yaml')])).toBe(1);
    expect(err).toContain('values: must be a map');
  });
});

const OPT_OUT = ', labels: {sidecar.istio.io/inject: "false"}';

interface Around {
  metadata?: string;
  job?: string;
  pod?: string;
}

function cronJob({ metadata = '', job: ofJob = '', pod = '' }: Around): string {
  const template = `{metadata: {name: a${pod}}, ${SPEC}}`;
  return `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a, namespace: shop${metadata}}\nspec: {jobTemplate: {metadata: {name: a${ofJob}}, spec: {template: ${template}}}}\n`;
}

function job({ metadata = '', pod = '' }: Around): string {
  return `apiVersion: batch/v1\nkind: Job\nmetadata: {name: a, namespace: shop${metadata}}\nspec: {template: {metadata: {name: a${pod}}, ${SPEC}}}\n`;
}

describe('sailwright inject --explain', () => {
  const namespace =
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n---\n';
  const labelled = POD.replace('namespace: shop', 'namespace: shop, labels: {sidecar.istio.io/inject: "false"}');

  it.each<[string, string, RegExp]>([
    ['a pod of a labelled namespace', namespace + POD, /^=> sidecar \(PolicyEnabled\)/m],
    ['a namespace without label', namespace.replace('enabled', 'off') + POD, /^=> no sidecar: .* Label the namespace/m],
    ['an opt-out', namespace + labelled, /^=> no sidecar \(LabelDisabled\)/m],
    ['a namespace that is not known', POD, /put the Namespace into the file[^]*=> sidecar if the API server asks/],
    [
      'a bad annotation',
      namespace + POD.replace('namespace: shop', 'namespace: shop, annotations: {sidecar.istio.io/proxyCPU: lots}'),
      /^=> refused \(InvalidAnnotation\): .*"lots"/m,
    ],
    [
      'a CronJob that opts out above its pods',
      namespace + cronJob({ metadata: OPT_OUT, job: OPT_OUT }),
      /note +metadata\.labels[^]*note +spec\.jobTemplate\.metadata\.labels[^]*write it to spec\.jobTemplate\.spec\.template\.metadata\.labels[^]*=> sidecar \(/,
    ],
    [
      'a CronJob whose pods opt out',
      namespace + cronJob({ pod: OPT_OUT }),
      /^CronJob shop\/a\n(?! +note)[^]*=> no sidecar \(LabelDisabled\)/m,
    ],
    [
      'a CronJob whose pods opt in, in a namespace without label',
      namespace.replace('istio-injection', 'team') + cronJob({ pod: OPT_OUT.replace('false', 'true') }),
      /=> sidecar \(LabelEnabled\)/,
    ],
    [
      'a Job that opts out above its pods',
      namespace + job({ metadata: OPT_OUT }),
      /metadata\.labels\[sidecar\.istio\.io\/inject\] does not reach the pods: write it to spec\.template\.metadata\.labels[^]*=> sidecar \(/,
    ],
    ['a Job whose pods opt out', namespace + job({ pod: OPT_OUT }), /=> no sidecar \(LabelDisabled\)/],
    [
      'a Deployment that opts out above its pods by annotation',
      namespace +
        job({ metadata: ', annotations: {sidecar.istio.io/inject: "false"}' })
          .replace('batch/v1', 'apps/v1')
          .replace('Job', 'Deployment'),
      /metadata\.annotations\[sidecar\.istio\.io\/inject\] does not reach[^]*=> sidecar \(/,
    ],
    ['no pod at all', 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\n', /no pod and no workload/],
  ])('%s', async (_, text, expected) => {
    expect(await runInject(['--explain', '-f', file(text)])).toBe(0);
    expect(out).toMatch(expected);
  });
});

describe('sailwright inject --explain reads the pods of', () => {
  const namespace =
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: enabled}}\n---\n';
  const optOut = '{sidecar.istio.io/inject: "false"}';
  const kinds: [apiVersion: string, kind: string][] = [
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'DaemonSet'],
    ['apps/v1', 'StatefulSet'],
    ['apps/v1', 'ReplicaSet'],
    ['v1', 'ReplicationController'],
    ['batch/v1', 'Job'],
    ['apps.openshift.io/v1', 'DeploymentConfig'],
  ];

  it.each(kinds)('%s %s: a label above the template does not count, one in it does', async (apiVersion, kind) => {
    const placed = workload(apiVersion, kind).replace('{name: a}', '{name: a, namespace: shop}');
    const above = placed.replace('namespace: shop}', `namespace: shop, labels: ${optOut}}`);
    expect(await runInject(['--explain', '-f', file(namespace + above)])).toBe(0);
    expect(out).toMatch(/note +metadata\.labels[^]*=> sidecar \(/);
    const within = placed.replace('labels: {app: a}}\n', `labels: {app: a, sidecar.istio.io/inject: "false"}}\n`);
    expect(await runInject(['--explain', '-f', file(namespace + within)])).toBe(0);
    expect(out).toMatch(/=> no sidecar \(LabelDisabled\)/);
  });
});
