import { readFileSync } from 'node:fs';

/** IAM actions that a type's resource handlers call, by handler. */
export type HandlerPermissions = Record<'create' | 'read' | 'update' | 'delete', readonly string[]>;

/** What CloudFormation's registry says of a type. */
export interface RegistryType {
  /** Properties whose change replaces the resource: names, or paths such as `EncryptionConfiguration/KmsKey`. */
  createOnly: readonly string[];
  /** Properties whose change may replace the resource. */
  conditionalCreateOnly: readonly string[];
  /** The names of the properties that templates may give. */
  properties: readonly string[];
  permissions: HandlerPermissions;
}

let types: Record<string, RegistryType> | undefined;

/** What the registry says of a type; undefined for those of before the registry, such as `AWS::IAM::Policy`. */
export function registryType(type: string): RegistryType | undefined {
  types ??= JSON.parse(readFileSync(new URL('../../../registry-types.json', import.meta.url), 'utf8')) as typeof types;
  return types![type];
}
