import { CONTROL_PLANE_LABEL } from '../api/our-names.ts';
import { accountRef, isLent, withoutAccount } from '../core/authorize/lent-account.ts';
import { computePlacements, findMisplaced, type Placement } from '../core/authorize/placement.ts';
import { findUnpermitted, type Refusal } from '../core/authorize/refusal.ts';
import type { Rendered } from '../core/render/index.ts';
import type { ReachedSettings } from '../core/render/reached-settings.ts';
import type { KubeApi } from './kube-api.ts';

/** What whoever runs the operator decided. */
export interface InstallationSettings {
  /** Namespaces that may hold IstioOperators and control planes, beside those with the label. */
  controlPlaneNamespaces: readonly string[];
  /** Whether settings may reach what gives powers to pods, accounts and webhooks. */
  allowsPrivilegedSettings: boolean;
  /** Where the operator itself runs. */
  operatorNamespace: string;
}

/** What of a rendering an installation has to allow. */
export interface Demands {
  placements: readonly Placement[];
  reached: readonly ReachedSettings[];
}

/** Decides what this installation applies at all, whoever asks for it. Rejects with ApiError when a Namespace or ServiceAccount cannot be read. */
export class InstallationPolicy {
  readonly #api: Pick<KubeApi, 'get'>;
  readonly #settings: InstallationSettings;
  readonly #usual: ReadonlySet<string>;

  constructor(api: Pick<KubeApi, 'get'>, settings: InstallationSettings) {
    this.#api = api;
    this.#settings = settings;
    this.#usual = new Set(settings.controlPlaneNamespaces);
  }

  /** Whether resources of the namespace are looked at; to be asked before one is rendered. */
  async judgeNamespace(namespace: string): Promise<Refusal | undefined> {
    return this.#judgePlacements([{ namespace, path: 'metadata.namespace' }]);
  }

  /** What a resource of the namespace demands by what it renders. */
  demandsOf(namespace: string, rendered: Rendered): Demands {
    const { operatorNamespace } = this.#settings;
    return { placements: computePlacements(rendered, { namespace, operatorNamespace }), reached: rendered.reached };
  }

  /** Whether what a resource renders may be applied. */
  async judge({ placements, reached }: Demands): Promise<Refusal | undefined> {
    const misplaced = await this.#judgePlacements(placements);
    if (misplaced || this.#settings.allowsPrivilegedSettings || reached.length === 0) return misplaced;
    const open = await Promise.all(reached.map((settings) => this.#withoutLent(settings)));
    const problems = findUnpermitted(open.flat());
    return problems.length > 0 ? { reason: 'SettingNotPermitted', problems } : undefined;
  }

  /** Read afresh each time, as labels of namespaces are. */
  async #withoutLent(settings: ReachedSettings): Promise<ReachedSettings[]> {
    const { account } = settings;
    if (!account) return [settings];
    return isLent(await this.#api.get(accountRef(account)), account) ? withoutAccount(settings) : [settings];
  }

  async #judgePlacements(placements: readonly Placement[]): Promise<Refusal | undefined> {
    const open = new Set(placements.map(({ namespace }) => namespace).filter((name) => !this.#usual.has(name)));
    const labelled = await Promise.all([...open].map(async (name) => ((await this.#isLabelled(name)) ? [name] : [])));
    const problems = findMisplaced(placements, new Set([...this.#usual, ...labelled.flat()]));
    return problems.length > 0 ? { reason: 'NamespaceNotAllowed', problems } : undefined;
  }

  /** Read afresh each time: a label that was taken away must not count any longer. */
  async #isLabelled(name: string): Promise<boolean> {
    const namespace = await this.#api.get({ apiVersion: 'v1', kind: 'Namespace', name });
    return namespace?.metadata.labels?.[CONTROL_PLANE_LABEL] === 'true';
  }
}
