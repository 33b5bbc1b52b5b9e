import type { VirtualService } from '../../../../api/networking/virtual-service.ts';

const MESH = 'mesh';

/** Whether only gateways use the routes, and no sidecar. */
export function isBoundToGateway({ gateways = [] }: VirtualService): boolean {
  return gateways.length > 0 && !gateways.includes(MESH);
}
