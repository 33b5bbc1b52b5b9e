// What the API server says of pods and configuration while something is done to those whom it asks.
import type { KubeClient } from '../../../src/kube/client.ts';
import { errorText } from '../../../src/core/error-text.ts';
import type { KubeObject } from '../../../src/core/kube-object.ts';
import { pause } from '../../../testbed/wait.ts';

/** What was asked, and what came back that should not have. */
export interface CallTally {
  calls: number;
  /** How many were answered as they should be, in a row, up to now. */
  inOrder: number;
  /** How often each unexpected answer came. */
  unexpected: Record<string, number>;
}

/** Of each kind about five a second: who asks shall not be what is measured. */
const PAUSE_MS = 200;

/**
 * Asks for a pod, a good and a bad VirtualService and a bad IstioOperator again and again, each kind by itself, while
 * something is done; nothing is stored. The pod must come back with a proxy, what is bad must be refused by the operator.
 */
export async function callDuring(admin: KubeClient, act: (tally: CallTally) => Promise<unknown>): Promise<CallTally> {
  const tally: CallTally = { calls: 0, inOrder: 0, unexpected: {} };
  const ending = new AbortController();
  const callers = QUESTIONS.map((question) => call(admin, question, tally, ending.signal));
  try {
    await act(tally);
  } finally {
    ending.abort();
    await Promise.all(callers);
  }
  return tally;
}

async function call(
  admin: KubeClient,
  { object, findFault }: Question,
  tally: CallTally,
  ending: AbortSignal,
): Promise<void> {
  while (!ending.aborted) {
    const fault = findFault(await admin.create(object, { dryRun: true }).catch((error: unknown) => errorText(error)));
    tally.calls += 1;
    tally.inOrder = fault === undefined ? tally.inOrder + 1 : 0;
    if (fault !== undefined) tally.unexpected[fault] = (tally.unexpected[fault] ?? 0) + 1;
    await pause(PAUSE_MS);
  }
}

/** Something to ask for, and what is wrong with an answer: the object, or the words of a refusal. */
interface Question {
  readonly object: KubeObject;
  readonly findFault: (answer: KubeObject | string) => string | undefined;
}

const mustBeAdmitted = (answer: KubeObject | string): string | undefined =>
  typeof answer === 'string' ? answer : undefined;

function mustBeRefused(answer: KubeObject | string): string | undefined {
  if (typeof answer !== 'string') return `${answer.kind} ${answer.metadata.name} was admitted`;
  return answer.includes('denied the request') ? undefined : answer;
}

function mustBeInjected(answer: KubeObject | string): string | undefined {
  if (typeof answer === 'string') return answer;
  return JSON.stringify(answer['spec']).includes('"istio-proxy"') ? undefined : 'a pod without a proxy';
}

const VIRTUAL_SERVICE = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' };
const routeTo = (destination: object): object => ({ hosts: ['asked.example'], http: [{ route: [destination] }] });

const QUESTIONS: readonly Question[] = [
  {
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop', name: 'asked' },
      spec: { containers: [{ name: 'app', image: 'testbed.local/pause:1' }] },
    },
    findFault: mustBeInjected,
  },
  {
    object: {
      ...VIRTUAL_SERVICE,
      metadata: { namespace: 'shop', name: 'asked-good' },
      spec: routeTo({ destination: { host: 'backend' } }),
    },
    findFault: mustBeAdmitted,
  },
  {
    object: {
      ...VIRTUAL_SERVICE,
      metadata: { namespace: 'shop', name: 'asked-bad' },
      spec: routeTo({ destination: { host: 'backend' }, weight: -1 }),
    },
    findFault: mustBeRefused,
  },
  {
    object: {
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      metadata: { namespace: 'istio-system', name: 'asked' },
      spec: { profile: 'no-such-profile' },
    },
    findFault: mustBeRefused,
  },
];
