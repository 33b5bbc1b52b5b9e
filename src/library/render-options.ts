/** What decides a rendering beside the IstioOperator. */
export interface RenderOptions {
  /** Minor or release of Istio, such as `1.31` or `1.31.4`, whatever the resource says. */
  istioVersion?: string;
  /** Version of the cluster, such as `v1.33.1`; the oldest that is supported when left out. */
  kubernetesVersion?: string;
  /** `sailwright`, what the operator applies (when left out), or `upstream`, what Istio's own tool renders. */
  form?: 'sailwright' | 'upstream';
  /** Profile in the place of the resource's. */
  profile?: string;
  /** Settings on top of the resource's, each as `path=value`. */
  set?: readonly string[];
  /** Registry and path of the images where the resource names none; Istio's own when left out. */
  defaultHub?: string;
  /** Tag of the images where the resource names none; that of the release when left out. */
  defaultTag?: string;
}
