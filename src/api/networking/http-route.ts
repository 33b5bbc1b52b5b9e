import type { z } from 'zod';
import { bool, duration, field, int32, list, message, string, uint32, wrapped } from '../proto/message-schema.ts';
import { corsPolicy } from './cors-policy.ts';
import { destination } from './destination.ts';
import { headers } from './headers.ts';
import { httpFaultInjection, percent } from './http-fault-injection.ts';
import { httpMatchRequest } from './http-match-request.ts';
import { httpDirectResponse, httpRedirect } from './http-redirect.ts';
import { httpRewrite } from './http-rewrite.ts';

export const delegate = message('Delegate', () => ({
  name: string,
  namespace: string,
}));
export type Delegate = z.infer<typeof delegate>;

export const httpRouteDestination = message(
  'HttpRouteDestination',
  () => ({
    destination: destination,
    weight: int32,
    headers: headers,
  }),
  { required: ['destination'] },
);
export type HttpRouteDestination = z.infer<typeof httpRouteDestination>;

export const httpRetry = message('HttpRetry', () => ({
  attempts: int32,
  perTryTimeout: duration,
  retryOn: string,
  retryRemoteLocalities: wrapped(bool),
  retryIgnorePreviousHosts: wrapped(bool),
  backoff: duration,
}));
export type HttpRetry = z.infer<typeof httpRetry>;

export const httpMirrorPolicy = message(
  'HttpMirrorPolicy',
  () => ({
    destination: destination,
    percentage: percent,
  }),
  { required: ['destination'] },
);
export type HttpMirrorPolicy = z.infer<typeof httpMirrorPolicy>;

export const httpRoute = message('HttpRoute', () => ({
  name: string,
  match: list(httpMatchRequest),
  route: list(httpRouteDestination),
  redirect: httpRedirect,
  directResponse: httpDirectResponse,
  delegate: delegate,
  rewrite: httpRewrite,
  timeout: duration,
  retries: httpRetry,
  fault: httpFaultInjection,
  mirror: destination,
  mirrors: list(httpMirrorPolicy),
  mirrorPercent: field(wrapped(uint32), '', { alsoNamed: 'mirror_percent' }, { deprecated: true }),
  mirrorPercentage: percent,
  corsPolicy: corsPolicy,
  headers: headers,
}));
export type HttpRoute = z.infer<typeof httpRoute>;
