import type { HttpMirrorPolicy, HttpRoute, HttpRouteDestination } from '../../../../api/networking/http-route.ts';
import type { Percent } from '../../../../api/networking/http-fault-injection.ts';
import type { Findings } from '../../findings.ts';
import { findDurationFault } from '../../rules/duration.ts';
import { checkCorsPolicy } from './cors-policy.ts';
import { checkDestination } from './destination.ts';
import { checkFault } from './fault-injection.ts';
import { checkAuthority, checkHeaderOperations } from './header-operations.ts';
import { checkHttpMatch } from './http-match.ts';
import { checkDirectResponse, checkRedirect, checkRewrite } from './http-action.ts';
import { checkRetries } from './retries.ts';
import { checkWeights } from './weights.ts';

/** What surrounds a route. */
export interface RouteContext {
  path: string;
  isDelegate: boolean;
  /** Made from a resource of the Gateway API, whose destinations Istio checks elsewhere. */
  isFromGatewayApi: boolean;
}

/** Records what is wrong with one route for HTTP. */
export function checkHttpRoute(http: HttpRoute, context: RouteContext, findings: Findings): void {
  const { path } = context;
  checkConflicts(http, context, findings);
  http.match?.forEach((match, i) => checkHttpMatch(match, `${path}.match[${i}]`, findings));
  checkHeaderOperations(http.headers, `${path}.headers`, findings);
  checkCorsPolicy(http.corsPolicy, `${path}.corsPolicy`, findings);
  checkFault(http.fault, `${path}.fault`, findings);
  checkMirrors(http, path, findings);
  checkRedirect(http.redirect, http.match, `${path}.redirect`, findings);
  checkDirectResponse(http.directResponse, `${path}.directResponse`, findings);
  checkRetries(http.retries, `${path}.retries`, findings);
  checkRewrite(http.rewrite, `${path}.rewrite`, findings);
  checkAuthority(http.rewrite, http.headers, path, findings);
  checkDestinations(http.route ?? [], context, findings);
  if (http.timeout) findings.check(`${path}.timeout`, findDurationFault(http.timeout));
}

function checkConflicts(http: HttpRoute, { path, isDelegate }: RouteContext, findings: Findings): void {
  if (http.delegate && !isDelegate) {
    exclude(http, { path, chosen: 'delegate', others: ['redirect', 'route'] }, findings);
    return;
  }
  if (http.delegate) {
    findings.error(`${path}.delegate`, 'DelegateNested', 'is not allowed in a delegate: put the routes here');
  }
  if (http.redirect) {
    exclude(http, { path, chosen: 'redirect', others: ['route', 'fault', 'rewrite', 'directResponse'] }, findings);
  } else if (http.directResponse) {
    exclude(http, { path, chosen: 'directResponse', others: ['route', 'fault', 'rewrite'] }, findings);
  } else if (http.route === undefined) {
    findings.error(path, 'RouteMissing', 'needs route, redirect, directResponse or delegate');
  }
  if (http.mirror && http.mirrors) exclude(http, { path, chosen: 'mirrors', others: ['mirror'] }, findings);
}

interface Exclusion {
  path: string;
  chosen: keyof HttpRoute;
  others: readonly (keyof HttpRoute)[];
}

function exclude(http: HttpRoute, { path, chosen, others }: Exclusion, findings: Findings): void {
  for (const other of others) {
    if (http[other] === undefined) continue;
    findings.error(`${path}.${other}`, 'RouteConflict', `excludes ${chosen} in one route: keep one of them`);
  }
}

function checkMirrors(http: HttpRoute, path: string, findings: Findings): void {
  const { mirror, mirrors = [], mirrorPercent, mirrorPercentage } = http;
  if (mirrorPercent !== undefined) {
    const message = 'is deprecated: use mirrorPercentage';
    findings.warn(`${path}.mirrorPercent`, 'FieldDeprecated', message);
    if (mirrorPercent > 100) reportPercent(mirrorPercent, `${path}.mirrorPercent`, findings);
  }
  checkShare(mirrorPercentage, `${path}.mirrorPercentage`, findings);
  checkDestination(mirror, `${path}.mirror`, findings);
  mirrors.forEach((each, i) => checkMirror(each, `${path}.mirrors[${i}]`, findings));
}

function checkMirror({ destination, percentage }: HttpMirrorPolicy, path: string, findings: Findings): void {
  if (!destination) {
    findings.error(`${path}.destination`, 'DestinationMissing', 'must say where copies of requests are sent');
    return;
  }
  checkDestination(destination, `${path}.destination`, findings);
  checkShare(percentage, `${path}.percentage`, findings);
}

function checkShare(percentage: Percent | undefined, path: string, findings: Findings): void {
  const value = percentage?.value ?? 0;
  if (value < 0 || value > 100) reportPercent(value, `${path}.value`, findings);
}

function reportPercent(value: number, path: string, findings: Findings): void {
  findings.error(path, 'PercentOutOfRange', `${value} must be a percentage from 0 to 100`);
}

function checkDestinations(route: readonly HttpRouteDestination[], context: RouteContext, findings: Findings): void {
  const path = `${context.path}.route`;
  route.forEach(({ destination, headers }, i) => {
    const item = `${path}[${i}]`;
    if (!destination) findings.error(`${item}.destination`, 'DestinationMissing', 'must say where requests are sent');
    checkHeaderOperations(headers, `${item}.headers`, findings);
    if (!context.isFromGatewayApi) checkDestination(destination, `${item}.destination`, findings);
  });
  checkWeights(route, path, findings);
}
