import { adviceFor } from '../../core/mtls/advice.ts';
import { fullName, type Resource } from '../../core/analyze/resource.ts';
import type { TlsCheck } from '../../core/mtls/tls-check.ts';
import type { Workload } from '../../core/mtls/workload.ts';

/** As the help of the command describes it. */
export function checkJson(client: Workload, checks: readonly TlsCheck[]): object {
  const { name, namespace, carrier, revision = null } = client;
  return { client: { name, namespace, carrier, revision }, checks: checks.map(toJson) };
}

function toJson(check: TlsCheck) {
  const { host, port, subset = null, status, why, server, client } = check;
  const { setting } = client;
  return {
    host,
    port,
    subset,
    status,
    why,
    advice: adviceFor(check) ?? null,
    server: {
      carrier: server.carrier,
      mode: server.mode ?? null,
      policy: nameOf(server.by),
      path: server.path ?? null,
      pods: server.pods,
      of: server.of,
    },
    client: {
      sends: client.wire,
      automatic: client.isAutomatic,
      mode: setting.mode ?? null,
      destinationRule: nameOf(setting.by),
      path: setting.path ?? null,
      sidecar: nameOf(client.hiddenBy),
    },
  };
}

function nameOf(resource: Resource | undefined): string | null {
  return resource ? fullName(resource) : null;
}
