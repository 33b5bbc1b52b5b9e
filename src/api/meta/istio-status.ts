import type { z } from 'zod';
import { enumeration, field, int64, list, message, string, timestamp } from '../proto/message-schema.ts';

/** What was found about an aspect of a resource. */
export const istioCondition = message('IstioCondition', () => ({
  type: field(string, 'Aspect that the condition is about.'),
  status: field(string, 'True, False or Unknown.'),
  lastProbeTime: field(timestamp, 'When the aspect was last looked at.'),
  lastTransitionTime: field(timestamp, 'When the status last changed.'),
  reason: field(string, 'Reason of the last change, in one word.'),
  message: field(string, 'Details for people.'),
  observedGeneration: field(int64, 'Generation of the resource that was looked at.', { intOrString: true }),
}));
export type IstioCondition = z.infer<typeof istioCondition>;

export const messageLevel = enumeration({ UNKNOWN: 0, ERROR: 3, WARNING: 8, INFO: 12 });

export const messageType = message('MessageType', () => ({
  name: field(string, 'Name of the kind of finding.'),
  code: field(string, 'Code of the kind of finding, such as IST0101.'),
}));

/** A finding of an analyzer. */
export const analysisMessage = message('AnalysisMessage', () => ({
  type: field(messageType, 'Kind of finding.'),
  level: field(messageLevel, 'How bad it is.'),
  documentationUrl: field(string, 'Page that explains the finding.'),
}));
export type AnalysisMessage = z.infer<typeof analysisMessage>;

/** The status that all of Istio's kinds share. */
export const istioStatus = message('IstioStatus', () => ({
  conditions: field(list(istioCondition), 'What was found, one entry for each aspect.'),
  validationMessages: field(list(analysisMessage), 'What analysis says of the resource.'),
  observedGeneration: field(int64, 'Generation of the resource that was looked at.', { intOrString: true }),
}));
export type IstioStatus = z.infer<typeof istioStatus>;
