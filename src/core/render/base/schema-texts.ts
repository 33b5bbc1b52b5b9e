import { readIstioDefinitions } from '../../istio-definitions.generated.ts';
import type { JsonObject } from '../../kube-object.ts';
import { toMapText, type PlacedText } from '../manifest-text.ts';

/** Where a schema stands in its definition: in an item of a list in `spec`. */
const DEPTH = 3;

/** The text of each schema of Istio's definitions, by group and kind. In the built program it stands ready. */
export function makeSchemaTexts(): Readonly<Record<string, PlacedText>> {
  const texts = Object.entries(readIstioDefinitions()).map(([name, { schema }]) => {
    return [name, { depth: DEPTH, text: toMapText(JSON.parse(schema) as JsonObject, DEPTH) }] as const;
  });
  return Object.fromEntries(texts);
}
