import type { Call } from '../service.ts';
import { matchesArn } from './match.ts';
import { memberValues } from './members.ts';
import { partitionOf } from './partition.ts';
import { type ResourceType, resourceTypesOf } from './resource-types.ts';

type Place = Pick<Call, 'account' | 'region'>;

/**
 * The ARNs that a call with this input is about, from the ARN patterns that IAM publishes for the action: those that
 * the input names, and for what the call will make, a pattern such as `…:domain/*`. `*` for an action without resources.
 */
export async function resourcesOf(action: string, input: Record<string, unknown>, place: Place): Promise<string[]> {
  const types = await resourceTypesOf(action);
  const arns = types.flatMap((type) => {
    const named = namedArns(type, input) ?? filledArns(action, type, input, place);
    if (named.length > 0) return named;
    // A list of the only kind there is, with no id, is about all of that kind.
    return type.required || types.length === 1 ? [fill(action, type, {}, input, place)] : [];
  });
  return arns.length > 0 ? [...new Set(arns)] : ['*'];
}

/** The ARNs of that type that are members of the input, such as a `ResourceArn`. */
function namedArns(type: ResourceType, input: Record<string, unknown>): string[] | undefined {
  const values = Object.values(input)
    .flat()
    .filter((value): value is string => typeof value === 'string' && value.startsWith('arn:'));
  if (values.length === 0) return undefined;
  const pattern = type.arn.replace(/\$\{[^}]*\}/g, '*');
  const parts = pattern.split('/').length;
  // A wildcard may not reach over a slash where that makes another type of it.
  const arns = values.filter((arn) => matchesArn(pattern, arn, undefined) && arn.split('/').length === parts);
  return arns.length > 0 ? arns : undefined;
}

/** The pattern filled in with each value of the input that fits; none unless all of it can be filled. */
function filledArns(action: string, type: ResourceType, input: Record<string, unknown>, place: Place): string[] {
  const names = placeholdersOf(type);
  let arns: Record<string, string>[] = names.length > 0 ? [{}] : [];
  for (const placeholder of names) {
    const values = memberValues(action, placeholder, input);
    arns = arns.flatMap((filled) => values.map((value) => ({ ...filled, [placeholder]: value })));
  }
  return arns.map((filled) => fill(action, type, filled, input, place));
}

/** By the pattern, since every call asks for those of its own. */
const placeholders = new Map<string, string[]>();

function placeholdersOf({ arn }: ResourceType): string[] {
  const known = placeholders.get(arn);
  if (known) return known;
  const names = [...arn.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name!);
  const own = names.filter((name) => !['Partition', 'Region', 'Account'].includes(name));
  placeholders.set(arn, own);
  return own;
}

/** The pattern with these values; what is not among them is filled from the input as far as it goes, then with `*`. */
function fill(
  action: string,
  type: ResourceType,
  values: Record<string, string>,
  input: Record<string, unknown>,
  { account, region }: Place,
): string {
  const all: Record<string, string> = { ...values, Partition: partitionOf(region), Region: region, Account: account };
  return type.arn.replace(
    /\$\{([^}]*)\}/g,
    (_, name: string) => all[name] ?? memberValues(action, name, input)[0] ?? '*',
  );
}
