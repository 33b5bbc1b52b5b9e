import { stringify } from 'yaml';
import type { JsonObject } from '../../src/core/kube-object.ts';

/** Where a template writes something into an object: a name in its place while it is an object, its text afterwards. */
interface Slot {
  /** The text for a whole line, given its indentation and what stands before the value (`key: ` or `- `). */
  write: (indent: string, before: string) => string;
}

/** A value of a map or a list; or a key, whose value is nothing, for lines that stand in a map. */
const PLACE = /^(\s*)((?:- )*(?:[^\s:"']+: )?)__SLOT_(\d+)__(?:: null)?$/;

/** Collects what a template writes, while objects are put together from those of config/. */
export class TemplateText {
  readonly #slots: Slot[] = [];

  /** One value, such as `.Values.replicas`. */
  value(expression: string): string {
    return this.#add((indent, before) => `${indent}${before}{{ ${expression} }}`);
  }

  /** Text, which may look like another type. */
  text(expression: string): string {
    return this.value(`${expression} | quote`);
  }

  /** A list or map as it is given; the key is left out when it is empty. */
  block(expression: string): string {
    return this.#add((indent, before) =>
      [
        `${indent}{{- with ${expression} }}`,
        `${indent}${before.trimEnd()}`,
        `${indent}  {{- toYaml . | nindent ${indent.length + 2} }}`,
        `${indent}{{- end }}`,
      ].join('\n'),
    );
  }

  /** Lines of a list or a map that are there under a condition, or once for each element (`range`). */
  lines(opening: string, lines: readonly string[]): string {
    return this.#add((indent) =>
      [`${indent}{{- ${opening} }}`, ...lines.map((line) => `${indent}${line}`), `${indent}{{- end }}`].join('\n'),
    );
  }

  #add(write: Slot['write']): string {
    return `__SLOT_${this.#slots.push({ write }) - 1}__`;
  }

  /** The YAML of an object with its slots filled. What looks like a template in it is text. */
  render(object: JsonObject): string {
    const yaml = stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
    const lines = yaml
      .trimEnd()
      .split('\n')
      .map((line) => this.#fill(line.replaceAll('{{', '{{ "{{" }}')));
    return `${lines.join('\n')}\n`;
  }

  #fill(line: string): string {
    const [, indent = '', before = '', index] = PLACE.exec(line) ?? [];
    if (index === undefined) return line;
    const slot = this.#slots[Number(index)];
    if (!slot) throw new Error(`no slot ${index}`);
    return slot.write(indent, before);
  }
}
