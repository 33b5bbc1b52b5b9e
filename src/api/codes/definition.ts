/** What the definition of a kind says, before Istio's own rules do. */
export const DEFINITION_CODES = {
  SchemaAlternatives: 'None, or more than one, of the alternatives of the definition fits.',
  SchemaDuplicate: 'Two entries of a list have the same key.',
  SchemaEnum: 'The value is none of the words of the definition.',
  SchemaFormat: 'The text does not have the format of the definition.',
  SchemaLength: 'The text is shorter or longer than the definition allows.',
  SchemaPattern: 'The text does not match the pattern of the definition.',
  SchemaRange: 'The number is outside of the range of the definition.',
  SchemaRequired: 'A field that the definition requires is missing.',
  SchemaRule: "A rule of the definition is broken; the message is the rule's.",
  SchemaSize: 'The list or map has fewer or more entries than the definition allows.',
  SchemaType: 'The value has another type than the definition says.',
} as const satisfies Readonly<Record<string, string>>;
