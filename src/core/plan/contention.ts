import { DRIFT_ANNOTATION } from '../../api/our-names.ts';
import { listSome } from '../list-some.ts';
import { displayName, type ObjectRef } from '../kube-object.ts';
import { annotationName } from './annotation-name.ts';

/** What somebody did to an object of ours: fields as the API server names them; none where it was deleted. */
export interface Change {
  fields: readonly string[];
  managers: readonly string[];
}

/** The repairs of one object that others keep undoing. */
export interface Contest {
  ref: ObjectRef;
  fields: readonly string[];
  managers: readonly string[];
  /** Repairs in a row. */
  repairs: number;
  /** Milliseconds since the epoch. */
  repairedAt: number;
  /** When the change was there last. */
  seenAt: number;
}

/** So many repairs are made at once: a person who tries something, or a controller that is being turned off. */
const FREE_REPAIRS = 3;
/** Repairs that are further apart do not belong together. */
const WINDOW_MS = 10 * 60_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** A fight is over when nothing was changed back for so long, or for twice as long as a repair waits. */
const QUIET_MS = 60_000;

/** Counts a repair; one of other fields begins anew. */
export function countRepair(contest: Contest | undefined, ref: ObjectRef, change: Change, now: number): Contest {
  const goesOn = contest !== undefined && isSameFight(contest, change) && now - contest.repairedAt < WINDOW_MS;
  return {
    ref,
    fields: change.fields,
    managers: [...new Set([...(goesOn ? contest.managers : []), ...change.managers])],
    repairs: (goesOn ? contest.repairs : 0) + 1,
    repairedAt: now,
    seenAt: now,
  };
}

/** How long the repair of a change has to wait; 0 for not at all. */
export function computeRepairWait(contest: Contest | undefined, change: Change, now: number): number {
  if (!contest || !isSameFight(contest, change)) return 0;
  return Math.max(0, contest.repairedAt + waitOf(contest) - now);
}

/** Whether others have undone what we repaired so often that it is a fight. */
export function isContested({ repairs }: Contest): boolean {
  return repairs > FREE_REPAIRS;
}

/** How long until it counts as over if nothing is changed back any more; 0 when it is over. */
export function computeTimeToEnd(contest: Contest, now: number): number {
  const quiet = isContested(contest) ? Math.max(QUIET_MS, 2 * waitOf(contest)) : WINDOW_MS;
  return Math.max(0, Math.max(contest.repairedAt, contest.seenAt) + quiet - now);
}

/** What to do about a fight over what an IstioOperator renders. */
function adviceFor(ref: ObjectRef): string {
  const entry = `${DRIFT_ANNOTATION}: "${annotationName(ref)}=warn"`;
  return `stop that, set the IstioOperator to what is wanted, or let it be by its annotation ${entry}`;
}

/** One sentence for the status; it says nothing that changes with each repair. */
export function describeContest({ ref, fields, managers }: Contest, advice = adviceFor(ref)): string {
  const who = managers.length > 0 ? managers.map((manager) => `"${manager}"`).join(', ') : 'somebody';
  const what = fields.length > 0 ? `changes ${listSome([...fields])} back` : 'deletes it';
  return (
    `${displayName(ref)}: ${who} ${what} whenever it is repaired, so that repairs wait longer and longer; ` + advice
  );
}

function waitOf({ repairs }: Contest): number {
  const beyond = repairs - FREE_REPAIRS;
  return beyond < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** Math.min(beyond, 20), LONGEST_WAIT_MS);
}

function isSameFight({ fields }: Contest, change: Change): boolean {
  if (fields.length === 0 || change.fields.length === 0) return fields.length === change.fields.length;
  return change.fields.some((field) => fields.includes(field));
}
