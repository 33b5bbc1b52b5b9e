import { describe, expect, it } from 'vitest';
import { renderChanges, renderTable, type DemoView } from './demo-table.ts';

const view = (part: Partial<DemoView>): DemoView => ({
  ready: { status: 'Unknown', reason: '', message: '' },
  components: [],
  workloads: [],
  seconds: 1,
  ...part,
});

describe('renderTable', () => {
  it('shows components, pods and the summary', () => {
    const lines = renderTable(
      view({
        ready: { status: 'False', reason: 'Progressing', message: 'waiting for istiod' },
        components: [['Pilot', 'RECONCILING']],
        workloads: [{ name: 'istiod', ready: 0, wanted: 1 }],
        seconds: 2.34,
      }),
    );
    expect(lines).toEqual([
      'COMPONENT            STATUS        PODS',
      'Pilot                RECONCILING',
      '  deployment/istiod  starting      0/1',
      '2.3 s  Progressing: waiting for istiod',
    ]);
  });

  it('never writes past the edge of the terminal, where a redraw would leave lines behind', () => {
    const ready = { status: 'False', reason: 'X', message: 'long '.repeat(50) };
    expect(Math.max(...renderTable(view({ ready }), 40).map((line) => line.length))).toBeLessThan(40);
  });
});

describe('renderChanges', () => {
  it('says nothing when only time passed', () => {
    const before = view({ components: [['Pilot', 'HEALTHY']] });
    expect(renderChanges(before, { ...before, seconds: 9 })).toEqual([]);
  });

  it('names what changed', () => {
    const before = view({ workloads: [{ name: 'istiod', ready: 0, wanted: 1 }] });
    const after = view({ workloads: [{ name: 'istiod', ready: 1, wanted: 1 }], seconds: 3 });
    expect(renderChanges(before, after)).toEqual(['   3.0 s  deployment/istiod: 1/1 ready']);
  });
});
