import type { IstioTraits } from '../traits.ts';
import { TRAITS as BEFORE } from '../v1-31/traits.ts';

export const TRAITS: IstioTraits = {
  ...BEFORE,
  writesBackendStatus: true,
  tellsGoItsCpu: false,
  warnsOfWideAddresses: true,
  knowsKubernetesGateways: true,
};
