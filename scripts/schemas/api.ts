import * as sagemaker from '@aws-sdk/client-sagemaker';
import { NormalizedSchema } from '@smithy/core/schema';

interface Member {
  schema: NormalizedSchema;
  isRequired: boolean;
}

/** A structure of SageMaker's API by AWS's name: `UserSettings`. Undefined for what is none. */
export function structureNamed(name: string): NormalizedSchema | undefined {
  const shape = (sagemaker as Record<string, unknown>)[`${name}$`];
  return shape ? NormalizedSchema.of(shape as Parameters<typeof NormalizedSchema.of>[0]) : undefined;
}

/** The members of a structure. The SDK fills in idempotency tokens by itself. */
export function membersOf(structure: NormalizedSchema): ReadonlyMap<string, Member> {
  const required = requiredCount(structure);
  const members = [...structure.structIterator()].map(([name, schema], index) => {
    return [name, { schema, isRequired: index < required && !schema.isIdempotencyToken() }] as const;
  });
  return new Map(members);
}

/** A structure's static schema lists its required members first and ends with their number. */
function requiredCount(structure: NormalizedSchema): number {
  const schema = structure.getSchema();
  return Array.isArray(schema) && typeof schema[6] === 'number' ? schema[6] : 0;
}
