import type { HandlerPermissions, RegistryType } from '../../packages/local/src/cloudformation/types/registry-types.ts';

/** Of a type's schema in CloudFormation's registry, what is read here. */
export interface RegistrySchema {
  typeName: string;
  /** JSON pointers such as `/properties/BucketName`. */
  createOnlyProperties?: string[];
  conditionalCreateOnlyProperties?: string[];
  readOnlyProperties?: string[];
  properties?: Record<string, unknown>;
  handlers?: Record<string, { permissions: string[] }>;
}

/** What the local cloud keeps of the schemas of these types, sorted by type. */
export function registryTypes(
  schemas: readonly RegistrySchema[],
  names: ReadonlySet<string>,
): Record<string, RegistryType> {
  const kept = schemas.filter(({ typeName }) => names.has(typeName));
  const sorted = kept.toSorted((one, other) => (one.typeName < other.typeName ? -1 : 1));
  return Object.fromEntries(sorted.map((schema) => [schema.typeName, registryType(schema)]));
}

function registryType(schema: RegistrySchema): RegistryType {
  const permissionsOf = (handler: string) => [...new Set(schema.handlers?.[handler]?.permissions ?? [])].sort();
  const permissions: HandlerPermissions = {
    create: permissionsOf('create'),
    read: permissionsOf('read'),
    update: permissionsOf('update'),
    delete: permissionsOf('delete'),
  };
  const readOnly = namesOf(schema.readOnlyProperties);
  return {
    createOnly: namesOf(schema.createOnlyProperties),
    conditionalCreateOnly: namesOf(schema.conditionalCreateOnlyProperties),
    properties: Object.keys(schema.properties ?? {})
      .filter((name) => !readOnly.includes(name))
      .sort(),
    permissions,
  };
}

function namesOf(pointers: readonly string[] = []): string[] {
  return pointers.map((pointer) => pointer.replace('/properties/', '')).sort();
}
