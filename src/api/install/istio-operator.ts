import { z } from 'zod';

export const istioOperatorSpec = z.object({}).loose();
export type IstioOperatorSpec = z.infer<typeof istioOperatorSpec>;
export type IstioOperator = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; [field: string]: unknown };
  spec: IstioOperatorSpec;
};
