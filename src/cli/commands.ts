import { BUG_REPORT } from './bug-report/command.ts';
import { INSTALL } from './install/command.ts';
import { UPGRADE } from './upgrade/command.ts';
import { SHIFT_ABORT, SHIFT_APPROVE, SHIFT_PAUSE, SHIFT_RESUME, SHIFT_STATUS } from './shift/command.ts';
import { MTLS_ABORT, MTLS_APPROVE, MTLS_PAUSE, MTLS_RESUME, MTLS_STATUS } from './mtls/command.ts';
import { STATUS } from './status/command.ts';
import { PROXIES } from './proxies/command.ts';
import { VERSION } from '../version.ts';
import { ADOPT } from './adopt/command.ts';
import { ANALYZE } from './analyze/command.ts';
import { completeCommand, COMPLETION } from './completion/command.ts';
import { DASHBOARD } from './dashboard/command.ts';
import { INJECT } from './inject/command.ts';
import { DESCRIBE } from './describe/command.ts';
import { DIFF } from './manifest/diff-command.ts';
import { GENERATE } from './manifest/generate-command.ts';
import { REPORT } from './report/command.ts';
import { RUN } from './run/command.ts';
import type { Command, Whole } from './shell/command.ts';
import { ROLLOUT_ABORT, ROLLOUT_APPROVE, ROLLOUT_PAUSE, ROLLOUT_RESUME, ROLLOUT_STATUS } from './rollout/command.ts';
import { PRECHECK } from './precheck/command.ts';
import { PROFILE_DIFF, PROFILE_DUMP, PROFILE_LIST } from './profile/command.ts';
import { TAG_LIST, TAG_REMOVE, TAG_ROLLBACK, TAG_SET } from './tag/command.ts';
import { TLS_CHECK } from './tls-check/command.ts';
import { UNINSTALL } from './uninstall/command.ts';
import { VALIDATE } from './validate/command.ts';
import { VERSION_COMMAND } from './version/command.ts';

/** In the order of their use: a mesh, looks at it, changes of it by steps, files. */
const FOR_PEOPLE: readonly Command[] = [
  INSTALL,
  STATUS,
  UPGRADE,
  PRECHECK,
  UNINSTALL,
  ADOPT,
  DESCRIBE,
  TLS_CHECK,
  PROXIES,
  ANALYZE,
  REPORT,
  DASHBOARD,
  TAG_LIST,
  TAG_SET,
  TAG_ROLLBACK,
  TAG_REMOVE,
  ROLLOUT_STATUS,
  ROLLOUT_PAUSE,
  ROLLOUT_RESUME,
  ROLLOUT_APPROVE,
  ROLLOUT_ABORT,
  SHIFT_STATUS,
  SHIFT_PAUSE,
  SHIFT_RESUME,
  SHIFT_APPROVE,
  SHIFT_ABORT,
  MTLS_STATUS,
  MTLS_PAUSE,
  MTLS_RESUME,
  MTLS_APPROVE,
  MTLS_ABORT,
  VALIDATE,
  INJECT,
  GENERATE,
  DIFF,
  PROFILE_LIST,
  PROFILE_DUMP,
  PROFILE_DIFF,
  BUG_REPORT,
  RUN,
  COMPLETION,
  VERSION_COMMAND,
];

/** The whole command line: every command, in the order in which help lists them. */
export const SAILWRIGHT: Whole = {
  name: 'sailwright',
  about: 'An operator for the Istio service mesh, and its rules on the command line.',
  version: VERSION,
  groups: {
    authn: 'who proves to whom who it is',
    manifest: 'what an IstioOperator asks for, in objects',
    mtls: 'mutual TLS that becomes STRICT without cutting anybody off',
    profile: 'settings that an IstioOperator starts from',
    rollout: 'proxies that are renewed in waves',
    shift: 'traffic that moves to another destination in steps',
    tag: 'names that namespaces use in place of a revision',
  },
  commands: [...FOR_PEOPLE, completeCommand(FOR_PEOPLE)],
};
