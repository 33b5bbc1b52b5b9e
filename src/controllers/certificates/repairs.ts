import { objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import { describeContest, type Change } from '../../core/plan/contention.ts';
import { displayPath, findManagers, type FieldPath } from '../../core/plan/field-ownership.ts';
import { entriesOf } from '../../core/webhook-configuration.ts';
import { Contests, type ContestedField } from '../contests.ts';
import type { Operation } from './plan-configuration.ts';

/** What is about to be written to a webhook configuration, by one of our managers. */
export interface Write {
  configuration: KubeObject;
  operations: readonly Operation[];
  fieldManager: string;
}

const ADVICE =
  'stop that; who wants another failure policy gives the configuration the annotation sailwright.dev/failure-policy: fixed';

/**
 * Tells the repairs of webhook configurations from first writes, and makes those wait that others undo again and again.
 * A repair writes once more what was written before to the same entry.
 */
export class WebhookRepairs {
  readonly #contests: Contests;
  /** By configuration and manager: what was written last, by path. */
  readonly #written = new Map<string, { uid: unknown; values: Map<string, string> }>();

  constructor(now: () => number) {
    this.#contests = new Contests(now);
  }

  /** How long the write has to wait; 0 for not at all. */
  waitOf(write: Write): number {
    return this.#contests.waitOf(keyOf(write), this.#changeOf(write));
  }

  /** The write was carried out. */
  note(write: Write): void {
    const { configuration } = write;
    const key = keyOf(write);
    this.#contests.note(key, refOf(configuration), this.#changeOf(write));
    const { uid } = configuration.metadata;
    const known = this.#written.get(key);
    const values = known && known.uid === uid ? known.values : new Map<string, string>();
    for (const { field, value } of fieldsOf(write)) values.set(displayPath(field), value);
    this.#written.set(key, { uid, values });
  }

  /** What others undo in the configuration, in sentences; empty for nothing. */
  describe(configuration: KubeObject): string {
    const key = objectKey(refOf(configuration));
    return [...this.#contests.open.values()]
      .filter(({ ref }) => objectKey(ref) === key)
      .map((contest) => describeContest(contest, ADVICE))
      .join('; ');
  }

  list(): ContestedField[] {
    return this.#contests.list();
  }

  /** Drops what is kept of a configuration that does not call us any more. */
  forget(kind: string, name: string): void {
    for (const key of this.#written.keys()) if (key.startsWith(`${kind}/${name} `)) this.#written.delete(key);
  }

  #changeOf(write: Write): Change | undefined {
    const { configuration, fieldManager } = write;
    const known = this.#written.get(keyOf(write));
    if (!known || known.uid !== configuration.metadata['uid']) return undefined;
    const undone = fieldsOf(write).filter(({ field, value }) => known.values.get(displayPath(field)) === value);
    if (undone.length === 0) return undefined;
    const paths = undone.map(({ field }) => field);
    return { fields: paths.map(displayPath), managers: findManagers(configuration, paths, fieldManager) };
  }
}

function keyOf({ configuration: { kind, metadata }, fieldManager }: Write): string {
  return `${kind}/${metadata.name} ${fieldManager}`;
}

/** The fields that a patch sets, with JSON, named by entry as the API server does: an index is another's the next time. */
function fieldsOf({ configuration, operations }: Write): { field: FieldPath; value: string }[] {
  const names = entriesOf(configuration).map(({ name }) => name);
  return operations.flatMap(({ op, path, value }) => {
    const [, list, index, ...rest] = path.split('/');
    if (op === 'test' || op === 'remove' || list !== 'webhooks') return [];
    const name = rest.length === 0 ? (value as { name?: string }).name : names[Number(index)];
    const entry = `k:${JSON.stringify({ name })}`;
    return [{ field: ['f:webhooks', entry, ...rest.map((part) => `f:${part}`)], value: JSON.stringify(value) }];
  });
}
