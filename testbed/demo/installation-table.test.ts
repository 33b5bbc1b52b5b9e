import { describe, expect, it } from 'vitest';
import { renderInstallationChanges, renderInstallation, type InstallationView } from './installation-table.ts';
import { plainText } from './line.ts';

const view = (part: Partial<InstallationView>): InstallationView => ({
  ready: { status: 'Unknown', reason: '', message: '' },
  components: [],
  workloads: [],
  seconds: 1,
  ...part,
});

describe('renderInstallation', () => {
  it('shows components, pods and the summary', () => {
    const lines = renderInstallation(
      view({
        ready: { status: 'False', reason: 'Progressing', message: 'waiting for istiod' },
        components: [['Pilot', 'RECONCILING']],
        workloads: [{ name: 'istiod', ready: 0, wanted: 1 }],
        seconds: 2.34,
      }),
    );
    expect(lines.map(plainText)).toEqual([
      'COMPONENT            STATUS        PODS',
      'Pilot                RECONCILING',
      '  deployment/istiod  starting      0/1',
      '2.3 s  Progressing: waiting for istiod',
    ]);
  });
});

describe('renderInstallationChanges', () => {
  it('says nothing when only time passed', () => {
    const before = view({ components: [['Pilot', 'HEALTHY']] });
    expect(renderInstallationChanges(before, { ...before, seconds: 9 })).toEqual([]);
  });

  it('names what changed', () => {
    const before = view({ workloads: [{ name: 'istiod', ready: 0, wanted: 1 }] });
    const after = view({ workloads: [{ name: 'istiod', ready: 1, wanted: 1 }], seconds: 3 });
    expect(renderInstallationChanges(before, after)).toEqual(['   3.0 s  deployment/istiod: 1/1 ready']);
  });
});
