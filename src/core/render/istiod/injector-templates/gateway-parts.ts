import type { IstioTraits } from '../../../istio/traits.ts';

/**
 * Pieces shared by the two Go templates that istiod's Gateway API controller runs. The pieces are text because istiod
 * is what evaluates them. Values go in as JSON, which is YAML too, so that no piece depends on its indentation.
 */

/** Names for what several documents use. */
export const VARIABLES = `
{{- $notes := omit .InfrastructureAnnotations "kubectl.kubernetes.io/last-applied-configuration" "gateway.istio.io/name-override" "gateway.istio.io/service-account" "gateway.istio.io/controller-version" -}}
{{- $class := strdict "gateway.networking.k8s.io/gateway-name" .Name "gateway.networking.k8s.io/gateway-class-name" .GatewayClass -}}
{{- $network := valueOrDefault (index .InfrastructureLabels "topology.istio.io/network") .Values.global.network -}}
{{- $trustDomain := valueOrDefault .MeshConfig.TrustDomain .Values.global.trustDomain -}}
{{- $image := annotation .ObjectMeta "sidecar.istio.io/proxyImage" .Values.global.proxy.image -}}
`;

interface MetadataExpressions {
  name?: string;
  annotations?: string;
  labels?: string;
}

/** Metadata of one document: the Gateway owns it and passes its labels and annotations on. */
export function metadata(expressions: MetadataExpressions = {}): string {
  const { name = '.DeploymentName', annotations = '$notes', labels = '.InfrastructureLabels $class' } = expressions;
  return `metadata:
  name: {{ ${name} | quote }}
  namespace: {{ .Namespace | quote }}
  annotations: {{ toJsonMap ${annotations} }}
  labels: {{ toJsonMap ${labels} }}
  ownerReferences:
  - apiVersion: gateway.networking.k8s.io/v1
    kind: Gateway
    name: {{ .Name | quote }}
    uid: {{ .UID | quote }}
`;
}

export const SERVICE_ACCOUNT = `apiVersion: v1
kind: ServiceAccount
${metadata({ name: '.ServiceAccount' })}`;

/** Selector and pod metadata of the Deployment; the pod must not be injected again. */
export function podTemplate(managedBy: string, moreLabels: string): string {
  return `  selector:
    matchLabels:
      {{ .GatewayNameLabel | quote }}: {{ .Name | quote }}
  template:
    metadata:
      annotations: {{ toJsonMap $notes (strdict "istio.io/rev" (valueOrDefault .Revision "default") "prometheus.io/path" "/stats/prometheus" "prometheus.io/port" "15020" "prometheus.io/scrape" "true") }}
      labels: {{ toJsonMap (strdict "sidecar.istio.io/inject" "false" "service.istio.io/canonical-name" .DeploymentName "service.istio.io/canonical-revision" "latest"${moreLabels}) .InfrastructureLabels $class (strdict "gateway.istio.io/managed" ${managedBy}) }}
`;
}

/** Image of the proxy. */
export const IMAGE = `        image: {{ if contains "/" $image }}{{ $image | quote }}{{ else }}{{ .ProxyImage | quote }}{{ end }}
        {{- with .Values.global.imagePullPolicy }}
        imagePullPolicy: {{ . | quote }}
        {{- end }}
        ports:
        - { name: metrics, containerPort: 15020, protocol: TCP }
        - { name: status-port, containerPort: 15021, protocol: TCP }
        - { name: http-envoy-prom, containerPort: 15090, protocol: TCP }
`;

/** Arguments that set the level of the proxy's and the agent's log. */
export const LOG_ARGUMENTS = `        - --proxyLogLevel
        - {{ annotation .ObjectMeta "sidecar.istio.io/logLevel" .Values.global.proxy.logLevel | quote }}
        - --proxyComponentLogLevel
        - {{ annotation .ObjectMeta "sidecar.istio.io/componentLogLevel" .Values.global.proxy.componentLogLevel | quote }}
        - --log_output_level
        - {{ annotation .ObjectMeta "sidecar.istio.io/agentLogLevel" .Values.global.logging.level | quote }}
        {{- if .Values.global.logAsJson }}
        - --log_as_json
        {{- end }}
`;

const podField = (name: string, path: string): string =>
  `        - { name: ${name}, valueFrom: { fieldRef: { fieldPath: ${path} } } }\n`;
const limit = (name: string, resource: string): string =>
  `        - { name: ${name}, valueFrom: { resourceFieldRef: { resource: ${resource}, divisor: "1" } } }\n`;

