import { describe, expect, it } from 'vitest';
import { analyze, createInjector, inject, InputError, render, validate } from './core.ts';

const OPERATOR = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' };
const operator = (spec: object): object => ({ ...OPERATOR, spec });
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', creationTimestamp: new Date(0), labels: undefined },
  spec: { containers: [{ name: 'web', image: 'web:1' }] },
};
const virtualService = (spec: object): object => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'web', namespace: 'shop' },
  spec,
});

describe('render', () => {
  const rendered = (resource: object | readonly object[], options?: Parameters<typeof render>[1]) => {
    const result = render(resource, options);
    if (!result.ok) throw new InputError(result.problems);
    return result;
  };
  const istiod = (result: ReturnType<typeof rendered>) =>
    JSON.stringify(result.objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'istiod'));

  it('gives each object once, by component and in the order of applying', () => {
    const { objects, components } = rendered(operator({ profile: 'demo' }));
    expect(objects[0]?.kind).toBe('CustomResourceDefinition');
    expect(new Set(objects)).toEqual(new Set(components.flatMap((component) => component.objects)));
    expect(components.map(({ instance }) => instance)).toContain('istio-egressgateway');
  });

  it('takes options', () => {
    const of = (options: Parameters<typeof render>[1]): string => istiod(rendered(operator({}), options));
    expect(rendered(operator({}), { istioVersion: '1.30' }).istioVersion).toMatch(/^1\.30\./);
    expect(of({ defaultHub: 'example.com/mesh', defaultTag: '1.31.2' })).toContain('example.com/mesh/pilot:1.31.2');
    expect(of({ set: ['values.pilot.env.A_B=c'] })).toContain('"A_B"');
    expect(of({ form: 'upstream' })).not.toBe(of({}));
    const gateways = rendered(operator({ profile: 'demo' }), { profile: 'minimal' }).components;
    expect(gateways.filter(({ component }) => component.endsWith('Gateways'))).toEqual([]);
  });

  it('merges several resources, the last one strongest', () => {
    const { revision } = rendered([operator({ revision: 'a' }), operator({ revision: 'b' })]);
    expect(revision).toBe('b');
  });

  it('shares nothing with the caller', () => {
    const input = operator({ meshConfig: { accessLogFile: '/dev/stdout' } });
    const before = JSON.stringify(input);
    const first = rendered(input);
    const text = JSON.stringify(first.objects);
    wipe(first.objects);
    expect(JSON.stringify(rendered(input).objects) === text).toBe(true);
    expect(JSON.stringify(input)).toBe(before);
  });

  it('lists every problem, and renders nothing', () => {
    const result = render(operator({ profil: 'demo', hub: 5 }));
    expect(result).toEqual({
      ok: false,
      problems: [expect.objectContaining({ path: 'spec.hub' }), expect.objectContaining({ path: 'spec.profil' })],
      warnings: [],
    });
  });
});

describe('inject', () => {
  it('injects by the control plane that is given, and leaves the object as it was', () => {
    const before = structuredClone(POD);
    const istioOperator = operator({ revision: 'canary', values: { global: { proxy: { logLevel: 'trace' } } } });
    const { object, workloads } = inject(POD, { istioOperator });
    expect(JSON.stringify(object)).toContain('trace');
    expect(JSON.stringify(inject(POD).object)).not.toContain('trace');
    expect(workloads).toEqual([expect.objectContaining({ kind: 'Pod', name: 'web', outcome: 'injected' })]);
    expect(POD).toEqual(before);
  });

  it('tells of each workload of a list why it is as it is', () => {
    const bad = { ...POD, metadata: { name: 'bad', annotations: { 'status.sidecar.istio.io/port': 'x' } } };
    const alone = { ...POD, metadata: { name: 'alone' }, spec: { ...POD.spec, hostNetwork: true } };
    const { workloads } = createInjector().inject({ apiVersion: 'v1', kind: 'List', items: [POD, bad, alone] });
    expect(workloads.map(({ name, outcome, reason }) => [name, outcome, reason])).toEqual([
      ['web', 'injected', 'PolicyEnabled'],
      ['bad', 'denied', 'InvalidAnnotation'],
      ['alone', 'skipped', 'HostNetwork'],
    ]);
  });

  it('injects the next one alike, whatever becomes of the last', () => {
    const injector = createInjector();
    const { object } = injector.inject(POD);
    const text = JSON.stringify(object);
    wipe(object);
    expect(JSON.stringify(injector.inject(POD).object) === text).toBe(true);
  });

  it('gives a copy of what is no workload', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
    const result = inject(object);
    expect(result).toEqual({ object, workloads: [] });
    expect(result.object).not.toBe(object);
  });

  it.each([
    ['a wrong resource', operator({ profil: 'x' }), 'spec.profil'],
    ['one that installs no injector', operator({ components: { pilot: { enabled: false } } }), 'spec'],
  ])('refuses the control plane of %s', (_what, istioOperator, path) => {
    expect(problemsOf(() => createInjector({ istioOperator }))).toEqual([expect.objectContaining({ path })]);
  });
});

