import { describe, expect, it } from 'vitest';
import { templateContext } from '../../../../../test/builders/template-context.ts';
import { compileTemplate } from '../../../inject/templates/custom-template.ts';
import type { JsonObject } from '../../../kube-object.ts';
import { DEFAULT_VERSION } from '../../../istio/registry.ts';
import { IMAGE, LOG_ARGUMENTS, VARIABLES } from './gateway-parts.ts';
import { kubeGatewayTemplate } from './kube-gateway.ts';
import { waypointTemplate } from './waypoint.ts';

const TRAITS = DEFAULT_VERSION.traits;
const IMAGE_VARIABLE = VARIABLES.split('\n')
  .filter((line) => line.includes('$image'))
  .join('\n');

/** The container that the shared pieces make for a Gateway with these annotations. */
function containerFor(annotations: Record<string, string>): JsonObject | undefined {
  const template = `${IMAGE_VARIABLE}\nspec:\n      containers:\n      - name: istio-proxy\n${IMAGE}        args:\n${LOG_ARGUMENTS}`;
  const { spec } = compileTemplate(template)(templateContext({ annotations }));
  return (spec?.containers as JsonObject[] | undefined)?.[0];
}

describe('what istiod makes of a Gateway of Gateway API', () => {
  it.each(['123', 'true', 'a: b', '"', '# x', 'x\ny: z'])('takes annotations as they stand: %j', (text) => {
    const prefix = 'sidecar.istio.io';
    const container = containerFor({
      [`${prefix}/proxyImage`]: `hub/${text}`,
      [`${prefix}/logLevel`]: text,
      [`${prefix}/componentLogLevel`]: text,
      [`${prefix}/agentLogLevel`]: text,
    });
    expect(container?.image).toBe(`hub/${text}`);
    expect(container?.args).toEqual([
      '--proxyLogLevel',
      text,
      '--proxyComponentLogLevel',
      text,
      '--log_output_level',
      text,
    ]);
  });

  it('reads no other annotation of the proxy', () => {
    for (const template of [kubeGatewayTemplate(TRAITS), waypointTemplate(TRAITS)]) {
      const read = [...template.matchAll(/annotation \.ObjectMeta "sidecar\.istio\.io\/(\w+)"/g)].map(
        ([, name]) => name,
      );
      expect(read.sort()).toEqual(['agentLogLevel', 'componentLogLevel', 'logLevel', 'proxyImage']);
    }
  });
});
