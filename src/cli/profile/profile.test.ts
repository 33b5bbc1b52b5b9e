import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';
import { ISTIO_VERSIONS } from '../../core/istio/registry.ts';
import type { JsonObject } from '../../core/kube-object.ts';
import { render } from '../../core/render/render.ts';

const PROFILES = ISTIO_VERSIONS.flatMap(({ minor, profiles }) =>
  Object.keys(profiles).map((profile) => [profile, minor] as const),
);

function objectsOf(document: JsonObject, istioVersion: string): unknown {
  const result = render({ documents: [document] }, { form: 'sailwright', defaults: {}, istioVersion });
  return result.ok ? result.value.components : result.problems;
}

const naming = (profile: string): JsonObject => ({
  apiVersion: 'install.istio.io/v1alpha1',
  kind: 'IstioOperator',
  metadata: { name: 'istio', namespace: 'istio-system' },
  spec: { profile },
});

describe('profile dump', () => {
  it.each(PROFILES)('of %s in %s renders what naming it renders', async (profile, minor) => {
    const { code, out, err } = await runSailwright(['profile', 'dump', profile, '--istio-version', minor]);
    expect([code, err]).toEqual([0, '']);
    expect(objectsOf(parse(out) as JsonObject, minor)).toEqual(objectsOf(naming(profile), minor));
  });

  it('is of the default profile unless one is named, and JSON on demand', async () => {
    const [unnamed, named] = [
      await runSailwright(['profile', 'dump', '-o', 'json']),
      await runSailwright(['profile', 'dump', 'default', '-o', 'json']),
    ];
    expect(unnamed).toEqual(named);
    expect(JSON.parse(unnamed.out)).toMatchObject({ kind: 'IstioOperator', spec: { profile: 'default' } });
  });

  it('takes the images from the environment', async () => {
    const { out } = await runSailwright(['profile', 'dump'], { SAILWRIGHT_DEFAULT_HUB: 'registry.example/mesh' });
    expect(out).toContain('hub: registry.example/mesh');
  });
});

describe('profile list', () => {
  it('says what each installs', async () => {
    const { code, out } = await runSailwright(['profile', 'list']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ambient +base, pilot, cni, ztunnel$/m);
    expect(out).toMatch(/^default +base, pilot, istio-ingressgateway$/m);
    expect(out).toMatch(/^empty$/m);
  });

  it('is JSON on demand', async () => {
    const { out } = await runSailwright(['profile', 'list', '-o', 'json']);
    expect(JSON.parse(out)).toContainEqual({ profile: 'minimal', components: ['base', 'pilot'] });
  });
});

describe('profile diff', () => {
  it('tells what differs, as a unified diff', async () => {
    const { code, out } = await runSailwright(['profile', 'diff', 'default', 'minimal']);
    expect(code).toBe(1);
    expect(out).toMatch(/^--- default\n\+\+\+ minimal\n@@ /);
    expect(out).toContain('-    - enabled: true\n+    - enabled: false');
    expect(out).not.toContain('\u001b');
  });

  it('is silent where nothing differs', async () => {
    expect(await runSailwright(['profile', 'diff', 'demo', 'demo'])).toEqual({ code: 0, out: '', err: '' });
  });
});

it.each([
  [['dump', 'dafault'], 'there is no profile "dafault" (did you mean default?)'],
  [['dump', 'somewhat-else'], 'known profiles: ambient, '],
  [['dump', 'demo', 'empty'], 'too many arguments'],
  [['diff', 'demo'], 'two profiles are needed; there are 1'],
  [['list', '--istio-version', '1.2'], '1.2'],
])('profile %j is refused', async (args, message) => {
  const { code, out, err } = await runSailwright(['profile', ...args]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});
