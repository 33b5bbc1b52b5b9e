import { EVERY_RIGHT, type Requirement, type Right } from '../../core/authorize/right.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';

/** Whether the requester holds a right. */
export type Ask = (right: Right) => Promise<boolean>;

/** Requirements that are not met for the same want of rights. */
export interface Missing {
  /** What they are asked for. */
  about: string[];
  /** Of each list of rights that would do, some that are missing. */
  anyOf: Right[][];
}

/** More than any profile needs of somebody who holds each right one by one. */
const MAX_QUESTIONS = 1_000;
/** Requirements, and rights of one requirement, that are asked for at the same time. */
const [AT_ONCE, TOGETHER] = [6, 8];

/** What is missing beyond this is not asked for: the answer is known. */
const ENOUGH = 10;

/** The change needs more answers than one admission may ask for. */
export class TooManyQuestions extends Error {
  override readonly name = 'TooManyQuestions';
}

/**
 * Finds the requirements that are not met. Who holds everything is asked one question; equal questions are asked once,
 * a right on all names before the right on one.
 */
export async function findMissing(requirements: readonly Requirement[], ask: Ask): Promise<Missing[]> {
  if (requirements.length === 0 || (await ask(EVERY_RIGHT))) return [];
  const holds = withMemory(ask);
  const missing = new Map<string, Missing>();
  await mapConcurrently(requirements, AT_ONCE, async (requirement) => {
    const anyOf = missing.size < ENOUGH ? await judge(requirement, holds) : [];
    if (anyOf.length === 0) return;
    const key = JSON.stringify(anyOf);
    const known = missing.get(key) ?? { about: [], anyOf };
    if (!known.about.includes(requirement.about)) known.about.push(requirement.about);
    missing.set(key, known);
  });
  return [...missing.values()];
}

/** Of each list that would do, what is missing; nothing when one is held. */
async function judge({ anyOf }: Requirement, holds: Ask): Promise<Right[][]> {
  const missing: Right[][] = [];
  for (const rights of anyOf) {
    const lacking = await findLacking(rights, holds);
    if (lacking.length === 0) return [];
    missing.push(anyOf.length === 1 ? lacking.map(withoutOwnName) : lacking);
  }
  return missing;
}

/** The object stands beside the right, and many objects of a kind take one right. */
function withoutOwnName(right: Right): Right {
  return right.verb === 'bind' ? right : { ...right, name: '' };
}

/** The first rights of a list that are not held; the rest is not asked for once some are known. */
async function findLacking(rights: readonly Right[], holds: Ask): Promise<Right[]> {
  for (let start = 0; start < rights.length; start += TOGETHER) {
    const some = rights.slice(start, start + TOGETHER);
    const answers = await Promise.all(some.map(holds));
    const lacking = some.filter((_, index) => !answers[index]);
    if (lacking.length > 0) return lacking;
  }
  return [];
}

function withMemory(ask: Ask): Ask {
  const answers = new Map<string, Promise<boolean>>();
  const askOnce: Ask = (right) => {
    const key = JSON.stringify(right);
    const known = answers.get(key);
    if (known) return known;
    if (answers.size >= MAX_QUESTIONS)
      throw new TooManyQuestions(`more than ${MAX_QUESTIONS} rights would have to be checked`);
    const answer = ask(right);
    answers.set(key, answer);
    return answer;
  };
  return async (right) => (right.name !== '' && (await askOnce({ ...right, name: '' }))) || askOnce(right);
}
