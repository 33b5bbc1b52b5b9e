/** What is said of any resource while it is read. */
export const READING_CODES = {
  DecodingFailed: 'The value cannot be read as what the field takes: another type, or none of its words.',
  FieldDeprecated: 'The field works and has a successor, which is named.',
  FieldTooNew: 'The field came with a later minor of Istio than the one that reads the resource.',
  FieldsExclusive: 'Of fields that exclude each other several are set.',
  KindUnknown: "The kind does not exist in its group, which is one of Istio's.",
  KindWithdrawn: 'Istio had the kind once, and no cluster serves it now.',
  NameInvalid: 'The name is none that an object can have.',
  NameMissing: 'The object has no name.',
  TooMuchWork: 'The resource holds too much to be judged or rendered in the time that there is.',
  TypeMismatch: 'A part of the metadata has another type than it must have.',
  UnknownField: 'The field does not exist.',
  VersionMissing: 'The group is named without a version.',
  VersionNotServed: 'The kind is not served in this version.',
  YamlInvalid: 'The text is no YAML that Kubernetes would read.',
} as const satisfies Readonly<Record<string, string>>;
