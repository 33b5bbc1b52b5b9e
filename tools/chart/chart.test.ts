// The chart as it is made, without Helm: test/integration/chart.test.ts has Helm render and install it.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readManifests } from '../release/read-manifests.ts';
import { chartValues } from './chart-values.ts';
import { renderChart } from './render-chart.ts';
import { TemplateText } from './template-text.ts';
import { listValues } from './values-files.ts';

const files = renderChart('1.2.3');
const templates = [...files].filter(([path]) => path.startsWith('templates/')).map(([, text]) => text);
const used = new Set(templates.join('\n').match(/(?<=\.Values\.)[\w.]+/g));

describe('the chart', () => {
  it('has a template for every object of config/default but the namespace', () => {
    const missing = readManifests('default')
      .map(({ object }) => object)
      .filter(({ kind }) => kind !== 'Namespace')
      .filter(
        ({ kind, metadata }) =>
          !templates.some((text) => text.includes(`kind: ${kind}\n`) && text.includes(`\n  name: ${metadata.name}\n`)),
      );
    expect(missing.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  });

  it('names no namespace but that of the release', () => {
    expect(templates.filter((text) => text.includes('sailwright-system'))).toEqual([]);
  });

  it('uses every value, and no other', () => {
    const paths = listValues().map(({ path }) => path);
    const isUsed = (path: string): boolean => [...used].some((name) => name === path || path.startsWith(`${name}.`));
    expect(paths.filter((path) => !isUsed(path))).toEqual([]);
    expect([...used].filter((name) => !paths.some((path) => path === name || path.startsWith(`${name}.`)))).toEqual([]);
  });

  it('tells what each value is for', () => {
    const silent = listValues().filter(
      ({ path, description }) => description === '' && !/enabled$|pullPolicy$/.test(path),
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('has the defaults of its schema, with the image that it was made for', () => {
    const values: unknown = parse(renderChart('1.2.3', 'reg.example/sw').get('values.yaml') ?? '');
    expect(values).toEqual(chartValues.parse({ image: { repository: 'reg.example/sw' } }));
  });
});

describe('a template', () => {
  it('writes what stands in an object, and takes braces of its own for text', () => {
    const text = new TemplateText();
    const yaml = text.render({
      kind: 'K',
      count: text.value('.Values.n'),
      map: { [text.lines('if .Values.a', ['a: b'])]: null, more: text.block('.Values.m') },
      list: ['x {{ y }}', text.lines('range .Values.l', ['- {{ . }}'])],
    });
    expect(yaml).toBe(
      [
        'kind: K',
        'count: {{ .Values.n }}',
        'map:',
        '  {{- if .Values.a }}',
        '  a: b',
        '  {{- end }}',
        '  {{- with .Values.m }}',
        '  more:',
        '    {{- toYaml . | nindent 4 }}',
        '  {{- end }}',
        'list:',
        '  - x {{ "{{" }} y }}',
        '  {{- range .Values.l }}',
        '  - {{ . }}',
        '  {{- end }}',
        '',
      ].join('\n'),
    );
  });
});
