import type { JsonObject } from '../../kube-object.ts';
import { PLATFORMS as BEFORE } from '../v1-31/platforms.ts';

/** Chart settings of a platform: as in 1.31, and OpenShift's use nftables. */
export const PLATFORMS: Record<string, JsonObject> = {
  ...BEFORE,
  openshift: { ...BEFORE['openshift'], global: { nativeNftables: true } },
};
