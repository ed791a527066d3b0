import { AwsError } from '../../errors.ts';
import { isAllowedAnywhere } from '../../iam/allowed-anywhere.ts';
import { identityOf } from '../../iam/identity.ts';
import type { Properties, ResourceContext } from '../resources/resource-type.ts';
import { permissionsByProperty } from './permissions-by-property.ts';
import { type HandlerPermissions, registryType } from './registry-types.ts';

/** Permissions of every type that a handler needs only for properties of such a name. */
const generalConditions: readonly (readonly [action: RegExp, property: RegExp])[] = [
  [/^kms:/, /kms|encrypt/i],
  [/^iam:PassRole$/, /role/i],
  [/:(create|delete|add|remove)tags(to|from|$)|:(tag|untag)[a-z]/i, /^tags$/i],
  // A service-linked role is made once in an account, by the first that needs it.
  [/^iam:CreateServiceLinkedRole$/, /(?!)/],
];

/**
 * Permissions that AWS's own handler of a type needs for these properties, by CloudFormation's registry: in an update, those
 * that differ. What a handler creates or changes, it also reads.
 */
export function neededPermissions(
  type: string,
  handler: keyof HandlerPermissions,
  now: Properties,
  old: Properties = {},
): string[] {
  const { permissions } = registryType(type) ?? {};
  if (!permissions) return [];
  const listed = new Set([...permissions[handler], ...(handler === 'delete' ? [] : permissions.read)]);
  const all = new Set([now, old].flatMap(namesIn));
  // An update takes away items of lists, and properties that are no longer given.
  const removed = new Set(Object.keys(old).filter((name) => Array.isArray(old[name]) || !(name in now)));
  const byProperty = Object.entries(permissionsByProperty[type] ?? {});
  return [...listed].filter((action) => {
    const names = handler === 'update' && /:(Delete|Detach|Disassociate|Remove|Untag)/.test(action) ? removed : all;
    const conditions = byProperty.filter(([, actions]) => actions.includes(action));
    if (conditions.length > 0) return conditions.some(([property]) => names.has(property));
    // Key types have permissions of KMS as their own, whatever their properties.
    const general = type.startsWith('AWS::KMS::') ? generalConditions.slice(1) : generalConditions;
    const needed = general.find(([pattern]) => pattern.test(action))?.[1];
    return needed === undefined || [...names].some((name) => needed.test(name));
  });
}

/** Names of properties, at any depth. */
function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => [name, ...namesIn(one)]);
}

/** A permission that is missing before anything is called: the resource is unchanged. */
export class MissingPermission extends AwsError {
  readonly isUnchanged = true;
}

/**
 * Throws where the stack's role, or else the caller, lacks a permission that AWS's own handler needs, beside those of
 * the calls that are made here. The registry names no resources, so a permission for any resource will do.
 */
export function checkHandlerPermissions(
  handler: keyof HandlerPermissions,
  { type, principal, cloud }: ResourceContext,
  now: Properties,
  old?: Properties,
): void {
  if (principal.kind !== 'role' && principal.kind !== 'user') return;
  const identity = identityOf(cloud.store, principal);
  for (const action of neededPermissions(type, handler, now, old)) {
    if (!isAllowedAnywhere(identity, action)) {
      const reason = `because no identity-based policy allows the ${action} action`;
      throw new MissingPermission(
        'AccessDeniedException',
        `User: ${principal.arn} is not authorized to perform: ${action} ${reason}. ` +
          `The ${handler} handler of ${type} needs it (CloudFormation's registry): allow it to the stack's role or to the caller`,
      );
    }
    cloud.events.emit('right', { principal: principal.arn, action, resource: '*' });
  }
}
