import { READINESS, READINESS_PORT, readyCheck, startupProbe } from '../../../../inject/templates/proxy-probes.ts';
import { annotationOr, HAS_NO_STATUS_PORT } from './pod-facts.ts';
import { lines, printed, when } from './template-pieces.ts';

const readinessProbe = (port: number, setting: (name: string, fallback: string) => string): string =>
  lines(
    'readinessProbe:',
    `  httpGet: ${JSON.stringify(readyCheck(port))}`,
    `  initialDelaySeconds: ${setting('initialDelaySeconds', '$proxy.readinessInitialDelaySeconds')}`,
    `  periodSeconds: ${setting('periodSeconds', '$proxy.readinessPeriodSeconds')}`,
    '  timeoutSeconds: 3',
    `  failureThreshold: ${setting('failureThreshold', '$proxy.readinessFailureThreshold')}`,
  );

/** The readiness probe whose numbers the pod's annotations can set. */
export function annotatedReadinessProbe(port: number): string {
  return readinessProbe(port, (name, fallback) => printed(annotationOr(`${READINESS}/${name}`, fallback)));
}

/** The readiness probe of a gateway, which annotations do not change. */
export const MESH_READINESS_PROBE = readinessProbe(READINESS_PORT, (_name, fallback) => printed(fallback));

const STARTUP = '($proxy.startupProbe | default dict)';

/** Startup and readiness probes of the sidecar; none when the pod turns its status port off. */
export const SIDECAR_PROBES = when(
  `not (${HAS_NO_STATUS_PORT})`,
  lines(
    when(
      `${STARTUP}.enabled`,
      lines(
        'startupProbe:',
        ...Object.entries(startupProbe(0)).map(([key, value]) =>
          key === 'failureThreshold'
            ? `  ${key}: ${printed(`${STARTUP}.failureThreshold`)}`
            : `  ${key}: ${JSON.stringify(value)}`,
        ),
      ),
    ),
    annotatedReadinessProbe(READINESS_PORT),
  ),
);
