import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { showPreview } from './preview.ts';
import { Screen } from './screen.ts';

const PROGRAM = join(import.meta.dirname, '../../src/main.ts');

describe('showPreview', () => {
  it('shows what is rendered, injected and refused without a cluster', async () => {
    let text = '';
    const screen = new Screen({ write: (more) => (text += more) }, {});
    await showPreview({ screen, signal: new AbortController().signal }, PROGRAM);
    expect(text).toMatch(/ {2}\d\d objects: \d\d CustomResourceDefinition, .*2 Deployment/);
    expect(text).toMatch(/istio-init +docker.io\/istio\/proxyv2:.*\n.*web +registry.example\/web:1\n.*istio-proxy/);
    expect(text).toMatch(/ {2}error: VirtualService shop\/web: spec.http\[0\].retries.retryOn: "5xxx" is no reason/);
  });

  it('says what the program said when it broke', async () => {
    const screen = new Screen({ write: () => undefined }, {});
    const broken = join(import.meta.dirname, 'missing.js');
    await expect(showPreview({ screen, signal: new AbortController().signal }, broken)).rejects.toThrow(/missing\.js/);
  });
});
