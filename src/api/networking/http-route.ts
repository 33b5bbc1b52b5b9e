import type { z } from 'zod';
import { bool, duration, field, int32, list, message, string, uint32, wrapped } from '../proto/message-schema.ts';
import { corsPolicy } from './cors-policy.ts';
import { destination } from './destination.ts';
import { headers } from './headers.ts';
import { httpFaultInjection, percent } from './http-fault-injection.ts';
import { httpMatchRequest } from './http-match-request.ts';
import { httpDirectResponse, httpRedirect } from './http-redirect.ts';
import { httpRewrite } from './http-rewrite.ts';

/** Another VirtualService that holds the routes. */
export const delegate = message('Delegate', () => ({
  name: field(string, 'Name of the VirtualService.'),
  namespace: field(string, 'Namespace of the VirtualService; that of this object when left out.'),
}));
export type Delegate = z.infer<typeof delegate>;

/** A destination and its share of the requests. */
export const httpRouteDestination = message(
  'HttpRouteDestination',
  () => ({
    destination: field(destination, 'Service that gets the requests.'),
    weight: field(int32, 'Share relative to the sum of all weights; the only destination gets everything.'),
    headers: field(headers, 'Changes to headers for this destination.'),
  }),
  { required: ['destination'] },
);
export type HttpRouteDestination = z.infer<typeof httpRouteDestination>;

/** When and how a failed request is tried again. */
export const httpRetry = message('HttpRetry', () => ({
  attempts: field(int32, 'How often at most; 0 turns retries off.'),
  perTryTimeout: field(duration, 'Time limit of each attempt; that of the route when left out.'),
  retryOn: field(string, 'Conditions of a retry, separated by commas: 5xx, connect-failure, 503 ...'),
  retryRemoteLocalities: field(wrapped(bool), 'Whether other localities are tried as well.'),
  retryIgnorePreviousHosts: field(
    wrapped(bool),
    'Whether a retry passes over hosts that have failed; true when left out.',
  ),
  backoff: field(duration, 'Least time between attempts.'),
}));
export type HttpRetry = z.infer<typeof httpRetry>;

/** Sends copies of requests to another service. */
export const httpMirrorPolicy = message(
  'HttpMirrorPolicy',
  () => ({
    destination: field(destination, 'Service that gets the copies; its answers are dropped.'),
    percentage: field(percent, 'Share of the requests that are copied; all when left out.'),
  }),
  { required: ['destination'] },
);
export type HttpMirrorPolicy = z.infer<typeof httpMirrorPolicy>;

/** What happens to the HTTP requests that match. The first route that matches is taken. */
export const httpRoute = message('HttpRoute', () => ({
  name: field(string, 'Name for access logs.'),
  match: field(list(httpMatchRequest), 'Conditions of which one must hold; none means every request.'),
  route: field(list(httpRouteDestination), 'Destinations of the requests.'),
  redirect: field(httpRedirect, 'Answers with another address instead of routing.'),
  directResponse: field(httpDirectResponse, 'Answers at once instead of routing.'),
  delegate: field(
    delegate,
    'VirtualService that holds the routes; only where route, redirect and directResponse are left out.',
  ),
  rewrite: field(httpRewrite, 'Changes path or host before the request is sent on.'),
  timeout: field(duration, 'Time limit of the request with all retries; none when left out.'),
  retries: field(httpRetry, 'Retries; two attempts by default.'),
  fault: field(httpFaultInjection, 'Faults on purpose.'),
  mirror: field(destination, 'Sends copies to this destination; use mirrors for more than one.'),
  mirrors: field(list(httpMirrorPolicy), 'Sends copies to these destinations.'),
  mirrorPercent: field(wrapped(uint32), 'Use mirrorPercentage.', { alsoNamed: 'mirror_percent' }, { deprecated: true }),
  mirrorPercentage: field(percent, 'Share of the requests that mirror copies; all when left out.'),
  corsPolicy: field(corsPolicy, 'Rules for browsers.'),
  headers: field(headers, 'Changes to headers, whatever the destination.'),
}));
export type HttpRoute = z.infer<typeof httpRoute>;
