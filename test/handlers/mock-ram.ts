import { CloudFormationClient, type StackResourceSummary, type StackStatus } from '@aws-sdk/client-cloudformation';
import { RAMClient } from '@aws-sdk/client-ram';
import type { Handler, Permission } from '@studio-resources/core';
import { cloudformation } from '../../packages/local/src/cloudformation/service.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import type { Service } from '../../packages/local/src/service.ts';
import { ram } from '../../packages/local/src/services/ram/index.ts';
import { type Call, type MockService, mockService } from './mock-service.ts';

type Module = typeof import('@aws-sdk/client-ram');

export const consumer = '111122223333';
export const owner = '444455556666';
/** The share that `share` makes, by its owner and its name. */
export const byName = { OwningAccountId: owner, ResourceShareName: 'pipelines' };
export const pipeline = `arn:aws:sagemaker:eu-west-1:${owner}:pipeline/train`;

/** A handler in the account that consumes, with RAM, and another account that shares. */
export interface MockRam extends MockService<Module> {
  asOwner: Call<Module>;
  asConsumer: Call<Module>;
  /** Shares the pipeline with the consumer, which takes a while; gives the ARN. */
  share(name?: string): Promise<string>;
  /** Shares it, and has the handler accept the share; gives its ARN. */
  accepted(): Promise<string>;
  /** The shares of others that the consumer is in. */
  memberships(): Promise<string[]>;
  /** The consumer's stacks by their ARNs. */
  readonly stacks: Map<string, MockStack>;
  /** The operations of CloudFormation that are refused, and how. */
  readonly refusals: Map<string, AwsError>;
}

interface MockStack {
  status: StackStatus;
  resources: Partial<StackResourceSummary>[];
}

export function mockRam(handler: Handler, resource: { permissions: readonly Permission[] }): MockRam {
  const stacks = new Map<string, MockStack>();
  const refusals = new Map<string, AwsError>();
  const withStacks = stacksService(stacks, refusals);
  const service = mockService<Module>(handler, resource, RAMClient, ram, [[CloudFormationClient, withStacks]]);
  process.env.SHARE_OWNER_ACCOUNT_IDS = owner;
  const [asOwner, asConsumer] = [service.as(owner), service.as(consumer)];
  const share = async (name: string = byName.ResourceShareName) => {
    const input = { name, resourceArns: [pipeline], principals: [consumer] };
    const { resourceShare } = await asOwner('CreateResourceShare', input);
    return resourceShare!.resourceShareArn!;
  };
  return {
    ...service,
    close() {
      delete process.env.SHARE_OWNER_ACCOUNT_IDS;
      service.close();
    },
    stacks,
    refusals,
    asOwner,
    asConsumer,
    share,
    async accepted() {
      const ResourceShareArn = await share();
      const answer = await service.send({ RequestType: 'Create', ResourceProperties: { ResourceShareArn } });
      expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ResourceShareArn });
      await service.pass(60);
      return ResourceShareArn;
    },
    async memberships() {
      const { resourceShares } = await asConsumer('GetResourceShares', { resourceOwner: 'OTHER-ACCOUNTS' });
      return resourceShares!.map(({ resourceShareArn }) => resourceShareArn!);
    },
  };
}

/** CloudFormation with these stacks. A page of ListStacks has one of them. */
function stacksService(stacks: MockRam['stacks'], refusals: MockRam['refusals']): Service {
  const refuse = (operation: string) => {
    const refusal = refusals.get(operation);
    if (refusal) throw refusal;
  };
  const existing = (stackId = '') => {
    const stack = stacks.get(stackId);
    if (!stack) throw new AwsError('ValidationError', `Stack with id ${stackId} does not exist`);
    return stack;
  };
  const CreationTime = new Date(0);
  return {
    ...cloudformation,
    operations: {
      ...cloudformation.operations,
      DescribeStacks({ StackName }: { StackName?: string }) {
        refuse('DescribeStacks');
        return { Stacks: [{ StackName: 'studio', CreationTime, StackStatus: existing(StackName).status }] };
      },
      ListStacks({ NextToken = '0', StackStatusFilter = [] }: { NextToken?: string; StackStatusFilter?: string[] }) {
        refuse('ListStacks');
        const at = Number(NextToken);
        const live = [...stacks].filter(([, { status }]) => StackStatusFilter.includes(status));
        const StackSummaries = live.slice(at, at + 1).map(([StackId, { status }]) => ({
          ...{ StackId, StackName: StackId.split('/')[1]!, CreationTime, StackStatus: status },
        }));
        return { StackSummaries, NextToken: at + 1 < live.length ? String(at + 1) : undefined };
      },
      ListStackResources({ StackName }: { StackName?: string }) {
        refuse('ListStackResources');
        const StackResourceSummaries = existing(StackName).resources.map((each) => ({
          ResourceType: 'Custom::ResourceShareAcceptance',
          ResourceStatus: 'CREATE_COMPLETE',
          LastUpdatedTimestamp: CreationTime,
          ...each,
        }));
        return { StackResourceSummaries };
      },
    },
  } as unknown as Service;
}
