import type { VirtualService } from '../../../api/networking/virtual-service.ts';
import type { Resource } from '../resource.ts';
import { specAs } from '../resource.ts';

/** Where a VirtualService sends traffic, and in which field it says so. */
export interface RouteDestination {
  host: string;
  subset: string;
  port: number | undefined;
  path: string;
  mirrored: boolean;
}

type Destination = NonNullable<
  NonNullable<NonNullable<VirtualService['http']>[number]['route']>[number]['destination']
>;

function describe(destination: Destination | undefined, path: string, mirrored = false): RouteDestination {
  return {
    host: destination?.host ?? '',
    subset: destination?.subset ?? '',
    port: destination?.port ? (destination.port.number ?? 0) : undefined,
    path,
    mirrored,
  };
}

/** Destinations of all tcp, tls and http routes. */
export function routeDestinations(resource: Resource): RouteDestination[] {
  const spec = specAs<VirtualService>(resource);
  return (['tcp', 'tls', 'http'] as const).flatMap((protocol) =>
    (spec[protocol] ?? []).flatMap((rule, i) =>
      (rule.route ?? []).map((route, j) =>
        describe(route.destination, `spec.${protocol}[${i}].route[${j}].destination`),
      ),
    ),
  );
}

/** Destinations of mirrored http traffic. */
export function mirrorDestinations(resource: Resource): RouteDestination[] {
  return (specAs<VirtualService>(resource).http ?? []).flatMap((rule, i) => [
    ...(rule.mirror ? [describe(rule.mirror, `spec.http[${i}].mirror`, true)] : []),
    ...(rule.mirrors ?? []).map(({ destination }, j) =>
      describe(destination, `spec.http[${i}].mirrors[${j}].destination`, true),
    ),
  ]);
}
