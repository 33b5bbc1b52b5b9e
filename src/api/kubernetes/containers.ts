import * as z from 'zod';
import {
  choice,
  flag,
  int32,
  int64,
  intOrString,
  kubeObject,
  quantities,
  quantity,
  text,
  textList,
} from '../field-types.ts';

const envVarSource = kubeObject('EnvVarSource', () => ({
  fieldRef: kubeObject('ObjectFieldSelector', () => ({ apiVersion: text, fieldPath: text })),
  resourceFieldRef: kubeObject('ResourceFieldSelector', () => ({
    containerName: text,
    resource: text,
    divisor: quantity,
  })),
  configMapKeyRef: kubeObject('ConfigMapKeySelector', () => ({ name: text, key: text, optional: flag })),
  secretKeyRef: kubeObject('SecretKeySelector', () => ({ name: text, key: text, optional: flag })),
  fileKeyRef: kubeObject('FileKeySelector', () => ({ volumeName: text, path: text, key: text, optional: flag })),
}));

export const envVar = kubeObject('EnvVar', () => ({ name: text, value: text, valueFrom: envVarSource }));

const httpHeader = kubeObject('HTTPHeader', () => ({ name: text, value: text }));
const exec = kubeObject('ExecAction', () => ({ command: textList }));
const httpGet = kubeObject('HTTPGetAction', () => ({
  path: text,
  port: intOrString,
  host: text,
  scheme: choice('HTTP', 'HTTPS'),
  httpHeaders: z.array(httpHeader),
}));
const tcpSocket = kubeObject('TCPSocketAction', () => ({ port: intOrString, host: text }));

export const probe = kubeObject('Probe', () => ({
  exec,
  httpGet,
  tcpSocket,
  grpc: kubeObject('GRPCAction', () => ({ port: int32, service: text })),
  initialDelaySeconds: int32,
  timeoutSeconds: int32,
  periodSeconds: int32,
  successThreshold: int32,
  failureThreshold: int32,
  terminationGracePeriodSeconds: int64,
}));

const lifecycleHandler = kubeObject('LifecycleHandler', () => ({
  exec,
  httpGet,
  tcpSocket,
  sleep: kubeObject('SleepAction', () => ({ seconds: int64 })),
}));

export const lifecycle = kubeObject('Lifecycle', () => ({
  postStart: lifecycleHandler,
  preStop: lifecycleHandler,
  stopSignal: text,
}));

export const resourceRequirements = kubeObject('ResourceRequirements', () => ({
  limits: quantities,
  requests: quantities,
  claims: z.array(kubeObject('ResourceClaim', () => ({ name: text, request: text }))),
}));

const seLinuxOptions = kubeObject('SELinuxOptions', () => ({ user: text, role: text, type: text, level: text }));
const windowsOptions = kubeObject('WindowsSecurityContextOptions', () => ({
  gmsaCredentialSpecName: text,
  gmsaCredentialSpec: text,
  runAsUserName: text,
  hostProcess: flag,
}));

export const seccompProfile = kubeObject('SeccompProfile', () => ({
  type: choice('RuntimeDefault', 'Unconfined', 'Localhost'),
  localhostProfile: text,
}));

const appArmorProfile = kubeObject('AppArmorProfile', () => ({
  type: choice('RuntimeDefault', 'Unconfined', 'Localhost'),
  localhostProfile: text,
}));

export const podSecurityContext = kubeObject('PodSecurityContext', () => ({
  seLinuxOptions,
  windowsOptions,
  runAsUser: int64,
  runAsGroup: int64,
  runAsNonRoot: flag,
  supplementalGroups: z.array(int64),
  supplementalGroupsPolicy: choice('Merge', 'Strict'),
  fsGroup: int64,
  sysctls: z.array(kubeObject('Sysctl', () => ({ name: text, value: text }))),
  fsGroupChangePolicy: choice('Always', 'OnRootMismatch'),
  seccompProfile,
  appArmorProfile,
  seLinuxChangePolicy: choice('Recursive', 'MountOption'),
}));
