import type { Request } from '../cloud-events.ts';
import type { Access, Call, Service } from '../service.ts';
import { conditionKeysOf } from './condition-keys.ts';
import { resourcesOf } from './resources.ts';
import type { Right } from './right.ts';
import { taggingRights } from './tagging-rights.ts';

type AccessOf = (input: Record<string, unknown>, call: Call) => Access[];

/** Every right that a call needs, in the order in which they are checked. */
export async function rightsOf(service: Service, request: Request, call: Call): Promise<Right[]> {
  const { operation, input } = request;
  const given = (service.access as Record<string, AccessOf | undefined> | undefined)?.[operation]?.(input, call);
  const accesses = given ?? [{}];
  const rights = await Promise.all(accesses.map((access) => complete(access, service, request, call)));
  const own = rights.flat();
  return [...own, ...(await taggingRights(service, request, own, call)), ...passedRoles(service, request, call)];
}

async function complete(access: Access, service: Service, { operation, input }: Request, call: Call): Promise<Right[]> {
  const own = `${service.iamPrefix}:${operation}`;
  const { action = own } = access;
  const asked = action === own ? await askedOf(action, service.conditionKeys?.(operation, input, call)) : {};
  const context = { ...asked, ...access.context };
  const resources = access.resource === undefined ? await resourcesOf(action, input, call) : [access.resource];
  return resources.map((resource) => ({ action, resource, context }));
}

/** Of a request's condition keys, those that the action takes. Some end with a name of the request: `Tags/${TagKey}`. */
async function askedOf(action: string, keys: Right['context'] = {}): Promise<Right['context']> {
  const taken = await conditionKeysOf(action);
  const open = [...taken].filter((key) => key.endsWith('}')).map((key) => key.slice(0, key.indexOf('${')));
  const isTaken = (key: string) => taken.has(key) || open.some((start) => key.startsWith(start));
  return Object.fromEntries(Object.entries(keys).filter(([key]) => isTaken(key)));
}

function passedRoles(service: Service, { operation, input }: Request, call: Call): Right[] {
  const roles = service.passedRoles?.(operation, input, call) ?? [];
  const context = { 'iam:PassedToService': service.principal };
  return [...new Set(roles)].map((resource) => ({ action: 'iam:PassRole', resource, context }));
}
