import * as z from 'zod';
import {
  anything,
  choice,
  flag,
  int32,
  int64,
  kubeObject,
  quantities,
  quantity,
  text,
  textList,
  textMap,
} from '../field-types.ts';
import { labelSelector, localObjectReference, typedLocalObjectReference } from './selectors.ts';

const keyToPath = kubeObject('KeyToPath', () => ({ key: text, path: text, mode: int32 }));
const items = z.array(keyToPath);

const downwardItems = z.array(
  kubeObject('DownwardAPIVolumeFile', () => ({
    path: text,
    fieldRef: kubeObject('ObjectFieldSelector', () => ({ apiVersion: text, fieldPath: text })),
    resourceFieldRef: kubeObject('ResourceFieldSelector', () => ({
      containerName: text,
      resource: text,
      divisor: quantity,
    })),
    mode: int32,
  })),
);

const volumeProjection = kubeObject('VolumeProjection', () => ({
  secret: kubeObject('SecretProjection', () => ({ name: text, items, optional: flag })),
  configMap: kubeObject('ConfigMapProjection', () => ({ name: text, items, optional: flag })),
  downwardAPI: kubeObject('DownwardAPIProjection', () => ({ items: downwardItems })),
  serviceAccountToken: kubeObject('ServiceAccountTokenProjection', () => ({
    audience: text,
    expirationSeconds: int64,
    path: text,
  })),
  clusterTrustBundle: kubeObject('ClusterTrustBundleProjection', () => ({
    name: text,
    signerName: text,
    labelSelector,
    optional: flag,
    path: text,
  })),
  podCertificate: kubeObject('PodCertificateProjection', () => ({
    signerName: text,
    keyType: text,
    maxExpirationSeconds: int32,
    credentialBundlePath: text,
    keyPath: text,
    certificateChainPath: text,
    userAnnotations: textMap,
  })),
}));

const claimTemplate = kubeObject('PersistentVolumeClaimTemplate', () => ({
  metadata: anything,
  spec: kubeObject('PersistentVolumeClaimSpec', () => ({
    accessModes: textList,
    selector: labelSelector,
    resources: kubeObject('VolumeResourceRequirements', () => ({ limits: quantities, requests: quantities })),
    volumeName: text,
    storageClassName: text,
    volumeMode: choice('Block', 'Filesystem'),
    dataSource: typedLocalObjectReference,
    dataSourceRef: kubeObject('TypedObjectReference', () => ({
      apiGroup: text,
      kind: text,
      name: text,
      namespace: text,
    })),
    volumeAttributesClassName: text,
  })),
}));

const secretRef = localObjectReference;
const monitors = textList;
const cloudDisk = { fsType: text, partition: int32, readOnly: flag };

