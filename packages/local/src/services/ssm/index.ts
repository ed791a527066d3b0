import * as SSM from '@aws-sdk/client-ssm';
import { type Access, type Call, type Definition, service } from '../../service.ts';
import { parameterOperations } from './parameters.ts';
import { arnOf, findParameter } from './state.ts';
import { valueOperations } from './values.ts';

function onName({ Name = '' }: { Name?: string }, call: Call): Access[] {
  return [{ resource: resourceOf(call, Name) }];
}

function onNames({ Names = [] }: { Names?: string[] }, call: Call): Access[] {
  return Names.map((name) => ({ resource: resourceOf(call, name) }));
}

function onResourceId({ ResourceId = '' }: { ResourceId?: string }, call: Call): Access[] {
  return [{ resource: resourceOf(call, ResourceId) }];
}

/** A version or a label is not part of what is authorised. */
function resourceOf(call: Call, name: string): string {
  return name.startsWith('arn:') ? name : arnOf(call, name.split(':')[0]!);
}

const access: Definition<typeof SSM>['access'] = {
  PutParameter: onName,
  GetParameter: onName,
  GetParameters: onNames,
  GetParametersByPath: ({ Path = '' }, call) => [{ resource: arnOf(call, Path) }],
  GetParameterHistory: onName,
  DeleteParameter: onName,
  DeleteParameters: onNames,
  DescribeParameters: () => [{ resource: '*' }],
  AddTagsToResource: onResourceId,
  RemoveTagsFromResource: onResourceId,
  ListTagsForResource: onResourceId,
};

/** Systems Manager, as far as its parameters go. */
export const ssm = service('ssm', 'ssm', SSM, {
  operations: { ...parameterOperations, ...valueOperations },
  access,
  tagsOf: (arn, call) => findParameter(call, arn)?.tags,
});
