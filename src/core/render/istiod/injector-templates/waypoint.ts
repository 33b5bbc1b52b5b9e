import {
  IMAGE,
  LOG_ARGUMENTS,
  MOUNTS,
  PROBES,
  SCALING,
  SERVICE_ACCOUNT,
  VARIABLES,
  VOLUMES,
  environment,
  metadata,
  podTemplate,
  service,
} from './gateway-parts.ts';
import type { IstioTraits } from '../../../istio/traits.ts';

/** One controller serves waypoints, another east-west gateways; both use this template. */
const MANAGED_BY = '.ControllerLabel';

/** A scheduling field of the pod from `global.waypoint`. */
const placement = (field: string): string => `      {{- with .Values.global.waypoint.${field} }}
      ${field}: {{ toJson . }}
      {{- end }}
`;

const deployment = (traits: IstioTraits): string => `apiVersion: apps/v1
kind: Deployment
${metadata({ labels: `.InfrastructureLabels $class (strdict "gateway.istio.io/managed" ${MANAGED_BY})` })}spec:
${podTemplate(MANAGED_BY, ' "istio.io/dataplane-mode" "none"')}    spec:
      serviceAccountName: {{ .ServiceAccount | quote }}
${['affinity', 'topologySpreadConstraints', 'nodeSelector', 'tolerations'].map(placement).join('')}      containers:
      - name: istio-proxy
${IMAGE}        {{- with .Values.global.waypoint.resources }}
        resources: {{ toJson (omitNil .) }}
        {{- end }}
        securityContext:
          {{- if ne (print .Values.global.platform) "openshift" }}
          runAsUser: 1337
          runAsGroup: 1337
          {{- end }}
          runAsNonRoot: true
          privileged: false
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities: { drop: [ALL] }
          {{- with .Values.gateways.seccompProfile }}
          seccompProfile: {{ toJson . }}
          {{- end }}
        args:
        - proxy
        - waypoint
        - --domain
        - "$(POD_NAMESPACE).svc.{{ .Values.global.proxy.clusterDomain }}"
        - --serviceCluster
        - "{{ .ServiceAccount }}.$(POD_NAMESPACE)"
${LOG_ARGUMENTS}        {{- with .Values.global.proxy.outlierLogPath }}
        - "--outlierLogPath={{ . }}"
        {{- end }}
        env:
        - { name: ISTIO_META_SERVICE_ACCOUNT, valueFrom: { fieldRef: { fieldPath: spec.serviceAccountName } } }
${environment(traits)}        - name: ISTIO_META_CLUSTER_ID
          value: {{ valueOrDefault .Values.global.multiCluster.clusterName "Kubernetes" | quote }}
        {{- if and $network (eq .ControllerLabel "istio.io-eastwest-controller") }}
        - name: ISTIO_META_REQUESTED_NETWORK_VIEW
          value: {{ $network | quote }}
        {{- end }}
        - { name: ISTIO_META_INTERCEPTION_MODE, value: REDIRECT }
${PROBES}        volumeMounts:
${MOUNTS}      volumes:
${VOLUMES}`;

const SERVICE_NOTES = '(strdict "networking.istio.io/traffic-distribution" "PreferClose") $notes';

/** What istiod deploys for a Gateway of class `istio-waypoint` or `istio-east-west`. */
export function waypointTemplate(traits: IstioTraits): string {
  return `${VARIABLES}${[SERVICE_ACCOUNT, deployment(traits), service(SERVICE_NOTES, traits), SCALING].join('---\n')}`;
}
