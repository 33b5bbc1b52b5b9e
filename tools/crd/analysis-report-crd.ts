import { ANALYSIS_REPORT, analysisReport } from '../../src/api/analysis/analysis-report.ts';
import { checkStructural } from './check-structural.ts';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { computeStructuralSchema, type SchemaNode } from './structural-schema.ts';

const COLUMNS = [
  { name: 'Errors', type: 'integer', jsonPath: '.summary.errors', description: 'Findings that are errors.' },
  { name: 'Warnings', type: 'integer', jsonPath: '.summary.warnings', description: 'Findings that are warnings.' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** The definition of AnalysisReport. Throws when the schema would be refused by the API server. */
export function analysisReportDefinition(): CustomResourceDefinition {
  const { group, kind, plural, singular, version, apiVersion } = ANALYSIS_REPORT;
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
  const faults = checkStructural(schema, 'schema');
  if (faults.length > 0) throw new Error(`The schema of ${kind} is not structural:\n${faults.join('\n')}`);
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular },
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          additionalPrinterColumns: COLUMNS,
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}
