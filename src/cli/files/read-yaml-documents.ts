import { readPlainYaml } from '../../core/values/plain-yaml.ts';
import { parseYamlDocuments, type ParsedDocument, type YamlDocument } from './yaml-documents.ts';

/**
 * Reads YAML and JSON as Kubernetes' tools do: values at once, and places when the first is asked for. Apart from the
 * other reader, so that commands which read a small file and write YAML load one of the two.
 */
export function readYamlDocuments(text: string): YamlDocument[] {
  const plain = readPlainYaml(text);
  if (!plain) return parseYamlDocuments(text);
  let parsed: ParsedDocument[] | undefined;
  return plain.map(({ value, source }, index) => ({
    index,
    read: { ok: true, value },
    source,
    lineOf: (path) => (parsed ??= parseYamlDocuments(text))[index]?.lineOf(path) ?? 1,
  }));
}
