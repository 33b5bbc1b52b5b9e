/**
 * Directories that hold the same object in variants, such as one for each cluster or environment: they are never
 * applied together, so what is in one of them must not be judged by what is in another.
 */
export class Alternatives {
  /** By directory, the names in it that stand for each other. */
  readonly #names = new Map<string, Set<string>>();

  /** Both files hold the same object. They are alternatives where their paths part at two directories below a root. */
  add(one: string, other: string, roots: readonly string[]): void {
    const [a, b] = [one.split('/'), other.split('/')];
    const at = a.findIndex((part, i) => part !== b[i]);
    // A file is no directory: two files beside each other are layers, of which the last counts.
    if (at < 0 || at >= a.length - 1 || at >= b.length - 1) return;
    const parent = a.slice(0, at).join('/');
    if (!roots.some((root) => root === '.' || isWithin(root, parent))) return;
    const names = this.#names.get(parent) ?? new Set();
    this.#names.set(parent, names.add(a[at] ?? '').add(b[at] ?? ''));
  }

  /** The innermost of these directories that holds the file; nothing when none does. */
  findBranch(file: string): string | undefined {
    const parts = file.split('/');
    for (let length = parts.length - 1; length > 0; length -= 1) {
      const parent = parts.slice(0, length - 1).join('/');
      if (this.#names.get(parent)?.has(parts[length - 1] ?? '')) return parts.slice(0, length).join('/');
    }
    return undefined;
  }

  /** Whether a file is in a directory that stands for one that the branch is in, or is. */
  excludes(branch: string, file: string): boolean {
    const [a, b] = [branch.split('/'), file.split('/')];
    const at = a.findIndex((part, i) => part !== b[i]);
    if (at < 0 || at >= b.length - 1) return false;
    const names = this.#names.get(a.slice(0, at).join('/'));
    return names !== undefined && names.has(a[at] ?? '') && names.has(b[at] ?? '');
  }
}

function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