describe('validate', () => {
  it('tells errors and warnings apart', () => {
    const verdict = validate(virtualService({ hosts: ['web'], htp: [], http: [{ timeout: '1us' }] }));
    expect(verdict).toMatchObject({ kind: 'VirtualService', namespace: 'shop', name: 'web' });
    expect(verdict?.errors.map(({ path }) => path)).toContain('spec.http[0].timeout');
    const spread = { weight: 3, destination: { host: 'web' } };
    const odd = validate(virtualService({ hosts: ['web'], http: [{ route: [spread, spread] }] }));
    expect([odd?.errors, odd?.warnings.length]).toEqual([[], 1]);
  });

  it('judges IstioOperators, and by the release that is asked for', () => {
    expect(validate(operator({ profil: 'x' }))?.errors).toEqual([
      expect.objectContaining({ path: 'spec.profil', code: 'UnknownField' }),
    ]);
    expect(problemsOf(() => validate(operator({}), { istioVersion: '1.2' }))).toEqual([
      expect.objectContaining({ path: 'istioVersion', message: expect.stringContaining('not supported') as string }),
    ]);
  });

  it('puts objects without a namespace where the caller says', () => {
    const object = { ...virtualService({ hosts: ['web'] }), metadata: { name: 'web' } };
    expect([validate(object)?.namespace, validate(object, { namespace: 'shop' })?.namespace]).toEqual([
      'default',
      'shop',
    ]);
  });

  it('has no verdict on kinds of others', () => {
    expect(validate(POD)).toBeUndefined();
  });
});

