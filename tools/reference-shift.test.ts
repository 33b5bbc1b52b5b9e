import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHIFT_CONDITION_REASONS, SHIFT_EVENT_REASONS } from '../src/api/shift/reasons.ts';

const guide = readFileSync(join(import.meta.dirname, '../docs/guides/traffic-shift.md'), 'utf8').replace(/ +\|/g, ' |');

describe('docs/guides/traffic-shift.md', () => {
  it.each([...Object.entries(SHIFT_CONDITION_REASONS), ...Object.entries(SHIFT_EVENT_REASONS)])(
    'explains the reason %s',
    (reason, meaning) => {
      expect(guide).toContain(`| \`${reason}\` | ${meaning} |`);
    },
  );
});
