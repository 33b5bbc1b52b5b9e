import * as z from 'zod';
import { duration, text } from '../field-types.ts';

const windowSpec = z.object({
  days: z
    .array(z.enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']))
    .meta({ k8s: { listType: 'set' } })
    .optional()
    .describe('Days on which the window opens; every day where it is absent.'),
  start: text.describe('When it opens, as HH:MM.'),
  duration: duration.describe('How long it stays open, at most 24h.'),
  timeZone: text.optional().describe('Zone of its clocks, such as Europe/Vienna; UTC unless set.'),
});
export type WindowSpec = z.infer<typeof windowSpec>;

const number = z.number().meta({ expects: 'a number' });

const boundsSpec = {
  min: number.optional().describe('It may not be below this.'),
  max: number.optional().describe('It may not be above this.'),
  maxIncreasePercent: number
    .optional()
    .describe('How far it may rise above what it was before the first step, in percent of that.'),
  maxDecreasePercent: number
    .optional()
    .describe('How far it may fall below what it was before the first step, in percent of that.'),
};

/** Gates that ask the Prometheus of the operator. */
export const metricsSpec = z.object({
  window: duration
    .optional()
    .describe('The time up to now that `successRate` and `latency` look at, such as 5m; 1m unless set.'),
  minTraffic: number
    .optional()
    .describe('Requests in a second below which `successRate` and `latency` say nothing; 0.1 unless set.'),
  successRate: z
    .object(boundsSpec)
    .optional()
    .describe('Requests that did not end with 5xx, in percent, by `istio_requests_total`.'),
  latency: z
    .object(boundsSpec)
    .optional()
    .describe('What 99 of 100 requests stay below, in milliseconds, by `istio_request_duration_milliseconds`.'),
  queries: z
    .array(
      z.object({
        name: text.describe('Name of the gate.'),
        query: text.describe('PromQL with one value as its answer.'),
        ...boundsSpec,
        traffic: text
          .optional()
          .describe('PromQL for the requests in a second by which `minTraffic` of this query is judged.'),
        minTraffic: number.optional().describe('Requests in a second below which this query says nothing.'),
      }),
    )
    .meta({ k8s: { listType: 'map', listMapKeys: ['name'] } })
    .optional()
    .describe('Own queries.'),
});
export type MetricsSpec = z.infer<typeof metricsSpec>;
export type BoundsSpec = NonNullable<MetricsSpec['successRate']>;

/** When steps may begin. */
export const windowsSpec = z.array(windowSpec).meta({ k8s: { listType: 'atomic' } });

/** What follows a gate that does not hold. */
export const onFailureSpec = z.enum(['Pause', 'Rollback']);

/** What every change by steps can be told beside what it changes. */
export const stagedSpec = z.object({
  windows: windowsSpec.optional().describe('When steps may begin; always where it is absent.'),
  // Each kind says for itself where its way back leads.
  onFailure: onFailureSpec.optional(),
  deadline: duration.optional().describe('For the whole, from its first step on; none unless set.'),
  suspend: z.boolean().optional().describe('Nothing is begun while it is true.'),
});
