import { describe, expect, it } from 'vitest';
import { templateContext } from '../../../../test/builders/template-context.ts';
import type { JsonObject } from '../../kube-object.ts';
import { InjectionError } from '../template-context.ts';
import { DEFAULT_VERSION } from '../../istio/registry.ts';
import { injectionTemplates } from './index.ts';

const { traits } = DEFAULT_VERSION;

/** Text that means something else where YAML reads it, or breaks the document. */
const HOSTILE = ['123', 'true', '~', '', 'a: b', '"', "it's", '\\', '#', '{a', '[', 'x\ny: z', ' spaced ', '\u0001'];

/** All texts that a template made for a pod with an annotation. */
function textsFor(template: string, annotation: string, text: string, quotesAnnotations: boolean): string[] {
  const annotations = { [`sidecar.istio.io/${annotation}`]: text };
  const output = injectionTemplates(traits)[template]?.(
    templateContext({ annotations, context: { traits: { ...traits, quotesAnnotations } } }),
  );
  return annotation === 'bootstrapOverride' ? [bootstrapIn(output?.spec)] : textsIn(output?.spec);
}

function bootstrapIn(spec: JsonObject | undefined): string {
  const volumes = spec?.volumes as JsonObject[];
  const volume = volumes.find(({ name }) => name === 'custom-bootstrap-volume');
  return (volume?.configMap as JsonObject).name as string;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Where each template puts the text of each annotation. */
const SINKS: [template: string, annotation: string, sink: (text: string) => string, count: number][] = [
  ['sidecar', 'logLevel', (text) => `--proxyLogLevel=${text}`, 1],
  ['sidecar', 'componentLogLevel', (text) => `--proxyComponentLogLevel=${text}`, 1],
  // The init container logs too.
  ['sidecar', 'agentLogLevel', (text) => `--log_output_level=${text}`, 2],
  ['sidecar', 'bootstrapOverride', (text) => text, 1],
  ['sidecar', 'proxyImage', (text) => `hub/${text}`, 2],
  ['gateway', 'logLevel', (text) => `--proxyLogLevel=${text}`, 1],
  ['gateway', 'componentLogLevel', (text) => `--proxyComponentLogLevel=${text}`, 1],
  ['gateway', 'agentLogLevel', (text) => `--log_output_level=${text}`, 1],
  ['gateway', 'bootstrapOverride', (text) => text, 1],
  ['gateway', 'proxyImage', (text) => `hub/${text}`, 1],
  ['grpc-agent', 'logLevel', (text) => `--proxyLogLevel=${text}`, 1],
  ['grpc-agent', 'componentLogLevel', (text) => `--proxyComponentLogLevel=${text}`, 1],
  ['grpc-agent', 'agentLogLevel', (text) => `--log_output_level=${text}`, 1],
  ['grpc-agent', 'bootstrapOverride', (text) => text, 1],
  ['grpc-agent', 'proxyImage', (text) => `hub/${text}`, 1],
];

describe('since 1.31.1 the text of an annotation means itself', () => {
  it.each(SINKS)('%s: %s', (template, annotation, sink, count) => {
    for (const text of HOSTILE) {
      const given = annotation === 'proxyImage' ? sink(text) : text;
      const sunk = textsFor(template, annotation, given, true).filter((found) => found === sink(text));
      expect([text, sunk.length]).toEqual([text, count]);
    }
  });
});

describe('before, YAML read it', () => {
  it.each(['sidecar', 'gateway', 'grpc-agent'])('%s: a bootstrapOverride of digits is a number', (template) => {
    expect(() => textsFor(template, 'bootstrapOverride', '123', false)).toThrow(InjectionError);
  });

  it.each(['sidecar', 'gateway', 'grpc-agent'])('%s: what follows a space and # is a comment', (template) => {
    expect(textsFor(template, 'logLevel', 'debug # x', false)).toContain('--proxyLogLevel=debug');
    expect(textsFor(template, 'logLevel', 'debug # x', true)).toContain('--proxyLogLevel=debug # x');
  });
});
