import type { IstioRelease } from '../../istio/release.ts';
import { measureJson } from '../../json-size.ts';
import type { WorkMeter } from '../../work-meter.ts';
import type { Kind } from '../kinds.ts';
import { mentionsOf } from '../mentions.ts';
import { fullName, type Resource } from '../resource.ts';
import type { Reference, Surroundings, World } from '../world.ts';

/** Stored resources are looked at again and again. */
const sizes = new WeakMap<Resource, number>();

function sizeOf(resource: Resource): number {
  const known = sizes.get(resource);
  if (known !== undefined) return known;
  const size = measureJson(resource.spec);
  sizes.set(resource, size);
  return size;
}

/** One resource, and what it takes to judge it. */
export interface JudgedSubject {
  subject: Resource;
  /** The release of Istio that reads it. */
  release: IstioRelease;
  /** The kinds that are judged. */
  judged: ReadonlySet<Kind>;
  meter: WorkMeter;
}

/**
 * A world as it would be with one resource stored. Of the kinds that are judged it lists that resource alone, so that
 * analyzers judge nothing else; whatever they look up, they find. Looking up is work, in proportion to what is found.
 */
export class SubjectWorld implements World {
  readonly surroundings: Surroundings;
  readonly #world: World;
  readonly #subject: Resource;
  readonly #judged: ReadonlySet<Kind>;
  readonly #mentions: ReadonlySet<string>;
  readonly #meter: WorkMeter;

  constructor(world: World, { subject, release, judged, meter }: JudgedSubject) {
    this.surroundings = { ...world.surroundings, release };
    this.#world = world;
    this.#subject = subject;
    this.#judged = judged;
    this.#meter = meter;
    this.#mentions = new Set(mentionsOf(subject));
  }

  list(kind: Kind): readonly Resource[] {
    if (kind === this.#subject.kind) return [this.#subject];
    return this.#judged.has(kind) ? [] : this.#world.list(kind);
  }

  listIn(kind: Kind, namespace: string): readonly Resource[] {
    return this.#replace(kind, this.#world.listIn(kind, namespace), namespace === this.#subject.namespace);
  }

  find(kind: Kind, reference: Reference): Resource | undefined {
    const found = this.#isSubject(kind, reference) ? this.#subject : this.#world.find(kind, reference);
    // It may be held against each host of the subject.
    this.#meter.spend(1 + (found ? sizeOf(found) * (1 + this.#mentions.size) : 0));
    return found;
  }

  listMentioning(kind: Kind, mention: string): readonly Resource[] {
    return this.#replace(kind, this.#world.listMentioning(kind, mention), this.#mentions.has(mention));
  }

  /** Without those of the subject: it is no news to it what it mentions itself. */
  wildcardsOver(kind: Kind, host: string): readonly string[] {
    return this.#world.wildcardsOver(kind, host);
  }

  overlapping(kind: Kind, host: string): readonly string[] {
    return this.#world.overlapping(kind, host);
  }

  /** The list without the stored resource, and with the subject where it belongs there. */
  #replace(kind: Kind, listed: readonly Resource[], belongs: boolean): readonly Resource[] {
    this.#meter.spend(1 + listed.reduce((sum, resource) => sum + sizeOf(resource), 0));
    if (kind !== this.#subject.kind) return listed;
    const others = listed.filter((resource) => !this.#isSubject(kind, resource));
    return belongs ? [...others, this.#subject] : others;
  }

  #isSubject(kind: Kind, reference: Reference): boolean {
    return kind === this.#subject.kind && fullName(reference) === fullName(this.#subject);
  }
}
