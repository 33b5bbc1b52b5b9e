import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { bool, duration, enumeration, field, limited, list, message, string } from '../proto/message-schema.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';

/** A header that holds a token. */
export const jwtHeader = message(
  'JwtHeader',
  () => ({
    name: field(string, 'Name of the header.', { minLength: 1 }),
    prefix: field(string, 'Text before the token, such as "Bearer ".'),
  }),
  { required: ['name'] },
);
export type JwtHeader = z.infer<typeof jwtHeader>;

/** A claim that is passed on as a header. */
export const claimToHeader = message(
  'ClaimToHeader',
  () => ({
    header: field(string, 'Name of the header.', { minLength: 1, pattern: '^[-_A-Za-z0-9]+$' }),
    claim: field(string, 'Name of the claim; parts of nested ones are separated by dots.', { minLength: 1 }),
  }),
  { required: ['header', 'claim'] },
);
export type ClaimToHeader = z.infer<typeof claimToHeader>;

export const jwtRequirement = enumeration(['OPTIONAL', 'REQUIRED']);

/** Tokens that are accepted, and how they are checked. */
export const jwtRule = message(
  'JwtRule',
  () => ({
    issuer: field(string, 'Issuer of the token.', { minLength: 1 }),
    audiences: field(list(limited(string, { minLength: 1 })), 'Audiences of which the token must have one.'),
    jwksUri: field(string, "URL of the issuer's keys; found by OpenID discovery when left out.", {
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
    jwks: field(string, 'Keys of the issuer, in place of a URL.'),
    fromHeaders: field(
      list(jwtHeader),
      'Headers that may hold the token; Authorization: Bearer when nothing else is set.',
    ),
    fromParams: field(list(limited(string, { minLength: 1 })), 'Query parameters that may hold the token.'),
    outputPayloadToHeader: field(string, 'Header that gets the payload of the token, in base64.'),
    fromCookies: field(list(limited(string, { minLength: 1 })), 'Cookies that may hold the token.'),
    forwardOriginalToken: field(bool, 'Whether the token is passed on to the workload.'),
    outputClaimToHeaders: field(list(claimToHeader), 'Claims that are passed on as headers.'),
    timeout: field(duration, 'Time limit for fetching keys, 5s when left out.'),
    spaceDelimitedClaims: field(
      list(limited(string, { minLength: 1 })),
      'Claims that are lists separated by blanks, beside scope and permission.',
      { maxItems: 64 },
    ),
    presence: field(jwtRequirement, 'Whether a request must carry the token: OPTIONAL is the default.'),
  }),
  { rules: [atMostOneOf('jwksUri', 'jwks_uri', 'jwks')] },
);
export type JwtRule = z.infer<typeof jwtRule>;

/** Which JSON Web Tokens workloads accept. */
export const requestAuthentication = message(
  'RequestAuthentication',
  () => ({
    selector: field(
      workloadSelector,
      'Pods that this is for; all of the namespace when left out, and of the mesh in the root namespace.',
    ),
    targetRef: field(policyTargetReference, 'Use targetRefs.', {}, { protoName: 'targetRef' }),
    targetRefs: field(
      list(policyTargetReference),
      'Gateways or services that this is for, in place of a selector.',
      { maxItems: 16 },
      { protoName: 'targetRefs' },
    ),
    jwtRules: field(
      list(jwtRule),
      'Tokens that are accepted; a request with another token is refused, one without passes.',
      { maxItems: 4096 },
    ),
  }),
  { rules: [atMostOneOf('selector', 'targetRef', 'targetRefs')] },
);
export type RequestAuthentication = z.infer<typeof requestAuthentication>;
