import type { Problem } from '../problem.ts';

/** Fields of the spec that are also put into values, so that one mistake shows at both places. */
const TRANSLATED = [
  ['spec.values.global.hub', 'spec.hub'],
  ['spec.values.global.tag', 'spec.tag'],
  ['spec.values.revision', 'spec.revision'],
  ['spec.values.compatibilityVersion', 'spec.compatibilityVersion'],
  ['spec.values.meshConfig', 'spec.meshConfig'],
] as const;

/** Leaves out findings about values that repeat one about the field that the user wrote. */
export function withoutEchoes(findings: readonly Problem[]): Problem[] {
  const known = new Set(findings.map(({ path, message }) => `${path}\n${message}`));
  return findings.filter(({ path, message }) => {
    const pair = TRANSLATED.find(([copy]) => path === copy || path.startsWith(`${copy}.`));
    return !pair || !known.has(`${pair[1]}${path.slice(pair[0].length)}\n${message}`);
  });
}
