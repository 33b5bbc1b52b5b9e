import { createHash } from 'node:crypto';
import { z } from 'zod';

import type { BundledPackage } from './bundled-packages.ts';
import type { DebianPackage } from './debian-packages.ts';
import { runCommand } from './run-command.ts';

const componentSchema = z.looseObject({ 'bom-ref': z.string() });
const dependencySchema = z.object({ ref: z.string(), dependsOn: z.array(z.string()).default([]) });

/** What `npm sbom` says in CycloneDX, as far as we read it. */
const npmBillSchema = z.object({
  specVersion: z.string(),
  metadata: z.object({ tools: z.array(z.unknown()) }),
  components: z.array(componentSchema),
  dependencies: z.array(dependencySchema),
});

type NpmBill = z.infer<typeof npmBillSchema>;
type Component = z.infer<typeof componentSchema>;

/** What an image holds. */
export interface Materials {
  readonly name: string;
  readonly version: string;
  /** RFC 3339. */
  readonly created: string;
  readonly bundled: readonly BundledPackage[];
  readonly node: { readonly version: string; readonly sha256: string };
  readonly debian: readonly DebianPackage[];
  readonly architecture: string;
}

/**
 * The bill of all packages that the lock file names, by npm itself, without the network. Asked to leave out those for
 * development, npm also leaves out packages that are needed for both.
 */
export async function readNpmBill(root: string): Promise<NpmBill> {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
  return npmBillSchema.parse(JSON.parse(await runCommand('npm', args, { cwd: root })));
}

/**
 * The bill of materials of the operator's image, in CycloneDX: of npm's packages those that are in the bundle, with
 * what npm knows of them, beside Node and the packages of Debian. It depends on its input alone.
 *
 * @throws when the bundle holds a package that the lock file does not name.
 */
export function describeMaterials(bill: NpmBill, materials: Materials): Record<string, unknown> {
  const { name, version, created, bundled } = materials;
  const root = `${name}@${version}`;
  const refs = new Set(bundled.map((one) => `${one.name}@${one.version}`));
  const packages = bill.components.filter((component) => refs.has(component['bom-ref']));
  const known = new Set(packages.map((component) => component['bom-ref']));
  for (const ref of refs) {
    if (!known.has(ref)) throw new Error(`${ref} is in the bundle, but not in package-lock.json: run npm ci`);
  }
  const system = [nodeComponent(materials), ...materials.debian.map((one) => debianComponent(one, materials))];
  const components = [...packages, ...system];
  return {
    $schema: `http://cyclonedx.org/schema/bom-${bill.specVersion}.schema.json`,
    bomFormat: 'CycloneDX',
    specVersion: bill.specVersion,
    serialNumber: serialNumber([root, created, components]),
    version: 1,
    metadata: {
      timestamp: created,
      tools: bill.metadata.tools,
      component: { 'bom-ref': root, type: 'container', name, version, licenses: [{ license: { id: 'Apache-2.0' } }] },
    },
    components,
    dependencies: [
      { ref: root, dependsOn: [...directOf(bill, root, known), ...system.map((component) => component['bom-ref'])] },
      ...packages.map(({ 'bom-ref': ref }) => ({ ref, dependsOn: directOf(bill, ref, known) })),
    ],
  };
}

/** What a component itself depends on, of what is there. */
function directOf({ dependencies }: NpmBill, ref: string, known: ReadonlySet<string>): string[] {
  const { dependsOn } = dependencies.find((dependency) => dependency.ref === ref) ?? { dependsOn: [] };
  return dependsOn.filter((other) => known.has(other));
}

function nodeComponent({ node: { version, sha256 } }: Materials): Component {
  return {
    'bom-ref': `node@${version}`,
    type: 'application',
    name: 'node',
    version,
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
    licenses: [{ license: { id: 'MIT' } }],
  };
}

function debianComponent({ name, version, sha256 }: DebianPackage, { architecture }: Materials): Component {
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`;
  return {
    'bom-ref': purl,
    type: 'library',
    name,
    version,
    purl,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
  };
}

/** A UUID of the content (version 8 of RFC 9562), so that the same image has the same bill. */
function serialNumber(content: unknown): string {
  const digits = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`, `8${digits.slice(17, 20)}`];
  return `urn:uuid:${[...parts, digits.slice(20, 32)].join('-')}`;
}
