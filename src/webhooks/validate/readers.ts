import { findReaders } from '../../core/inject/find-readers.ts';
import { installedReleases, type ResourceReader } from '../../core/istio/readers.ts';
import type { IstioRelease } from '../../core/istio/release.ts';
import type { InjectionRegistry } from '../inject/injection-registry.ts';

/** Who reads Istio's resources. */
export interface Readers {
  /** The same list for as long as it says the same. */
  list(): readonly ResourceReader[];
  /** Calls back when the list may have become another one. Returns the unsubscription. */
  onChange(listener: () => void): () => void;
  /** What is installed, wherever it is read. */
  releases(): readonly IstioRelease[];
  /** Calls back when other releases may be installed: namespaces come and go without a word. */
  onRelease(listener: () => void): () => void;
}

const NOTHING = (): void => undefined;

/** Where no control plane is known, resources are judged by the usual release. */
export const NO_READERS: Readers = {
  list: () => [],
  onChange: () => NOTHING,
  releases: () => installedReleases([]),
  onRelease: () => NOTHING,
};

type Source = Pick<InjectionRegistry, 'listConfigMaps' | 'namespaces' | 'onChange'>;

/** The control planes that injection knows, so that no judgement reads the API. */
export class KnownReaders implements Readers {
  readonly #registry: Source;
  #readers: readonly ResourceReader[] = [];
  #isStale = true;

  constructor(registry: Source) {
    this.#registry = registry;
    this.onChange(() => (this.#isStale = true));
  }

  list(): readonly ResourceReader[] {
    if (!this.#isStale) return this.#readers;
    this.#isStale = false;
    const found = findReaders(this.#registry.listConfigMaps(), () => this.#registry.namespaces.list());
    if (JSON.stringify(found) !== JSON.stringify(this.#readers)) this.#readers = found;
    return this.#readers;
  }

  onChange(listener: () => void): () => void {
    const ends = [this.#registry.onChange(listener), this.#registry.namespaces.subscribe(listener)];
    return () => ends.forEach((end) => end());
  }

  releases(): readonly IstioRelease[] {
    return installedReleases(findReaders(this.#registry.listConfigMaps(), () => []));
  }

  onRelease(listener: () => void): () => void {
    return this.#registry.onChange(listener);
  }
}
