// Names that users match on, written here once more: a test that imported them from src would not see a rename.

/** Every object that the operator made carries this label. */
export const OWNER_SELECTOR = 'sailwright.dev/managed=true,install.operator.istio.io/owning-resource=istio';
/** Counter of finished passes over IstioOperators. */
export const PASSES_METRIC = 'sailwright_reconcile_total{controller="istio-operator"';
export const LEASE = { name: 'sailwright', namespace: 'sailwright-system' };
