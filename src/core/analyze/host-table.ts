import type { Resource } from './resource.ts';

const WILDCARD = '*';

/**
 * Resources by the hosts that they name, kept up to date one by one. Finds what overlaps with a host without looking
 * at all of them: a wildcard stands for every host that ends as it does.
 */
export class HostTable {
  readonly #byHost = new Map<string, Resource[]>();
  /** How many wildcards there are of each length. */
  readonly #wildcards = new Map<number, number>();
  /** The hosts under each domain; made when a wildcard is first looked for. */
  #byDomain: Map<string, Set<string>> | undefined;

  add(host: string, resource: Resource): void {
    const listed = this.#byHost.get(host);
    if (listed) {
      if (!listed.includes(resource)) listed.push(resource);
      return;
    }
    this.#byHost.set(host, [resource]);
    if (host.startsWith(WILDCARD)) this.#countWildcard(host.length, 1);
    if (this.#byDomain) addToDomains(this.#byDomain, host);
  }

  remove(host: string, resource: Resource): void {
    const listed = this.#byHost.get(host);
    const at = listed?.indexOf(resource) ?? -1;
    if (!listed || at < 0) return;
    listed.splice(at, 1);
    if (listed.length > 0) return;
    this.#byHost.delete(host);
    if (host.startsWith(WILDCARD)) this.#countWildcard(host.length, -1);
    for (const domain of this.#byDomain ? domainsOf(host) : []) this.#byDomain?.get(domain)?.delete(host);
  }

  /** Who names exactly this host. */
  named(host: string): readonly Resource[] {
    return this.#byHost.get(host) ?? [];
  }

  /** The wildcards that stand for every name that the host stands for, longest first; never the host itself. */
  wildcardsOver(host: string): string[] {
    const name = host.startsWith(WILDCARD) ? host.slice(1) : host;
    return [...this.#wildcards.keys()]
      .filter((length) => length - 1 <= name.length)
      .sort((a, b) => b - a)
      .map((length) => WILDCARD + name.slice(name.length - (length - 1)))
      .filter((wildcard) => wildcard !== host && this.#byHost.has(wildcard));
  }

  /** All hosts that have a name in common with this one, itself included. */
  overlapping(host: string): string[] {
    const own = this.#byHost.has(host) ? [host] : [];
    const under = host.startsWith(WILDCARD) ? this.#hostsUnder(host) : [];
    return [...own, ...this.wildcardsOver(host), ...under];
  }

  #hostsUnder(wildcard: string): string[] {
    const ending = wildcard.slice(1);
    const domain = domainsOf(ending)[0];
    const candidates = domain === undefined ? this.#byHost.keys() : (this.#domains().get(domain) ?? []);
    return [...candidates].filter((host) => host !== wildcard && endsWith(host, ending));
  }

  #domains(): Map<string, Set<string>> {
    if (!this.#byDomain) {
      this.#byDomain = new Map();
      for (const host of this.#byHost.keys()) addToDomains(this.#byDomain, host);
    }
    return this.#byDomain;
  }

  #countWildcard(length: number, by: 1 | -1): void {
    const count = (this.#wildcards.get(length) ?? 0) + by;
    if (count > 0) this.#wildcards.set(length, count);
    else this.#wildcards.delete(length);
  }
}

/** Whether all that a host stands for ends so; the star of a wildcard stands for nothing that is known. */
function endsWith(host: string, ending: string): boolean {
  return (host.startsWith(WILDCARD) ? host.slice(1) : host).endsWith(ending);
}

/** `.b.c` and `.c` of `a.b.c`. */
function domainsOf(host: string): string[] {
  const domains: string[] = [];
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) domains.push(host.slice(dot));
  return domains;
}

function addToDomains(byDomain: Map<string, Set<string>>, host: string): void {
  for (const domain of domainsOf(host)) {
    const hosts = byDomain.get(domain);
    if (hosts) hosts.add(host);
    else byDomain.set(domain, new Set([host]));
  }
}
