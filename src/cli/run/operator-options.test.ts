import { describe, expect, it } from 'vitest';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';
import { PRIVILEGED_SETTINGS_FLAG } from '../../core/authorize/refusal.ts';
import { flagOf, type FlagsOf } from '../shell/option.ts';
import { RUN_OPTIONS } from './options.ts';
import { operatorOptionsOf } from './operator-options.ts';

type Flags = FlagsOf<typeof RUN_OPTIONS>;

/** The flags of a command line that gives no more than these. */
function flags(given: Partial<Flags> = {}): Flags {
  const standard = Object.fromEntries(Object.entries(RUN_OPTIONS).map(([name, { initial }]) => [name, initial]));
  return { ...(standard as Flags), ...given };
}

describe('the options of the operator', () => {
  it('has defaults for everything', () => {
    expect(operatorOptionsOf(flags(), {}, 1)).toEqual({
      namespace: 'sailwright-system',
      kubeconfig: undefined,
      context: undefined,
      metricsPort: 8080,
      webhookPort: 9443,
      webhookHost: undefined,
      webhookWorkers: 1,
      webhookUrl: undefined,
      certificateDirectory: undefined,
      healthPort: 8081,
      page: undefined,
      leaderElect: true,
      leaseDurationMs: 15_000,
      renewDeadlineMs: 10_000,
      retryPeriodMs: 2_000,
      analysisIntervalMs: 300_000,
      analysesAdmissions: true,
      controlPlaneNamespaces: ['istio-system'],
      allowsPrivilegedSettings: false,
      logLevel: 'info',
    });
  });

  it('takes the namespace of the pod, unless told', () => {
    expect(operatorOptionsOf(flags(), { POD_NAMESPACE: 'pod' }).namespace).toBe('pod');
    expect(operatorOptionsOf(flags({ namespace: 'flag' }), { POD_NAMESPACE: 'pod' }).namespace).toBe('flag');
  });

  it('adds namespaces for control planes to the usual one', () => {
    const options = operatorOptionsOf(flags({ controlPlaneNamespaces: 'mesh-a,istio-system,mesh-b' }), {});
    expect(options.controlPlaneNamespaces).toEqual(['istio-system', 'mesh-a', 'mesh-b']);
  });

  it.each([
    ['one for one processor', undefined, 1, 1],
    ['one for two', undefined, 2, 1],
    ['all processors but one', undefined, 3, 2],
    ['no more than have something to do', undefined, 64, 3],
    ['as many as told', '5', 1, 5],
  ])('has threads for webhooks: %s', (_title, webhookWorkers, processors, count) => {
    expect(operatorOptionsOf(flags({ webhookWorkers }), {}, processors).webhookWorkers).toBe(count);
  });

  const bad: [title: string, args: string[], says: string][] = [
    ['an unknown flag', ['--no-such-flag'], '--no-such-flag'],
    ['a port that is none', ['--metrics-port=x'], '--metrics-port must be a port'],
    ['a port out of range', ['--health-port=65536'], '--health-port'],
    ['no thread at all', ['--webhook-workers=0'], '--webhook-workers must be a number from 1 to 16, got "0"'],
    ['a part of a thread', ['--webhook-workers=1.5'], '--webhook-workers must be a number from 1 to 16'],
    ['a webhook URL without TLS', ['--webhook-url=http://127.0.0.1:1'], '--webhook-url must be https://HOST:PORT'],
    ['a webhook URL with a query', ['--webhook-url=https://h:1/?a=b'], '--webhook-url'],
    ['a page at an address without a port', ['--page-host=0.0.0.0'], '--page-host needs --page-port'],
    ['a page at a port that is none', ['--page-port=x'], '--page-port must be a port'],
    ['a word for a boolean', ['--leader-elect=maybe'], '--leader-elect takes true or false'],
    ['a duration without a unit', ['--lease-duration=15'], '--lease-duration must be a duration'],
    ['a deadline as long as the lease', ['--lease-renew-deadline=15s'], 'shorter than --lease-duration'],
    ['a retry as long as the deadline', ['--lease-retry-period=10s'], 'shorter than --lease-renew-deadline'],
    ['a namespace that cannot be', ['--control-plane-namespaces=a,*'], 'names of namespaces with commas'],
    ['a word for a permission', ['--allow-privileged-settings=yes'], '--allow-privileged-settings takes true or false'],
    ['an unknown level', ['--log-level=loud'], 'debug, info, warn, error'],
  ];
  it.each(bad)('refuses %s', async (_title, args, says) => {
    const { code, err } = await runSailwright(['run', ...args]);
    expect(code).toBe(2);
    expect(err).toMatch(/^sailwright run: [^\n]*\n$/);
    expect(err).toContain(says);
  });

  it('include the one that refusals name', () => {
    expect(Object.keys(RUN_OPTIONS).map(flagOf)).toContain(PRIVILEGED_SETTINGS_FLAG);
  });
});
