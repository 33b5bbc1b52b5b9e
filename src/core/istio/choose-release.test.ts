import { describe, expect, it } from 'vitest';
import { chooseRelease, type ReleaseWishes } from './choose-release.ts';
import { listMinors } from './registry.ts';

const tag = (text: string): ReleaseWishes['tag'] => ({ path: 'spec.tag', text });

const BACK = { wanted: 'true', to: '1.30.5' };

function chosen(wishes: ReleaseWishes): string {
  const choice = chooseRelease(wishes);
  return choice.ok ? choice.value.name : choice.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
}

describe('the release of a resource', () => {
  it.each<[string, ReleaseWishes, string]>([
    ['nothing is said: the newest that is no preview', {}, '1.31.4'],
    ['the flag wins', { asked: '1.32', annotation: '1.30', tag: tag('1.31.1') }, '1.32.0'],
    ['the annotation wins over the tag', { annotation: '1.30', tag: tag('1.31.1'), recorded: '1.31' }, '1.30.8'],
    ['an annotation with a patch', { annotation: '1.31.2' }, '1.31.2'],
    ['an annotation with a letter', { annotation: 'v1.31' }, '1.31.4'],
    ['a minor in the annotation, its patch in the tag', { annotation: '1.31', tag: tag('1.31.0') }, '1.31.0'],
    ['a patch in the annotation, another in the tag', { annotation: '1.31.2', tag: tag('1.31.0') }, '1.31.2'],
    ['a tag that is a release', { tag: tag('1.30.2-distroless'), recorded: '1.31' }, '1.30.2'],
    ['a patch that came after this binary', { tag: tag('1.30.99') }, '1.30.99'],
    ['a tag of a build of one’s own', { tag: tag('mine'), recorded: '1.30' }, '1.30.8'],
    ['what is installed stays', { recorded: '1.30' }, '1.30.8'],
    ['what is installed stays, a preview too', { recorded: '1.32' }, '1.32.0'],
    ['a tag of the installation that is a release', { defaultTag: '1.30.3' }, '1.30.3'],
    ['what is installed wins over it', { defaultTag: '1.30.3', recorded: '1.31' }, '1.31.4'],
    ['an empty annotation says nothing', { annotation: '' }, '1.31.4'],
    ['a step back wins over the annotation', { annotation: '1.31', rollBack: BACK, recorded: '1.31' }, '1.30.5'],
    ['a step back after it was made', { annotation: '1.31', rollBack: BACK, recorded: '1.30' }, '1.30.5'],
    ['a step back with a tag of one’s own', { tag: tag('mine'), rollBack: BACK, recorded: '1.31' }, '1.30.5'],
    ['no step back', { annotation: '1.31', rollBack: { wanted: 'false', to: '1.30.5' } }, '1.31.4'],
    ['the flag wins over a step back', { asked: '1.32', rollBack: BACK }, '1.32.0'],
  ])('%s', (_, wishes, name) => {
    expect(chosen(wishes)).toBe(name);
  });

  it.each<[string, ReleaseWishes, string]>([
    ['of the flag', { asked: '1.29' }, '--istio-version: Istio 1.29 is not supported, got "1.29"'],
    [
      'of the annotation',
      { annotation: '9.9.1' },
      'metadata.annotations["sailwright.dev/istio-version"]: Istio 9.9 is not supported, got "9.9.1"',
    ],
    ['of the tag', { tag: tag('1.29.3') }, 'spec.tag: Istio 1.29 is not supported, got "1.29.3"'],
    ['that is installed', { recorded: '1.29' }, 'status.istioVersion: Istio 1.29 is not supported, got "1.29"'],
  ])('refuses a minor %s with the list of those that are supported', (_, wishes, text) => {
    expect(chosen(wishes)).toBe(text);
    const choice = chooseRelease(wishes);
    expect(choice.ok ? [] : choice.problems[0]?.hint).toContain(`supported: ${listMinors()}`);
  });

  it.each(['latest', '1', '1.31.x', '1.31.4.5', 1.31, true, {}])('refuses the annotation %j', (annotation) => {
    const text = chosen({ annotation });
    if (annotation === 1.31) expect(text).toBe('1.31.4');
    else expect(text).toContain('must be a minor or a release of Istio, such as "1.31" or "1.31.4"');
  });

  it.each<[string, ReleaseWishes, string]>([
    ['with nothing before', { rollBack: { wanted: 'true', to: undefined } }, 'there is no release to go back to'],
    ['of another word', { rollBack: { wanted: 'yes', to: '1.30.5' } }, 'must be "true" or "false", got "yes"'],
    ['against the tag', { rollBack: BACK, tag: tag('1.31.4') }, 'spec.tag names images of 1.31.4'],
  ])('refuses a step back %s', (_, wishes, text) => {
    expect(chosen(wishes)).toContain(`metadata.annotations["sailwright.dev/roll-back"]: ${text}`);
  });

  it('warns where annotation and tag disagree', () => {
    const { warnings } = chooseRelease({ annotation: '1.30', tag: tag('1.31.4') });
    expect(warnings.map(({ path }) => path)).toEqual(['spec.tag']);
    expect(chooseRelease({ annotation: '1.31', tag: tag('1.31.4') }).warnings).toEqual([]);
  });
});
