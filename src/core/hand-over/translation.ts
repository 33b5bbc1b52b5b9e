import type { JsonObject } from '../kube-object.ts';

/** A resource that stands for what another installer made. */
export interface Translation {
  /** Of an IstioOperator. */
  spec: JsonObject;
  /** What could not be carried over, each with its path. */
  notes: string[];
}
