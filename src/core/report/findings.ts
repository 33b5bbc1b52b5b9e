import { levelOf, MESSAGE_TYPES, type Level, type Message } from '../analyze/messages.ts';
import type { FindingRow, Findings } from './mesh-report.ts';

const MAX_TOLD = 1_000;
const MAX_TEXT = 500;

/** What analysis found, the worst first as it gives them; all of it is counted. */
export function describeFindings(messages: readonly Message[]): Findings {
  const count = (level: Level): number => messages.filter((each) => levelOf(each) === level).length;
  return {
    errors: count('Error'),
    warnings: count('Warning'),
    infos: count('Info'),
    told: messages.slice(0, MAX_TOLD).map(describeFinding),
  };
}

function describeFinding(message: Message): FindingRow {
  const { code, resource, path, text } = message;
  return {
    code,
    name: MESSAGE_TYPES[code].name,
    level: levelOf(message),
    kind: resource.kind.slice(resource.kind.indexOf('/') + 1),
    namespace: resource.namespace,
    resource: resource.name,
    path,
    message: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text,
  };
}
