import type { Json, JsonObject } from '../kube-object.ts';
import { madeOf } from '../lasting-values.ts';
import type { StructName } from './pod-types.ts';

/** Large enough that looking one up takes less than reading it again. */
const KEPT: ReadonlySet<StructName> = new Set(['Container', 'Volume']);

type MakeForm = (value: Json, name: StructName, known: KnownForms) => JsonObject;

/**
 * The typed forms of one injection's containers and volumes, which it asks for again after each merge. They are told
 * apart by identity: what they are made of is never changed.
 */
export class KnownForms {
  readonly #forms = new Map<Json, { name: StructName; form: JsonObject }>();

  /** The form that was made of this very object, else the one that `make` makes. */
  formOf(value: Json, name: StructName, make: MakeForm): JsonObject {
    const made = typeof value === 'object' && value !== null ? madeOf(value) : undefined;
    if (made) return (made.get(name) as JsonObject | undefined) ?? made.set(name, make(value, name, this));
    if (!KEPT.has(name)) return make(value, name, this);
    const known = this.#forms.get(value);
    // One object of a user's YAML may stand in places of several types.
    if (known?.name === name) return known.form;
    const form = make(value, name, this);
    this.#forms.set(value, { name, form });
    if (form !== value) this.#forms.set(form, { name, form });
    return form;
  }
}
