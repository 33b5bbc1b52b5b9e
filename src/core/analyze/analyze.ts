import { SYSTEM_NAMESPACES } from '../../api/istio-names.ts';
import { laterMessages } from '../istio/registry.ts';
import type { Analyzer } from './analyzer.ts';
import { ANALYZERS } from './analyzers/index.ts';
import { KIND } from './kinds.ts';
import { levelOf, type Level, type Message } from './messages.ts';
import { friendlyName } from './resource.ts';
import { releaseIn, type World } from './world.ts';

const SUPPRESSED = 'galley.istio.io/analyze-suppress';
const ORDER: Record<Level, number> = { Error: 0, Warning: 1, Info: 2 };

/** Whether the resource itself asks not to be told: by code, or `*` for all. */
function isSuppressed({ code, resource }: Message): boolean {
  const codes = resource.annotations[SUPPRESSED];
  return codes !== undefined && codes.split(',').some((each) => each === '*' || each === code);
}

function isOfCluster({ resource: { kind, name, namespace } }: Message): boolean {
  return SYSTEM_NAMESPACES.includes(kind === KIND.namespace ? name : namespace);
}

/** Whether a message is for people: not suppressed by its resource, and not about what is the cluster's own. */
export function isTold(found: Message): boolean {
  return !isSuppressed(found) && !isOfCluster(found);
}

/** Worst first, then by code, resource and place. */
export function compareMessages(a: Message, b: Message): number {
  return (
    ORDER[levelOf(a)] - ORDER[levelOf(b)] ||
    compareTexts(a.code, b.code) ||
    (a.resource === b.resource ? 0 : compareTexts(friendlyName(a.resource), friendlyName(b.resource))) ||
    compareTexts(a.path, b.path) ||
    compareTexts(a.text, b.text)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function isSame(a: Message, b: Message | undefined): boolean {
  return b !== undefined && a.code === b.code && a.resource === b.resource && a.path === b.path && a.text === b.text;
}

/** Runs analyzers over a world: worst first, each finding once, without what resources suppress and what is the cluster's own. */
export function analyzeWorld(world: World, analyzers: readonly Analyzer[] = ANALYZERS): Message[] {
  const messages = analyzers.flatMap(({ analyze }) => analyze(world));
  if (messages.length === 0) return messages;
  const later = laterMessages(releaseIn(world).version);
  return messages
    .filter((found) => isTold(found) && !later.has(found.code))
    .sort(compareMessages)
    .filter((each, i, all) => !isSame(each, all[i - 1]));
}
