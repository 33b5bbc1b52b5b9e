import type {
  HttpFaultAbort,
  HttpFaultDelay,
  HttpFaultInjection,
  Percent,
} from '../../../../api/networking/http-fault-injection.ts';
import type { Findings } from '../../findings.ts';
import { findDurationFault } from '../../rules/duration.ts';
import { findHttpStatusFault } from '../../rules/http-status.ts';

const LEAST_PERCENT = 0.0001;
const GRPC_STATUSES: ReadonlySet<string> = new Set([
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]);

/** Records what is wrong with faults that are made on purpose. */
export function checkFault(fault: HttpFaultInjection | undefined, path: string, findings: Findings): void {
  if (!fault) return;
  const { abort, delay } = fault;
  if (!abort && !delay) findings.error(path, 'FaultEmpty', 'needs an abort, a delay or both');
  if (abort) checkAbort(abort, `${path}.abort`, findings);
  if (delay) checkDelay(delay, `${path}.delay`, findings);
}

function checkAbort(abort: HttpFaultAbort, path: string, findings: Findings): void {
  const { percentage, httpStatus, grpcStatus, http2Error } = abort;
  checkPercentage(percentage, `${path}.percentage.value`, findings);
  if (httpStatus !== undefined) findings.check(`${path}.httpStatus`, findHttpStatusFault(httpStatus));
  else if (grpcStatus !== undefined) checkGrpcStatus(grpcStatus, `${path}.grpcStatus`, findings);
  else if (http2Error !== undefined) {
    findings.error(`${path}.http2Error`, 'FieldUnsupported', 'has no effect in Istio: use httpStatus or grpcStatus');
  } else findings.warn(path, 'AbortEmpty', 'does nothing: give httpStatus or grpcStatus');
}

function checkGrpcStatus(status: string, path: string, findings: Findings): void {
  if (GRPC_STATUSES.has(status)) return;
  const message = `${JSON.stringify(status)} is not a status of gRPC: use one such as NOT_FOUND or UNAVAILABLE`;
  findings.error(path, 'GrpcStatusUnknown', message);
}

function checkDelay(
  { percentage, fixedDelay, exponentialDelay }: HttpFaultDelay,
  path: string,
  findings: Findings,
): void {
  checkPercentage(percentage, `${path}.percentage.value`, findings);
  if (fixedDelay) findings.check(`${path}.fixedDelay`, findDurationFault(fixedDelay));
  if (!exponentialDelay) return;
  findings.check(`${path}.exponentialDelay`, findDurationFault(exponentialDelay));
  findings.error(`${path}.exponentialDelay`, 'FieldUnsupported', 'has no effect in Istio: use fixedDelay');
}

function checkPercentage(percentage: Percent | undefined, path: string, findings: Findings): void {
  const value = percentage?.value ?? 0;
  if (!(value < 0 || value > 100 || (value > 0 && value < LEAST_PERCENT))) return;
  findings.error(path, 'PercentOutOfRange', `${value} must be 0, or a percentage from ${LEAST_PERCENT} to 100`);
}
