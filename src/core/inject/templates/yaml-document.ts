import { parseDocument, type ScalarTag } from 'yaml';
import type { Json } from '../../kube-object.ts';
import { resolveScalar } from './yaml-scalar.ts';

const ANY_TEXT = /[\s\S]*/;

/** Unquoted scalars take the value that Kubernetes' reader gives them. */
const plainScalar: ScalarTag = {
  tag: 'tag:kubernetes.io,2014:plain',
  default: true,
  test: ANY_TEXT,
  resolve: (text) => resolveScalar(text),
};

/**
 * Reads YAML as Kubernetes does: YAML 1.1 scalars, the last of two equal keys wins, aliases limited.
 * @throws Error with the line and the parser's message for text that is no YAML.
 */
export function readYaml(text: string): Json {
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    customTags: (tags) => [...tags, plainScalar],
    uniqueKeys: false,
    merge: true,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw new Error(`line ${line}: ${error.message.split('\n')[0]}`);
  }
  return document.toJS({ maxAliasCount: 100 }) as Json;
}
