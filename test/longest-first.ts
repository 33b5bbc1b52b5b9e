import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take a minute or more, the longest first. Not a word of them says so: Vitest would begin with large ones. */
const LONG = [
  'e2e/crash',
  'e2e/neighbours',
  'conformance/manifests',
  'conformance/manifests-older',
  'integration/istio-operator-recreate',
];

/** Begins with what takes longest, so that of two workers none ends minutes after the other. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = LONG.flatMap((name) => sorted.filter(({ moduleId }) => moduleId.endsWith(`/${name}.test.ts`)));
    return [...long, ...sorted.filter((file) => !long.includes(file))];
  }
}
