import type { z } from 'zod';
import type { CustomResourceDefinition } from './istio-crd.ts';
import { ownDefinition, type OwnKind } from './own-definition.ts';
import { computeStructuralSchema, type SchemaNode } from './structural-schema.ts';

/** What one kind of change by steps is, and what it says of itself. */
export interface StagedKind {
  kind: Omit<OwnKind, 'columns' | 'hasStatus'> & { apiVersion: string };
  /** What kubectl shows between phase and age. */
  columns: OwnKind['columns'];
  description: string;
  spec: z.ZodObject;
  specDescription: string;
  status: z.ZodObject;
}

/** The definition of a kind of change by steps. Throws when the API server would refuse the schema. */
export function stagedDefinition(own: StagedKind): CustomResourceDefinition {
  const { apiVersion, kind } = own.kind;
  const schema: SchemaNode = {
    description: own.description,
    type: 'object',
    properties: {
      apiVersion: { type: 'string', description: `Always ${apiVersion}.` },
      kind: { type: 'string', description: `Always ${kind}.` },
      metadata: { type: 'object' },
      spec: { ...computeStructuralSchema(own.spec, 'closed'), description: own.specDescription },
      status: {
        ...computeStructuralSchema(own.status, 'closed'),
        description: 'What the operator found and did.',
      },
    },
  };
  const columns = [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase', description: 'Where it stands.' },
    ...own.columns,
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ];
  return ownDefinition({ ...own.kind, columns, hasStatus: true }, schema);
}
