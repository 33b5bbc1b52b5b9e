import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseYamlObjects } from '../values/yaml-input.ts';
import { keepText, toManifestText } from './manifest-text.ts';
import type { KubeObject } from '../kube-object.ts';

const wrap = (data: unknown): KubeObject => ({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, data });

describe('toManifestText', () => {
  it.each([
    'yes',
    'n',
    '1',
    '1e3',
    '0x1f',
    '1:30',
    '',
    ' x',
    'x ',
    'a: b',
    'a #b',
    '- a',
    '*x',
    '2024-01-01',
    'a\nb',
    'a\n\n',
    '\n',
    '\na',
    ' a\nb',
    'a\tb',
    'a:',
    '~',
    '<<',
    '=',
    'a\r\nb',
    '\ud83d',
  ])('keeps the text %j', (text) => {
    const printed = toManifestText([wrap({ [text]: text, list: [text, [text]] })]);
    expect(parseYamlObjects(printed, [])).toEqual([wrap({ [text]: text, list: [text, [text]] })]);
  });

  it('sorts keys and separates documents', () => {
    expect(toManifestText([wrap(1), wrap(2)])).toBe(
      'apiVersion: v1\ndata: 1\nkind: X\nmetadata:\n  name: x\n---\napiVersion: v1\ndata: 2\nkind: X\nmetadata:\n  name: x\n',
    );
    expect(toManifestText([])).toBe('');
  });

  it('does not read a frozen tree whose text somebody has, where it stands as deep', () => {
    let reads = 0;
    const frozen = Object.freeze({
      get a(): number {
        reads += 1;
        return 1;
      },
    });
    keepText(frozen, () => ({ depth: 2, text: '    a: kept' }));
    const head = 'apiVersion: v1\ndata:\n';
    expect(toManifestText([wrap({ b: frozen })])).toContain(`${head}  b:\n    a: kept\n`);
    expect(toManifestText([wrap([{ b: 1 }, [frozen]])])).toContain(`${head}- b: 1\n-\n  - a: kept\n`);
    expect(reads).toBe(0);
    expect(toManifestText([wrap(frozen)])).toContain(`${head}  a: 1\n`);
    expect(toManifestText([wrap(Object.freeze({ b: undefined }))])).toContain('data: {}\n');
  });

  it('is read back as it was, by readers of either YAML version', () => {
    const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 });
    fc.assert(
      fc.property(json, (data) => {
        const object = JSON.parse(JSON.stringify(wrap(data))) as KubeObject;
        const text = toManifestText([object]);
        expect(parse(text)).toEqual(object);
        expect(parseYamlObjects(text, [])).toEqual([object]);
      }),
    );
  });
});
