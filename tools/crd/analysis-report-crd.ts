import { ANALYSIS_REPORT, analysisReport } from '../../src/api/analysis/analysis-report.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { ownDefinition } from './own-definition.ts';
import { computeStructuralSchema, type SchemaNode } from './structural-schema.ts';

const COLUMNS = [
  { name: 'Errors', type: 'integer', jsonPath: '.summary.errors', description: 'Findings that are errors.' },
  { name: 'Warnings', type: 'integer', jsonPath: '.summary.warnings', description: 'Findings that are warnings.' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The definition of AnalysisReport. Throws when the schema would be refused by the API server. */
export function analysisReportDefinition(): CustomResourceDefinition {
  const { apiVersion, kind } = ANALYSIS_REPORT;
  const report = computeStructuralSchema(analysisReport, 'closed');
  const schema: SchemaNode = {
    ...report,
    description: 'What analysis across resources found in a namespace. Written by the operator.',
    properties: {
      apiVersion: { type: 'string', description: `Always ${apiVersion}.` },
      kind: { type: 'string', description: `Always ${kind}.` },
      metadata: { type: 'object' },
      ...report.properties,
    },
  };
  return ownDefinition({ ...ANALYSIS_REPORT, columns: COLUMNS, hasStatus: false }, schema);
}
