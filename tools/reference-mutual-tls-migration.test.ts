import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BLOCKING_REASONS,
  MIGRATION_CONDITION_REASONS,
  MIGRATION_EVENT_REASONS,
  READINESS_REASONS,
} from '../src/api/mtls/reasons.ts';

const path = join(import.meta.dirname, '../docs/guides/mutual-tls-migration.md');
const guide = readFileSync(path, 'utf8').replace(/ +\|/g, ' |');
const blocking: readonly string[] = BLOCKING_REASONS;

describe('docs/guides/mutual-tls-migration.md', () => {
  it.each([...Object.entries(MIGRATION_CONDITION_REASONS), ...Object.entries(MIGRATION_EVENT_REASONS)])(
    'explains the reason %s',
    (reason, meaning) => {
      expect(guide).toContain(`| \`${reason}\` | ${meaning} |`);
    },
  );
  it.each(Object.entries(READINESS_REASONS))('explains the finding %s, and whether it blocks', (reason, meaning) => {
    expect(guide).toContain(`| \`${reason}\` | ${meaning} | ${blocking.includes(reason) ? 'yes' : 'no'} |`);
  });
});
