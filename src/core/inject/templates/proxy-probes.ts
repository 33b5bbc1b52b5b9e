import type { Json, JsonObject } from '../../kube-object.ts';
import { isTruthy, valuesSection } from './injection-values.ts';
import { annotationOr, type ProxyInput } from './template-input.ts';
import { plainInteger, printed } from './template-text.ts';
import { statusPortOf } from './traffic-settings.ts';

/** Annotations that set the numbers of a readiness probe. */
export const READINESS = 'readiness.status.sidecar.istio.io';
const TIMEOUT_SECONDS = 3;
/** Where the agent of a proxy answers readiness probes. */
export const READINESS_PORT = 15021;

/** How the agent is asked whether its proxy is ready. */
export function readyCheck(port: number): JsonObject {
  return { path: '/healthz/ready', port };
}

/** Startup and readiness probes of the sidecar; none when the pod turns its status port off. */
export function sidecarProbes(input: ProxyInput): JsonObject {
  if (statusPortOf(input) === '0') return {};
  const { enabled, failureThreshold } = valuesSection(input.proxy, 'startupProbe', 'global.proxy.startupProbe');
  const readinessProbe = annotatedReadinessProbe(input, READINESS_PORT);
  if (!isTruthy(enabled)) return { readinessProbe };
  const threshold = plainInteger(printed(failureThreshold), 'values.global.proxy.startupProbe.failureThreshold');
  return { startupProbe: startupProbe(threshold), readinessProbe };
}

/** Asks each second whether the proxy has started. */
export function startupProbe(failureThreshold: number): JsonObject {
  return {
    httpGet: readyCheck(READINESS_PORT),
    initialDelaySeconds: 0,
    periodSeconds: 1,
    timeoutSeconds: TIMEOUT_SECONDS,
    failureThreshold,
  };
}

/** The readiness probe whose numbers the pod's annotations can set. */
export function annotatedReadinessProbe(input: ProxyInput, port: number): JsonObject {
  return readinessProbe(port, input.proxy, (name, fallback) => {
    const annotation = `${READINESS}/${name}` as const;
    return [annotationOr(input, annotation, fallback), `annotation ${annotation}`];
  });
}

/** The readiness probe of a gateway, which annotations do not change. */
export function meshReadinessProbe({ proxy }: ProxyInput): JsonObject {
  return readinessProbe(READINESS_PORT, proxy, (name, fallback) => [
    printed(fallback),
    `values.global.proxy readiness ${name}`,
  ]);
}

type Setting = (name: string, fallback: Json | undefined) => [text: string, what: string];

function readinessProbe(port: number, proxy: JsonObject, setting: Setting): JsonObject {
  return {
    httpGet: readyCheck(port),
    initialDelaySeconds: plainInteger(...setting('initialDelaySeconds', proxy.readinessInitialDelaySeconds)),
    periodSeconds: plainInteger(...setting('periodSeconds', proxy.readinessPeriodSeconds)),
    timeoutSeconds: TIMEOUT_SECONDS,
    failureThreshold: plainInteger(...setting('failureThreshold', proxy.readinessFailureThreshold)),
  };
}
