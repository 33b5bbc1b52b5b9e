import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BLOCK_REASONS, ROLLOUT_CONDITION_REASONS, ROLLOUT_EVENT_REASONS } from '../src/api/rollout/reasons.ts';

const guide = readFileSync(join(import.meta.dirname, '../docs/guides/proxy-rollout.md'), 'utf8').replace(/ +\|/g, ' |');

describe('docs/guides/proxy-rollout.md', () => {
  it.each([
    ...Object.entries(BLOCK_REASONS),
    ...Object.entries(ROLLOUT_CONDITION_REASONS),
    ...Object.entries(ROLLOUT_EVENT_REASONS),
  ])('explains the reason %s', (reason, meaning) => {
    expect(guide).toContain(`| \`${reason}\` | ${meaning} |`);
  });
});
