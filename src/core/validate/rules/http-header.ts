import type { Fault } from '../findings.ts';

// The range from + to . is Istio's own: it takes the comma as well.
const NAME = /^[!#$%&'*+\-.,^_`|~A-Za-z0-9]+$/;
const STRICT_NAME = /^[-_A-Za-z0-9]+$/;
const PROBE_NAME = /^[-A-Za-z0-9]+$/;
// eslint-disable-next-line no-control-regex -- control characters are what must not be there
const VALUE = /^[^\x00-\x08\x0A-\x1F\x7F]*$/;
const PSEUDO_HEADERS: ReadonlySet<string> = new Set([':method', ':scheme', ':authority', ':path', ':status']);
const CLAIM = /^@request\.auth\.claims(?:\.[^]|\[[^]+\]$)/i;

/** Whether the name of a header stands for a claim of the request's token: `@request.auth.claims.group` or `[group]`. */
export function isJwtClaimHeader(name: string): boolean {
  return CLAIM.test(name);
}

/** The name of a header that a request is matched by: a header, a pseudo-header or a claim of the token. */
export function findMatchHeaderNameFault(name: string): Fault | undefined {
  if (isJwtClaimHeader(name) || PSEUDO_HEADERS.has(name)) return undefined;
  return findNameFault(name, NAME);
}

/** A name of letters, digits, `-` and `_` only. */
export function findStrictHeaderNameFault(name: string): Fault | undefined {
  return findNameFault(name, STRICT_NAME);
}

/** The name of a header in a CORS policy; `*` stands for all. */
export function findCorsHeaderNameFault(name: string): Fault | undefined {
  return findNameFault(name, NAME);
}

/** The name of a header that a probe sends. */
export function findProbeHeaderNameFault(name: string): Fault | undefined {
  return findNameFault(name, PROBE_NAME);
}

/** The name of a header that is added to, or set on, a request. Its host may be changed so. */
export function findRequestHeaderNameFault(name: string): Fault | undefined {
  if (name === '') return EMPTY;
  return name.startsWith(':') && name.toLowerCase() !== ':authority' ? pseudoHeaderFault(name) : undefined;
}

/** The name of a header that is removed, or changed on a response. */
export function findHeaderOperationNameFault(name: string): Fault | undefined {
  if (name === '') return EMPTY;
  if (name.toLowerCase() === 'host') {
    return { code: 'HeaderHost', message: 'the Host header cannot be removed, nor set on a response' };
  }
  return name.startsWith(':') ? pseudoHeaderFault(name) : undefined;
}

/** The value of a header that Envoy sets: no control characters, and `%` only as `%%` or around a variable. */
export function findHeaderValueFault(value: string): Fault | undefined {
  if (!VALUE.test(value)) {
    return { code: 'HeaderValueInvalid', message: 'must not contain control characters other than the tab' };
  }
  if (!value.includes('%') || isHeaderFormat(value)) return undefined;
  const message = `${JSON.stringify(value)}: % starts a variable such as %HOSTNAME% and this one is not complete; write %% for a percent sign`;
  return { code: 'HeaderValueInvalid', message };
}

const EMPTY: Fault = { code: 'HeaderNameEmpty', message: 'the name of a header must not be empty' };

function findNameFault(name: string, pattern: RegExp): Fault | undefined {
  if (pattern.test(name)) return undefined;
  if (name === '') return EMPTY;
  return { code: 'HeaderNameInvalid', message: `${JSON.stringify(name)} is not a valid name of a header` };
}

function pseudoHeaderFault(name: string): Fault {
  return {
    code: 'HeaderNamePseudo',
    message: `${JSON.stringify(name)} is not a header that can be changed: it starts with :`,
  };
}

type State = 'literal' | 'name' | 'arguments' | 'element' | 'text' | 'afterElement' | 'afterArguments' | 'variableEnd';

/** What follows in a state: after certain characters, and after any other one. Where there is no other, it is an error. */
interface Transitions {
  on: Readonly<Record<string, State>>;
  other?: State;
}

const TRANSITIONS: Readonly<Record<State, Transitions>> = {
  literal: { on: { '%': 'name' }, other: 'literal' },
  name: { on: { '%': 'literal', '(': 'arguments' }, other: 'name' },
  arguments: { on: { '[': 'element', ' ': 'arguments' }, other: 'text' },
  element: { on: { '"': 'text', ' ': 'element' } },
  text: { on: { ')': 'variableEnd', '"': 'afterElement' }, other: 'text' },
  afterElement: { on: { ',': 'element', ']': 'afterArguments', ' ': 'afterElement' } },
  afterArguments: { on: { ')': 'variableEnd', ' ': 'afterArguments' } },
  variableEnd: { on: { '%': 'literal', ' ': 'variableEnd' } },
};

/** Envoy's grammar of header values: text, `%%`, `%NAME%`, `%NAME(...)%`, `%NAME(["a", "b"])%`. */
function isHeaderFormat(value: string): boolean {
  let state: State = 'literal';
  for (let i = 0; i < value.length; i++) {
    const char = value.charAt(i);
    const isPair = (state === 'literal' && value.startsWith('%%', i)) || (state === 'text' && char === '\\');
    if (isPair) {
      if (++i >= value.length) return false;
      continue;
    }
    const transitions: Transitions = TRANSITIONS[state];
    const next: State | undefined = transitions.on[char] ?? transitions.other;
    if (next === undefined) return false;
    state = next;
  }
  return state === 'literal';
}
