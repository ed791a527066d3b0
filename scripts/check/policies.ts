import { findIntrinsic, isMap } from '../../packages/local/src/cloudformation/template/intrinsics.ts';
import { resourceTypesOf } from '../../packages/local/src/iam/resource-types.ts';
import type { TemplateFile } from '../templates/files.ts';
import type { Finding } from './findings.ts';
import { wildcardBucketsOf } from './wildcard-buckets.ts';

/** A statement of a policy that allows something, and where it stands. */
interface Allowance {
  statement: Record<string, unknown>;
  path: string;
  /** Of a role, a user or a group, rather than of a resource. */
  isOfIdentity: boolean;
}

/** AWS's own policies that allow nearly everything, or all of a service. */
const broad = /(AdministratorAccess|PowerUserAccess|FullAccess)\b/;
const attached = /\/(ManagedPolicyArns|ManagedPolicies|PolicyArn)\b/;

/** Policies that allow more than they name: by wildcards, in buckets of other accounts, or by AWS's own broad ones. */
export async function checkPolicies(file: TemplateFile): Promise<Finding[]> {
  const found: Finding[] = [];
  const add = (path: string, rule: string, message: string) => {
    found.push({ path: file.path, line: file.places.at(path).line, rule, message });
  };
  for (const { logicalId, type, properties } of file.template.resources.values()) {
    // The policy of an endpoint lets through what other policies allow, and allows nothing itself.
    if (type === 'AWS::EC2::VPCEndpoint') continue;
    const path = `/Resources/${logicalId}/Properties`;
    for (const { value, path: place } of textsIn(properties, path)) {
      if (!attached.test(place) || !broad.test(value)) continue;
      add(place, 'broad-policy', `${logicalId}: name the rights that are needed instead of ${value}`);
    }
    for (const { statement, path: place, isOfIdentity } of allowancesIn(properties, path)) {
      const actions = [...textsIn(statement.Action ?? statement.NotAction, `${place}/Action`)];
      for (const { value, path: where } of actions) {
        if (value.includes('*') || 'NotAction' in statement) {
          add(where, 'wildcard-action', `${logicalId}: name the actions instead of ${value}`);
        }
      }
      if (!isOfIdentity) continue;
      for (const name of actions.some(({ value }) => isOfBuckets(value))
        ? wildcardBucketsOf(statement, file.template)
        : []) {
        const remedy = "a Condition, StringEquals: { aws:ResourceAccount: '${aws:PrincipalAccount}' }";
        add(place, 'foreign-bucket', `${logicalId}: another account can own a bucket named ${name}; give it ${remedy}`);
      }
      if (!isEverything(statement)) continue;
      for (const { value, path: where } of actions) {
        const types = await resourceTypesOf(value);
        if (types.length === 0) continue;
        const names = types.map(({ name }) => name).join(', ');
        add(where, 'wildcard-resource', `${logicalId}: ${value} can be allowed on ${names}; name them as its Resource`);
      }
    }
  }
  return found;
}

/** Whether an action is one of S3 on buckets or objects. */
function isOfBuckets(action: string): boolean {
  return /^(s3:|\*$)/i.test(action) && !/^s3:ListAllMyBuckets$/i.test(action);
}

/** The actions that the policies among a role's properties allow, whatever the conditions. */
export function allowedActions(properties: Record<string, unknown>): string[] {
  const allowances = [...allowancesIn(properties, '')].filter(({ isOfIdentity }) => isOfIdentity);
  return allowances.flatMap(({ statement }) => [...textsIn(statement.Action, '')].map(({ value }) => value));
}

/** Every statement below a value that allows something. */
function* allowancesIn(value: unknown, path: string): Generator<Allowance> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* allowancesIn(item, `${path}/${index}`);
  } else if (isMap(value)) {
    if ('Effect' in value && ('Action' in value || 'NotAction' in value)) {
      // A resource's policy names whom it allows.
      if (value.Effect !== 'Deny') yield { statement: value, path, isOfIdentity: !('Principal' in value) };
      return;
    }
    for (const [key, member] of Object.entries(value)) yield* allowancesIn(member, `${path}/${key}`);
  }
}

function isEverything({ Resource, NotResource }: Record<string, unknown>): boolean {
  return NotResource !== undefined || [...textsIn(Resource, '')].some(({ value }) => value === '*');
}

/** Every text below a value, also within functions; of `Fn::Sub` as it is written. */
function* textsIn(value: unknown, path: string): Generator<{ value: string; path: string }> {
  if (typeof value === 'string') yield { value, path };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsIn(item, `${path}/${index}`);
  else if (findIntrinsic(value)?.name === 'Fn::If') {
    const [, ...branches] = findIntrinsic(value)!.argument as unknown[];
    for (const [index, branch] of branches.entries()) yield* textsIn(branch, `${path}/Fn::If/${index + 1}`);
  } else if (isMap(value)) for (const [key, member] of Object.entries(value)) yield* textsIn(member, `${path}/${key}`);
}
