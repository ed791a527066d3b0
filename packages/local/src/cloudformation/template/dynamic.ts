import { AwsError } from '../../errors.ts';
import { isMap } from './intrinsics.ts';
import type { DynamicService, Scope } from './scope.ts';

const REFERENCE = /\{\{resolve:([^:{}]+):([^{}]*)\}\}/g;
const NAME = String.raw`[A-Za-z0-9_.\-/:]+?`;
const KEYS: Record<DynamicService, RegExp> = {
  ssm: new RegExp(`^${NAME}(:\\d+)?$`),
  'ssm-secure': new RegExp(`^${NAME}(:\\d+)?$`),
  secretsmanager: /^.+$/,
};

/** Puts the values of dynamic references (`{{resolve:ssm:/name:1}}`) into every string of an evaluated value. */
export async function resolveDynamic(value: unknown, scope: Pick<Scope, 'dynamic'>): Promise<unknown> {
  if (typeof value === 'string') return value.includes('{{resolve:') ? replace(value, scope) : value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) items.push(await resolveDynamic(item, scope));
    return items;
  }
  if (!isMap(value)) return value;
  const members: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) members.push([key, await resolveDynamic(member, scope)]);
  return Object.fromEntries(members);
}

async function replace(value: string, scope: Pick<Scope, 'dynamic'>): Promise<string> {
  let result = '';
  let end = 0;
  for (const match of value.matchAll(REFERENCE)) {
    const [whole, service, key] = match as unknown as [string, string, string];
    if (!isService(service)) {
      const known = Object.keys(KEYS).join(', ');
      const text = `Template error: the dynamic reference ${whole} names none of the services ${known}`;
      throw new AwsError('ValidationError', text);
    }
    if (!KEYS[service].test(key)) {
      const kind = service === 'secretsmanager' ? 'Secrets Manager' : 'SSM';
      throw new AwsError('ValidationError', `Incorrect format is used in the following ${kind} reference: [${whole}]`);
    }
    result += value.slice(end, match.index) + (await scope.dynamic(service, key));
    end = match.index + whole.length;
  }
  return result + value.slice(end);
}

function isService(service: string): service is DynamicService {
  return Object.hasOwn(KEYS, service);
}