/** Environment of the agent: who it is, where its CA is, what it runs. */
export function environment({ tellsGoItsCpu }: IstioTraits): string {
  return [
    `        - name: PILOT_CERT_PROVIDER
          value: {{ .Values.global.pilotCertProvider | quote }}
        - name: CA_ADDR
          value: {{ if .Values.global.caAddress }}{{ .Values.global.caAddress | quote }}{{ else }}"istiod{{ with .Values.revision }}-{{ . }}{{ end }}.{{ .Values.global.istioNamespace }}.svc:15012"{{ end }}
`,
    podField('POD_NAME', 'metadata.name'),
    podField('POD_NAMESPACE', 'metadata.namespace'),
    podField('INSTANCE_IP', 'status.podIP'),
    podField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    podField('HOST_IP', 'status.hostIP'),
    podField('ISTIO_META_NODE_NAME', 'spec.nodeName'),
    limit('ISTIO_CPU_LIMIT', 'limits.cpu'),
    limit('GOMEMLIMIT', 'limits.memory'),
    tellsGoItsCpu ? limit('GOMAXPROCS', 'limits.cpu') : '',
    `        - name: PROXY_CONFIG
          value: {{ protoToJSON .ProxyConfig | quote }}
        {{- with $network }}
        - name: ISTIO_META_NETWORK
          value: {{ . | quote }}
        {{- end }}
        - name: ISTIO_META_WORKLOAD_NAME
          value: {{ .DeploymentName | quote }}
        - name: ISTIO_META_OWNER
          value: "kubernetes://apis/apps/v1/namespaces/{{ .Namespace }}/deployments/{{ .DeploymentName }}"
        {{- with (valueOrDefault .Values.global.meshID $trustDomain) }}
        - name: ISTIO_META_MESH_ID
          value: {{ . | quote }}
        {{- end }}
        {{- with $trustDomain }}
        - name: TRUST_DOMAIN
          value: {{ . | quote }}
        {{- end }}
        {{- range $name, $value := .ProxyConfig.ProxyMetadata }}
        - name: {{ $name | quote }}
          value: {{ $value | quote }}
        {{- end }}
`,
  ].join('');
}

/** Half a minute to start, then a minute of failures before traffic is taken away. */
export const PROBES = `        startupProbe:
          httpGet: { path: /healthz/ready, port: 15021, scheme: HTTP }
          initialDelaySeconds: 1
          periodSeconds: 1
          timeoutSeconds: 1
          successThreshold: 1
          failureThreshold: 30
        readinessProbe:
          httpGet: { path: /healthz/ready, port: 15021, scheme: HTTP }
          initialDelaySeconds: 0
          periodSeconds: 15
          timeoutSeconds: 1
          successThreshold: 1
          failureThreshold: 4
`;

/** Mounts that every proxy needs. */
export const MOUNTS = `        - { name: workload-socket, mountPath: /var/run/secrets/workload-spiffe-uds }
        - { name: istio-data, mountPath: /var/lib/istio/data }
        - { name: istio-envoy, mountPath: /etc/istio/proxy }
        - { name: istio-token, mountPath: /var/run/secrets/tokens }
        - { name: istio-podinfo, mountPath: /etc/istio/pod }
        {{- if eq .Values.global.pilotCertProvider "istiod" }}
        - { name: istiod-ca-cert, mountPath: /var/run/secrets/istio }
        {{- end }}
`;

/** Volumes behind those mounts, and the pull secrets that end the pod. */
export const VOLUMES = `      - { name: workload-socket, emptyDir: {} }
      - { name: istio-data, emptyDir: {} }
      - { name: istio-envoy, emptyDir: { medium: Memory } }
      - name: istio-podinfo
        downwardAPI:
          items:
          - { path: labels, fieldRef: { fieldPath: metadata.labels } }
          - { path: annotations, fieldRef: { fieldPath: metadata.annotations } }
      - name: istio-token
        projected:
          sources:
          - serviceAccountToken:
              path: istio-token
              expirationSeconds: 43200
              audience: {{ .Values.global.sds.token.aud | quote }}
      {{- if eq .Values.global.pilotCertProvider "istiod" }}
      - name: istiod-ca-cert
        {{- if eq (print ((.Values.pilot).env).ENABLE_CLUSTER_TRUST_BUNDLE_API) "true" }}
        projected:
          sources:
          - clusterTrustBundle:
              name: "istio.io:istiod-ca:{{ valueOrDefault .Values.global.trustBundleName "root-cert" }}"
              path: root-cert.pem
        {{- else }}
        configMap:
          name: {{ valueOrDefault .Values.global.trustBundleName "istio-ca-root-cert" | quote }}
        {{- end }}
      {{- end }}
      {{- with .Values.global.imagePullSecrets }}
      imagePullSecrets:
      {{- range . }}
      - name: {{ . | quote }}
      {{- end }}
      {{- end }}
`;

/** The service in front of the gateway, with the Gateway's listeners as ports. */
export function service(annotations: string, { keepsListenerProtocol }: IstioTraits): string {
  const protocol = keepsListenerProtocol ? '{{ valueOrDefault .Protocol "TCP" }}' : 'TCP';
  return `apiVersion: v1
kind: Service
${metadata({ annotations })}spec:
  type: {{ .ServiceType | quote }}
  {{- if and .Spec.Addresses (eq .ServiceType "LoadBalancer") }}
  loadBalancerIP: {{ (index .Spec.Addresses 0).Value | quote }}
  {{- end }}
  ipFamilyPolicy: PreferDualStack
  selector:
    {{ .GatewayNameLabel | quote }}: {{ .Name | quote }}
  ports:
  {{- range .Ports }}
  - name: {{ .Name | quote }}
    port: {{ .Port }}
    protocol: ${protocol}
    {{- with .AppProtocol }}
    appProtocol: {{ . }}
    {{- end }}
  {{- end }}
`;
}

/**
 * Scaling and disruption: istiod applies these two only when the user's parameters for the Gateway or its class add
 * to them.
 */
export const SCALING = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
${metadata()}spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ .DeploymentName | quote }} }
  maxReplicas: 1
---
apiVersion: policy/v1
kind: PodDisruptionBudget
${metadata()}spec:
  selector:
    matchLabels:
      gateway.networking.k8s.io/gateway-name: {{ .Name | quote }}
`;
