// `sailwright/fluent`: Istio's kinds and Sailwright's as classes for kubernetes-fluent-client, `K8s(VirtualService)`.
export * from './istio.generated.ts';
export {
  IstioOperator,
  type IstioOperatorSpec,
  type IstioOperatorStatus,
  type IstioOperatorStatusCondition,
} from './istio-operator.generated.ts';
/** All that an IstioOperator is made of: names there are also names of parts of Istio's kinds. */
export type * as install from './istio-operator.generated.ts';
export * from './analysis-report.generated.ts';
export { ProxyRollout, type ProxyRolloutSpec, type ProxyRolloutStatus } from './proxy-rollout.generated.ts';
export {
  MutualTLSMigration,
  type MutualTLSMigrationSpec,
  type MutualTLSMigrationStatus,
} from './mutual-tls-migration.generated.ts';
export { TrafficShift, type TrafficShiftSpec, type TrafficShiftStatus } from './traffic-shift.generated.ts';
