import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRECHECK_CODES } from '../src/api/install/precheck-codes.ts';
import { POD_REASONS } from '../src/api/install/pod-reasons.ts';
import {
  CONDITION_REASONS,
  CONDITION_TYPES,
  EVENT_REASONS,
  INJECTION_CONDITION_TYPES,
  VERSION_CONDITION_TYPES,
  WEBHOOK_CONDITION_TYPES,
} from '../src/api/install/conditions.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/reference/conditions.md'), 'utf8');

describe('docs/reference/conditions.md', () => {
  it.each([...CONDITION_TYPES, ...WEBHOOK_CONDITION_TYPES, ...INJECTION_CONDITION_TYPES, ...VERSION_CONDITION_TYPES])(
    'explains the condition %s',
    (type) => {
      expect(page).toContain(`| \`${type}\` |`);
    },
  );

  it.each(Object.entries({ ...EVENT_REASONS, ...CONDITION_REASONS }))('explains the reason %s', (reason, meaning) => {
    expect(page).toContain(`| \`${reason}\` | ${meaning} |`);
  });

  it.each(Object.entries(POD_REASONS))('explains the reason %s of a pod', (reason, { meaning, todo }) => {
    expect(page).toContain(`| \`${reason}\` | ${meaning} | ${todo} |`);
  });
});

describe('docs/guides/upgrade.md', () => {
  const guide = readFileSync(join(import.meta.dirname, '../docs/guides/upgrade.md'), 'utf8').replace(/ +\|/g, ' |');

  it.each(Object.entries(PRECHECK_CODES))('explains the finding %s', (code, meaning) => {
    expect(guide).toMatch(new RegExp(`^\\| \`${code}\` \\| [a-zA-Z ]+ \\| `, 'm'));
    expect(guide).toContain(`| ${meaning} |`);
  });
});
