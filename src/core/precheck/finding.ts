import type { PrecheckCode, PrecheckLevel } from '../../api/install/precheck-codes.ts';

/** What speaks against an upgrade, or is to be known before it. */
export interface PrecheckFinding {
  code: PrecheckCode;
  level: PrecheckLevel;
  /** What is found, and where. */
  message: string;
  /** What to do. */
  hint: string;
}

/** One line. */
export function formatFinding({ code, message, hint }: PrecheckFinding): string {
  return `${code}: ${message}: ${hint}`;
}
