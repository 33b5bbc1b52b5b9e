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

const MANAGED_BY = '"istio.io-gateway-controller"';

const deployment = (traits: IstioTraits): string => `apiVersion: apps/v1
kind: Deployment
${metadata({ labels: `.InfrastructureLabels $class (strdict "gateway.istio.io/managed" ${MANAGED_BY})` })}spec:
${podTemplate(MANAGED_BY, '')}    spec:
      serviceAccountName: {{ .ServiceAccount | quote }}
      {{- if .Values.gateways.securityContext }}
      securityContext: {{ toJson .Values.gateways.securityContext }}
      {{- else }}
      securityContext:
        sysctls:
        - { name: net.ipv4.ip_unprivileged_port_start, value: "0" }
        {{- with .Values.gateways.seccompProfile }}
        seccompProfile: {{ toJson . }}
        {{- end }}
      {{- end }}
      containers:
      - name: istio-proxy
${IMAGE}        {{- with .Values.global.proxy.resources }}
        resources: {{ toJson (omitNil .) }}
        {{- end }}
        securityContext:
          runAsUser: {{ .ProxyUID | default "1337" }}
          runAsGroup: {{ .ProxyGID | default "1337" }}
          runAsNonRoot: true
          privileged: false
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities: { drop: [ALL] }
        args:
        - proxy
        - router
        - --domain
        - "$(POD_NAMESPACE).svc.{{ .Values.global.proxy.clusterDomain }}"
${LOG_ARGUMENTS}        {{- with .Values.global.sts.servicePort }}
        - --stsPort={{ . }}
        {{- end }}
        {{- with .Values.global.proxy.lifecycle }}
        lifecycle: {{ toJson . }}
        {{- end }}
        env:
${environment(traits)}        - { name: ISTIO_META_POD_PORTS, value: "[]" }
        - { name: ISTIO_META_APP_CONTAINERS, value: "" }
        - name: ISTIO_META_CLUSTER_ID
          value: {{ valueOrDefault .Values.global.multiCluster.clusterName .ClusterID | quote }}
        - name: ISTIO_META_INTERCEPTION_MODE
          value: {{ .ProxyConfig.InterceptionMode.String | quote }}
        {{- with (index .InfrastructureLabels "topology.istio.io/network") }}
        - name: ISTIO_META_REQUESTED_NETWORK_VIEW
          value: {{ . | quote }}
        {{- end }}
${PROBES}        volumeMounts:
        - { name: credential-socket, mountPath: /var/run/secrets/credential-uds }
        {{- if eq .Values.global.caName "GkeWorkloadCertificate" }}
        - { name: gke-workload-certificate, mountPath: /var/run/secrets/workload-spiffe-credentials, readOnly: true }
        {{- else }}
        - { name: workload-certs, mountPath: /var/run/secrets/workload-spiffe-credentials }
        {{- end }}
${MOUNTS}      volumes:
      - { name: credential-socket, emptyDir: {} }
      {{- if eq .Values.global.caName "GkeWorkloadCertificate" }}
      - { name: gke-workload-certificate, csi: { driver: workloadcertificates.security.cloud.google.com } }
      {{- else }}
      - { name: workload-certs, emptyDir: {} }
      {{- end }}
${VOLUMES}`;

/** What istiod deploys for a Gateway of class `istio`. */
export function kubeGatewayTemplate(traits: IstioTraits): string {
  return `${VARIABLES}${[SERVICE_ACCOUNT, deployment(traits), service('$notes', traits), SCALING].join('---\n')}`;
}
