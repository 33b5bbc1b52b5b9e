/** What a reason means to its reader, and what helps. */
interface Explained {
  readonly meaning: string;
  /** NAMESPACE, POD and CONTAINER stand for those that the message speaks of. */
  readonly todo: string;
}

const IMAGE =
  'check hub, tag and image in the spec, its imagePullSecrets, and that the node reaches the registry' as const;
const LOG = '"kubectl -n NAMESPACE logs POD -c CONTAINER --previous" tells why' as const;
const CONTAINER =
  'look at command, mounts and securityContext of the container, as values and overlays set them' as const;
const VOLUME =
  'create what is named, or take the volume out of the spec (istiod writes istio-ca-root-cert: look at istiod if that is missing)' as const;
const NETWORK = 'look at the network plugins of the node; with the component cni also at its pod there' as const;

/**
 * Why pods of a component do not run, as messages of `Ready` and of `componentStatus` name it: where Kubernetes has a
 * word, it is that. Users match on these: a rename is a breaking change.
 */
export const POD_REASONS = {
  ImagePullBackOff: { meaning: 'The image cannot be pulled (`ErrImagePull` is told as this).', todo: IMAGE },
  ErrImageNeverPull: {
    meaning: 'The image is not on the node, and may not be pulled.',
    todo: 'set another imagePullPolicy, or bring the image to the node',
  },
  InvalidImageName: { meaning: 'The name of the image is none.', todo: 'correct hub, tag or image in the spec' },
  ImageInspectError: {
    meaning: 'The runtime of the node cannot say what the image is.',
    todo: 'look at the container runtime of the node',
  },
  CrashLoopBackOff: {
    meaning: 'The container ends again and again; with its last exit code and reason.',
    todo: LOG,
  },
  OOMKilled: {
    meaning: 'The container was ended because it took more memory than its limit, which is told.',
    todo: 'raise resources.limits.memory of the container in the spec',
  },
  Crashed: { meaning: 'The container has ended and is about to be started again.', todo: LOG },
  CreateContainerConfigError: {
    meaning: 'A Secret, a ConfigMap or a key of one that the container refers to is missing.',
    todo: 'create what is named, or take the reference out of the spec',
  },
  CreateContainerError: { meaning: 'The runtime cannot make the container.', todo: CONTAINER },
  RunContainerError: { meaning: 'The runtime cannot start the container.', todo: CONTAINER },
  PostStartHookError: { meaning: 'The command that is to follow the start has failed.', todo: CONTAINER },
  Unhealthy: {
    meaning: 'The container runs, but has not passed its startup or readiness probe for half a minute or more.',
    todo: '"kubectl -n NAMESPACE logs POD -c CONTAINER" tells what it waits for',
  },
  ReadinessGatesNotReady: {
    meaning: 'The containers are ready, but a readiness gate of the pod is not.',
    todo: 'look at who sets the condition, such as the controller of a load balancer',
  },
  Unschedulable: {
    meaning: 'No node takes the pod; with the words of the scheduler.',
    todo: 'free room, add nodes, or change requests, nodeSelector, affinity or tolerations in the spec',
  },
  SchedulingGated: {
    meaning: 'The pod is not scheduled as long as it has scheduling gates.',
    todo: 'look at who set the gates of the pod',
  },
  FailedMount: { meaning: 'A volume of the pod cannot be mounted.', todo: VOLUME },
  FailedAttachVolume: { meaning: 'A volume of the pod cannot be attached to its node.', todo: VOLUME },
  FailedCreatePodSandBox: { meaning: 'The node cannot give the pod a network.', todo: NETWORK },
  NetworkNotReady: { meaning: 'The network of the node is not ready.', todo: NETWORK },
  ContainerCreating: {
    meaning: 'The container has been about to be made for half a minute or more, and nothing says why.',
    todo: '"kubectl -n NAMESPACE describe pod POD" tells more',
  },
  PodInitializing: {
    meaning: 'An init container has been running for half a minute or more.',
    todo: '"kubectl -n NAMESPACE logs POD -c CONTAINER" tells what it does',
  },
  NodeNotReady: {
    meaning: 'The node of the pod does not answer.',
    todo: 'bring the node back, or delete its Node object if it is gone for good',
  },
  StuckTerminating: {
    meaning: 'The pod should have ended long ago. On a node that does not answer it cannot.',
    todo: 'bring the node back; if it is gone for good, delete its Node object, or the pod with --force',
  },
  PodFailed: {
    meaning: 'The node ended the pod, as for want of memory (`Evicted`); with its reason. Another takes its place.',
    todo: 'free room on the node, or raise the requests of the component',
  },
  FailedCreate: {
    meaning: 'The API server refuses the pods: by Pod Security, a quota or a webhook.',
    todo: 'change what refuses them, such as the label pod-security.kubernetes.io/enforce of the namespace or its quota',
  },
} as const satisfies Record<string, Explained>;
export type PodReason = keyof typeof POD_REASONS;
