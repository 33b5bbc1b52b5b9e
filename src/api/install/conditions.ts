/** Conditions of an IstioOperator. kubectl wait, Flux (kstatus) and Argo CD read these three. */
export const CONDITION_TYPES = ['Ready', 'Reconciling', 'Stalled'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** Conditions beside them, where webhooks of the kind are installed. They do not count for `Ready`. */
export const WEBHOOK_CONDITION_TYPES = ['InjectionEnforced', 'ValidationEnforced'] as const;
export type WebhookConditionType = (typeof WEBHOOK_CONDITION_TYPES)[number];

/** Conditions that are there only while something is wrong with injection, or with what is known. They do not count for `Ready`. */
export const INJECTION_CONDITION_TYPES = [
  'InjectionConflict',
  'SidecarsMissing',
  'InjectorMissing',
  'RevisionInUse',
  'DataStale',
] as const;
export type InjectionConditionType = (typeof INJECTION_CONDITION_TYPES)[number];

/**
 * Conditions that are there only while the owner of the resource asked for less than all that the operator does. They
 * do not count for `Ready`.
 */
export const RESTRAINT_CONDITION_TYPES = ['Paused', 'PlanPending', 'Drifted', 'AnnotationUnclear'] as const;
export type RestraintConditionType = (typeof RESTRAINT_CONDITION_TYPES)[number];

/** Conditions about the release of Istio that is installed. They do not count for `Ready`. */
export const VERSION_CONDITION_TYPES = ['UpgradeAvailable', 'PreviewVersion'] as const;
export type VersionConditionType = (typeof VERSION_CONDITION_TYPES)[number];

/**
 * Every reason that a condition of an IstioOperator can have, and what it means to its reader. Users match on these:
 * a rename is a breaking change.
 */
export const CONDITION_REASONS = {
  Installed: 'Everything is applied and runs.',
  Progressing: 'A change is being applied, or a workload is on its way to ready.',
  WaitingForInjector:
    'A gateway with the image "auto" is not started, because no injector would fill in its pods; the message names what is in the way.',
  WorkloadNotReady:
    'A workload does not become ready; the message names pod, container and reason, and what helps. What it replaces stays.',
  ApplyFailed: 'The API server refused an object; it is tried again.',
  ReadFailed: 'The state of the cluster could not be read; nothing was pruned.',
  PassFailed: 'A pass broke off; the message says why and until when it is tried again.',
  FieldsContested:
    'Somebody undoes each repair of an object; the message names who, object and fields. Repairs wait longer and longer.',
  InvalidResource: 'The resource cannot be decoded or rendered; nothing was applied and what runs goes on.',
  InjectionBroken:
    'With what the resource says of injection, sample pods would not be injected; nothing was applied, and injection goes on with the last good.',
  NamespaceNotAllowed:
    'The resource, or its control plane, is in a namespace that is not one for control planes; nothing was applied.',
  SettingNotPermitted: 'An overlay or a setting reaches what this installation does not permit; nothing was applied.',
  Conflict: 'Another field manager or another IstioOperator holds an object that this one renders.',
  ChangeRefused:
    'The API server would refuse an object of a change, as a dry run showed. Nothing of the change was written, and what runs goes on.',
  PrecheckFailed:
    'The upgrade to another minor was not begun: something in the cluster speaks against it, which the message names with its code. Nothing of the change was written, and what runs goes on.',
  AdoptionRequired:
    'Objects of another installer of Istio are in the way; the message lists them. Nothing was written, and what runs goes on.',
  Paused:
    'Annotation install.istio.io/ignoreReconcile keeps the operator away; the message says whether a newer spec waits.',
  ApprovalRequired: 'A change waits for the approval of its plan; the message names its hash and where it can be read.',
  ObjectsPaused:
    'Annotation sailwright.dev/pause keeps the operator from objects; the message names them and what waits.',
  DriftKept:
    'Others changed objects, and annotation sailwright.dev/drift asks to leave them so; the message names who and what.',
  AnnotationUnclear:
    'An annotation says what cannot be understood, or names what is not there; that part counts for nothing.',
  Deleting: 'The installation is being removed.',
  DeletionBlocked: 'Something keeps an object from being removed; the message names it.',
  RevisionInUse: 'Namespaces, pods, tags or gateways use what would be removed; the message names them.',
  UpToDate: 'Nothing is left to do.',
  NotStalled: 'Nothing keeps the operator from going on.',
  WebhookProven: 'The API server was seen to be refused by the webhook, and lets nothing pass without it.',
  WebhookNotProven: 'The webhook did not answer when it was tried; the message says what happens meanwhile.',
  WebhookOptional: 'The webhook answers, but a person chose that its absence blocks nothing.',
  CompetingInjector:
    'Another MutatingWebhookConfiguration would inject the same pods; webhooks that are not there yet are not made.',
  PodsWithoutSidecar:
    'Pods run without the sidecar that they would get if they were created now; the message names the first.',
  KindsNotRead:
    'Kinds cannot be read; what goes by them, injection included, goes by what was known. The message names kind and time.',
  LabelsWithoutInjector:
    'Labels of namespaces or pods ask for a revision, a tag or a default that is not there; the message names them.',
  NewerRelease: 'A newer release of Istio is known; the message names it, and when support of the one that runs ends.',
  NewestRelease: 'No newer release of Istio is known that is no preview.',
  Preview: 'Not all of this minor could be held against Istio itself.',
} as const;
export type ConditionReason = keyof typeof CONDITION_REASONS;

/** Reasons of Events on an IstioOperator. */
export const EVENT_REASONS = {
  Installed: 'Every component became ready.',
  Invalid: 'The resource cannot be decoded or rendered.',
  InjectionBroken: 'Sample pods would not be injected with what the resource says.',
  Refused: 'This installation does not apply the resource: by its namespace, or by a setting.',
  Adopted: 'An object of another installer was taken over.',
  DriftRepaired: 'Somebody changed or deleted an object, and it was put back.',
  WaitingForInjector: 'A gateway is not started, because no injector would fill in its pods.',
  WorkloadNotReady: 'Pods of a workload do not run; the message names the reason and what helps.',
  ApplyFailed: 'The API server refused an object.',
  PassFailed: 'A pass broke off before its end.',
  FieldsContested: 'Somebody undoes each repair of an object.',
  Conflict: 'An object is held by another manager or IstioOperator.',
  Recreated: 'An object that cannot be changed in place is made anew, as its annotation asks.',
  ChangeRefused: 'A change was not written, because the API server would refuse an object of it.',
  PrecheckFailed: 'An upgrade was not begun, because something in the cluster speaks against it.',
  AdoptionRequired: 'Objects of another installer are not taken over without consent.',
  Pruned: 'Objects that are rendered no more were removed.',
  Paused: 'Reconciling of the resource or of objects was paused.',
  Resumed: 'Reconciling goes on.',
  PlanPending: 'A change waits for approval.',
  PlanApproved: 'An approved change is carried out.',
  DriftKept: 'Others changed objects, and they are left so as an annotation asks.',
  DriftEnded: 'Nothing is left any more that others changed.',
  AnnotationUnclear: 'An annotation says what cannot be understood.',
  Deleting: 'The installation is being removed.',
  DeletionBlocked: 'Something keeps an object from being removed.',
  RevisionInUse: 'Something that would be removed is still used.',
  InjectionConflict: 'Another injector was found that takes the same pods.',
  SidecarsMissing: 'Pods were found without the sidecar that they should have.',
  DataStale: 'Kinds cannot be read; what was known of them is used.',
  InjectorMissing: 'Labels were found that ask for an injector which is not there.',
} as const;
export type EventReason = keyof typeof EVENT_REASONS;

/** With the value `true`: the operator writes nothing for this resource. Upstream's name. */
export const IGNORE_ANNOTATION = 'install.istio.io/ignoreReconcile';
/** Of Istio's former operator, which no longer runs to remove it. */
export const FORMER_FINALIZER = 'istio-finalizer.install.istio.io';
