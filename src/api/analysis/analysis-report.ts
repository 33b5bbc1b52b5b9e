import * as z from 'zod';
import { OUR_GROUP } from '../our-names.ts';
import { text } from '../field-types.ts';

/** How the API names the kind. */
export const ANALYSIS_REPORT = {
  group: OUR_GROUP,
  version: 'v1alpha1',
  apiVersion: `${OUR_GROUP}/v1alpha1`,
  kind: 'AnalysisReport',
  plural: 'analysisreports',
  singular: 'analysisreport',
} as const;

const count = z.int32().nonnegative();

const finding = z.object({
  code: text.describe('Code of the finding, such as IST0101: what analysis of files prints too.'),
  name: text.describe('Name of the code, such as ReferencedResourceNotFound.'),
  level: z.enum(['Error', 'Warning']).describe('How much it matters.'),
  apiGroup: text.optional().describe('API group of the resource that is meant; absent for the core group.'),
  kind: text.describe('Kind of the resource.'),
  resource: text.describe('Name of the resource.'),
  path: text.optional().describe('Field that is meant; absent for the whole resource.'),
  message: text.describe('What is wrong, and what to do.'),
});

/** What analysis across resources found in one namespace. The operator writes it and removes it; nobody else does. */
export const analysisReport = z.object({
  summary: z
    .object({
      errors: count.describe('Findings that are errors.'),
      warnings: count.describe('Findings that are warnings.'),
    })
    .describe('How much was found, also of what is not listed.'),
  findings: z
    .array(finding)
    .meta({ k8s: { listType: 'atomic' } })
    .describe('What was found, worst first; at most 100 findings.'),
});
export type AnalysisReport = z.infer<typeof analysisReport>;
export type ReportedFinding = z.infer<typeof finding>;
