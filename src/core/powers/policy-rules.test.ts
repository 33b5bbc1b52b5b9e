import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeMissingGrants, computeUnion, type PolicyRule } from './policy-rules.ts';

const read = ['get', 'list', 'watch'];

describe('computeMissingGrants', () => {
  const cases: { says: string; held: PolicyRule[]; wanted: PolicyRule; missing: number }[] = [
    {
      says: 'a wildcard resource holds each resource and subresource of its group',
      held: [{ apiGroups: ['a.io'], resources: ['*'], verbs: ['get'] }],
      wanted: { apiGroups: ['a.io'], resources: ['things', 'things/status'], verbs: ['get'] },
      missing: 0,
    },
    {
      says: 'a list of resources does not hold the wildcard',
      held: [{ apiGroups: ['a.io'], resources: ['things'], verbs: ['get'] }],
      wanted: { apiGroups: ['a.io'], resources: ['*'], verbs: ['get'] },
      missing: 1,
    },
    {
      says: 'every listed verb together does not hold the wildcard verb',
      held: [{ apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete', ...read, 'patch', 'update'] }],
      wanted: { apiGroups: [''], resources: ['pods'], verbs: ['*'] },
      missing: 1,
    },
    {
      says: 'a right on one name is not the right on all',
      held: [{ apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['get'] }],
      wanted: { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      missing: 1,
    },
    {
      says: 'the right on all names holds each name',
      held: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
      wanted: { apiGroups: [''], resources: ['pods'], resourceNames: ['a', 'b'], verbs: ['get'] },
      missing: 0,
    },
    {
      says: 'null names mean no restriction',
      held: [{ apiGroups: ['c'], resources: ['signers'], resourceNames: null, verbs: ['approve'] }],
      wanted: { apiGroups: ['c'], resources: ['signers'], verbs: ['approve'] },
      missing: 0,
    },
    {
      says: 'two rules together hold what neither holds alone',
      held: [
        { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
        { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] },
      ],
      wanted: { apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get'] },
      missing: 0,
    },
    {
      says: 'a URL with a star holds the paths below it',
      held: [{ nonResourceURLs: ['/debug/*'], verbs: ['get'] }],
      wanted: { nonResourceURLs: ['/debug/x', '/metrics'], verbs: ['get'] },
      missing: 1,
    },
  ];
  it.each(cases)('$says', ({ held, wanted, missing }) => {
    expect(computeMissingGrants(held, [wanted])).toHaveLength(missing);
  });
});

const someOf = (values: string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const anyRule: fc.Arbitrary<PolicyRule> = fc.record({
  apiGroups: someOf(['', 'apps', 'a.io']),
  resources: someOf(['*', 'pods', 'pods/status', 'nodes']),
  resourceNames: fc.constantFrom<string[][]>([], ['x'], ['x', 'y']),
  verbs: someOf(['get', 'list', 'delete', '*']),
});

describe('computeUnion', () => {
  it('has exactly the power of its parts', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), (rules) => {
        const union = computeUnion(rules);
        expect(computeMissingGrants(union, rules)).toEqual([]);
        expect(computeMissingGrants(rules, union)).toEqual([]);
      }),
    );
  });

  it('does not depend on the order, and is stable', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), (rules) => {
        const union = computeUnion(rules);
        expect(computeUnion([...rules].reverse())).toEqual(union);
        expect(computeUnion(union)).toEqual(union);
      }),
    );
  });

  it('puts resources with the same verbs into one rule and drops what another rule includes', () => {
    expect(
      computeUnion([
        { apiGroups: [''], resources: ['pods'], verbs: ['list', 'get'] },
        { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] },
        { apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['get'] },
      ]),
    ).toEqual([{ apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list'] }]);
  });
});