describe('analyze', () => {
  const web = virtualService({ hosts: ['web'], http: [{ route: [{ destination: { host: 'wbe' } }] }] });
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ports: [{ name: 'http', port: 80 }] },
  };
  const codes = (...args: Parameters<typeof analyze>): string[] =>
    analyze(...args)
      .filter(({ level }) => level !== 'Info')
      .map(({ code, index }) => `${code} ${index}`);

  it('names the object by its place', () => {
    expect(codes([service, web])).toEqual(['IST0101 1']);
    expect(codes([{ apiVersion: 'v1', kind: 'Unknown' }, web, service])).toEqual(['IST0101 1']);
  });

  it('believes that something is missing where its kind is there, or where all is there', () => {
    expect(codes([web])).toEqual([]);
    expect(codes([web], { isWholeCluster: true })).toEqual(['IST0101 0']);
  });

  it('judges the last of an object that is given twice, and says so', () => {
    const mended = virtualService({ hosts: ['web'], http: [{ route: [{ destination: { host: 'web' } }] }] });
    const found = analyze([service, web, mended]);
    expect(found.map(({ code, index }) => [code, index])).toContainEqual(['SWT0007', 2]);
    expect(found.filter(({ code }) => code === 'IST0101')).toEqual([]);
  });

  it('judges a whole cluster by the control planes that read it', () => {
    // What 1.30 refuses and 1.31 takes.
    const sidecar = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'all', namespace: 'shop' },
      spec: { egress: [{ hosts: ['~shop/*', 'prod/*'] }] },
    };
    const istioOperator = (tag: string, spec: object = {}): object => ({
      ...OPERATOR,
      metadata: { name: `m${tag.replaceAll('.', '-')}`, namespace: 'istio-system' },
      spec: { tag, ...spec },
    });
    const installed = (release: string): object => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'istio-sidecar-injector',
        namespace: 'istio-system',
        labels: { 'app.kubernetes.io/version': release },
      },
    });
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { mesh: 'blue' } } };
    const texts = (objects: object[], options: Parameters<typeof analyze>[1] = { isWholeCluster: true }): string[] =>
      analyze([...objects, sidecar], options)
        .filter(({ code }) => code === 'IST0106')
        .map(({ message }) => /\(so Istio .*\)$/.exec(message)?.[0] ?? 'all');
    const old = istioOperator('1.30.4', { revision: 'old' });
    const green = { meshConfig: { discoverySelectors: [{ matchLabels: { mesh: 'green' } }] } };

    expect(texts([])).toEqual([]);
    expect(texts([istioOperator('1.30.4')])).toEqual(['all']);
    expect(texts([istioOperator('1.31.4'), old])).toEqual(['(so Istio 1.30)']);
    // Who does not look at the namespace, installs no istiod, or is of a minor that is not known, does not count.
    expect(texts([istioOperator('1.31.4'), istioOperator('1.30.4', { revision: 'old', ...green }), namespace])).toEqual(
      [],
    );
    expect(texts([istioOperator('1.31.4'), istioOperator('1.30.4', { profile: 'empty' })])).toEqual([]);
    expect(texts([istioOperator('1.29.1')])).toEqual([]);
    expect(texts([{ ...OPERATOR, metadata: { name: 'bad' }, spec: { tag: '1.30.4', values: 1 } }])).toEqual([]);
    // What is installed stands above what is asked for in its revision.
    expect(texts([istioOperator('1.31.4'), installed('1.30.8')])).toEqual(['all']);
    expect(texts([installed('1.31.4'), old])).toEqual(['(so Istio 1.30)']);
    // What the caller asks for stands above all; files alone are no cluster.
    expect(texts([old], { isWholeCluster: true, istioVersion: '1.31' })).toEqual([]);
    expect(texts([old], {})).toEqual([]);
  });

  it('reads the mesh configuration that is given', () => {
    const host = virtualService({
      hosts: ['x.example.com'],
      http: [{ route: [{ destination: { host: 'x.example.com' } }] }],
    });
    const meshConfig = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } };
    expect(codes([host], { isWholeCluster: true, meshConfig })).not.toEqual(codes([host], { isWholeCluster: true }));
  });
});

/** Empties a value as deep as it goes. */
function wipe(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.values(value).forEach(wipe);
  for (const key of Object.keys(value)) Reflect.deleteProperty(value, key);
}

function problemsOf(call: () => unknown): InputError['problems'] {
  try {
    call();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('what is no object', () => {
  const circle: { self?: object } = {};
  circle.self = circle;
  const calls: [string, (value: object) => unknown][] = [
    ['render', render],
    ['inject', inject],
    ['validate', validate],
    ['analyze', (value) => analyze([value])],
  ];
  const values: [string, unknown][] = [
    ['null', null],
    ['a number', 5],
    ['text', 'kind: Pod'],
    ['nothing', undefined],
    ['a circle', circle],
    ['an integer of any length', { spec: 1n }],
    ['a list of them', [5]],
  ];
  it.each(calls.flatMap(([name, call]) => values.map(([what, value]) => [name, what, call, value] as const)))(
    '%s says so of %s',
    (_name, _what, call, value) => {
      const [problem] = problemsOf(() => call(value as object));
      expect(problem?.message).toMatch(/must be an object of Kubernetes|cannot be written as JSON/);
    },
  );

  it('is no empty list of IstioOperators', () => {
    expect(problemsOf(() => render([]))).toEqual([
      { path: '', code: 'DecodingFailed', message: 'must be at least one IstioOperator' },
    ]);
  });

  it('carries all in its message', () => {
    expect(new InputError([{ path: 'a', code: 'C', message: 'is b', hint: 'do c' }]).message).toBe('a: is b (do c)');
  });
});