export const volume = kubeObject('Volume', () => ({
  name: text,
  hostPath: kubeObject('HostPathVolumeSource', () => ({ path: text, type: text })),
  emptyDir: kubeObject('EmptyDirVolumeSource', () => ({ medium: text, sizeLimit: quantity })),
  secret: kubeObject('SecretVolumeSource', () => ({ secretName: text, items, defaultMode: int32, optional: flag })),
  configMap: kubeObject('ConfigMapVolumeSource', () => ({ name: text, items, defaultMode: int32, optional: flag })),
  downwardAPI: kubeObject('DownwardAPIVolumeSource', () => ({ items: downwardItems, defaultMode: int32 })),
  projected: kubeObject('ProjectedVolumeSource', () => ({ sources: z.array(volumeProjection), defaultMode: int32 })),
  persistentVolumeClaim: kubeObject('PersistentVolumeClaimVolumeSource', () => ({ claimName: text, readOnly: flag })),
  ephemeral: kubeObject('EphemeralVolumeSource', () => ({ volumeClaimTemplate: claimTemplate })),
  csi: kubeObject('CSIVolumeSource', () => ({
    driver: text,
    readOnly: flag,
    fsType: text,
    volumeAttributes: textMap,
    nodePublishSecretRef: secretRef,
  })),
  image: kubeObject('ImageVolumeSource', () => ({
    reference: text,
    pullPolicy: choice('Always', 'IfNotPresent', 'Never'),
  })),
  nfs: kubeObject('NFSVolumeSource', () => ({ server: text, path: text, readOnly: flag })),
  flexVolume: kubeObject('FlexVolumeSource', () => ({
    driver: text,
    fsType: text,
    secretRef,
    readOnly: flag,
    options: textMap,
  })),
  // Drivers in the tree of Kubernetes; most are gone there, their types are not.
  gcePersistentDisk: kubeObject('GCEPersistentDiskVolumeSource', () => ({ pdName: text, ...cloudDisk })),
  awsElasticBlockStore: kubeObject('AWSElasticBlockStoreVolumeSource', () => ({ volumeID: text, ...cloudDisk })),
  azureDisk: kubeObject('AzureDiskVolumeSource', () => ({
    diskName: text,
    diskURI: text,
    cachingMode: text,
    fsType: text,
    readOnly: flag,
    kind: text,
  })),
  azureFile: kubeObject('AzureFileVolumeSource', () => ({ secretName: text, shareName: text, readOnly: flag })),
  gitRepo: kubeObject('GitRepoVolumeSource', () => ({ repository: text, revision: text, directory: text })),
  iscsi: kubeObject('ISCSIVolumeSource', () => ({
    targetPortal: text,
    iqn: text,
    lun: int32,
    iscsiInterface: text,
    fsType: text,
    readOnly: flag,
    portals: textList,
    chapAuthDiscovery: flag,
    chapAuthSession: flag,
    secretRef,
    initiatorName: text,
  })),
  glusterfs: kubeObject('GlusterfsVolumeSource', () => ({ endpoints: text, path: text, readOnly: flag })),
  rbd: kubeObject('RBDVolumeSource', () => ({
    monitors,
    image: text,
    fsType: text,
    pool: text,
    user: text,
    keyring: text,
    secretRef,
    readOnly: flag,
  })),
  cinder: kubeObject('CinderVolumeSource', () => ({ volumeID: text, fsType: text, readOnly: flag, secretRef })),
  cephfs: kubeObject('CephFSVolumeSource', () => ({
    monitors,
    path: text,
    user: text,
    secretFile: text,
    secretRef,
    readOnly: flag,
  })),
  flocker: kubeObject('FlockerVolumeSource', () => ({ datasetName: text, datasetUUID: text })),
  fc: kubeObject('FCVolumeSource', () => ({
    targetWWNs: textList,
    lun: int32,
    fsType: text,
    readOnly: flag,
    wwids: textList,
  })),
  quobyte: kubeObject('QuobyteVolumeSource', () => ({
    registry: text,
    volume: text,
    readOnly: flag,
    user: text,
    group: text,
    tenant: text,
  })),
  vsphereVolume: kubeObject('VsphereVirtualDiskVolumeSource', () => ({
    volumePath: text,
    fsType: text,
    storagePolicyName: text,
    storagePolicyID: text,
  })),
  photonPersistentDisk: kubeObject('PhotonPersistentDiskVolumeSource', () => ({ pdID: text, fsType: text })),
  portworxVolume: kubeObject('PortworxVolumeSource', () => ({ volumeID: text, fsType: text, readOnly: flag })),
  scaleIO: kubeObject('ScaleIOVolumeSource', () => ({
    gateway: text,
    system: text,
    secretRef,
    sslEnabled: flag,
    protectionDomain: text,
    storagePool: text,
    storageMode: text,
    volumeName: text,
    fsType: text,
    readOnly: flag,
  })),
  storageos: kubeObject('StorageOSVolumeSource', () => ({
    volumeName: text,
    volumeNamespace: text,
    fsType: text,
    readOnly: flag,
    secretRef,
  })),
}));

export const volumeMount = kubeObject('VolumeMount', () => ({
  name: text,
  readOnly: flag,
  recursiveReadOnly: choice('Disabled', 'IfPossible', 'Enabled'),
  mountPath: text,
  subPath: text,
  mountPropagation: choice('None', 'HostToContainer', 'Bidirectional'),
  subPathExpr: text,
}));
