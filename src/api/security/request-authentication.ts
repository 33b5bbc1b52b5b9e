import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { bool, duration, field, limited, list, message, string } from '../proto/message-schema.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';

export const jwtHeader = message(
  'JwtHeader',
  () => ({
    name: field(string, '', { minLength: 1 }),
    prefix: string,
  }),
  { required: ['name'] },
);
export type JwtHeader = z.infer<typeof jwtHeader>;

export const claimToHeader = message(
  'ClaimToHeader',
  () => ({
    header: field(string, '', { minLength: 1, pattern: '^[-_A-Za-z0-9]+$' }),
    claim: field(string, '', { minLength: 1 }),
  }),
  { required: ['header', 'claim'] },
);
export type ClaimToHeader = z.infer<typeof claimToHeader>;

export const jwtRule = message(
  'JwtRule',
  () => ({
    issuer: field(string, '', { minLength: 1 }),
    audiences: list(limited(string, { minLength: 1 })),
    jwksUri: field(string, '', {
      alsoNamed: 'jwks_uri',
      minLength: 1,
      maxLength: 2048,
      rules: [
        {
          rule: 'url(self).getScheme() in ["http", "https"]',
          message: 'must be a URL that begins with http:// or https://',
        },
      ],
    }),
    jwks: string,
    fromHeaders: list(jwtHeader),
    fromParams: list(limited(string, { minLength: 1 })),
    outputPayloadToHeader: string,
    fromCookies: list(limited(string, { minLength: 1 })),
    forwardOriginalToken: bool,
    outputClaimToHeaders: list(claimToHeader),
    timeout: duration,
    spaceDelimitedClaims: field(list(limited(string, { minLength: 1 })), '', { maxItems: 64 }),
  }),
  { rules: [atMostOneOf('jwksUri', 'jwks_uri', 'jwks')] },
);
export type JwtRule = z.infer<typeof jwtRule>;

export const requestAuthentication = message(
  'RequestAuthentication',
  () => ({
    selector: workloadSelector,
    targetRef: field(policyTargetReference, '', {}, { protoName: 'targetRef' }),
    targetRefs: field(list(policyTargetReference), '', { maxItems: 16 }, { protoName: 'targetRefs' }),
    jwtRules: field(list(jwtRule), '', { maxItems: 4096 }),
  }),
  { rules: [atMostOneOf('selector', 'targetRef', 'targetRefs')] },
);
export type RequestAuthentication = z.infer<typeof requestAuthentication>;
