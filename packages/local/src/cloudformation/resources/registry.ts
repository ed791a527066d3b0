import { meant, withWayOut } from '../template/way-out.ts';
import { nativeTypes } from '../types/index.ts';
import { customResource } from './custom-resource.ts';
import type { ResourceType } from './resource-type.ts';

/** The kind of resource that a template's type names, if there is one here. */
export function findResourceType(type: string): ResourceType | undefined {
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return customResource;
  return nativeTypes.get(type);
}

/** Throws for a type that a template could not have got in with. */
export function getResourceType(type: string): ResourceType {
  const found = findResourceType(type);
  if (!found) throw new Error(`Finding the type ${type}: there is none`);
  return found;
}

/** CloudFormation's words for types that there are not, and under them which there are. */
export function unsupportedTypes(types: readonly string[]): string {
  const namespaces = new Set(types.map(namespaceOf));
  const near = [...nativeTypes.keys()].filter((type) => namespaces.has(namespaceOf(type)));
  const supported =
    near.length > 0 ? near : [...new Set([...nativeTypes.keys()].map((type) => `${namespaceOf(type)}::*`))];
  return withWayOut(`Template format error: Unrecognized resource types: [${types.join(', ')}]`, [
    ...types.flatMap((type) => meant(type, [...nativeTypes.keys()])),
    `leave out types other than ${supported.join(', ')} and Custom::*, also those that AWS has`,
  ]);
}

function namespaceOf(type: string): string {
  return type.split('::').slice(0, 2).join('::');
}
