import {
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type StackEvent,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { isCreatedInTree } from '@studio-resources/core/stack-tree';
import { cloudFormationMock } from './cloudformation-mock.ts';

const cloudformation = cloudFormationMock();

const domain = { type: 'AWS::SageMaker::Domain', id: 'd-1' } as const;
const shown = { ResourceType: domain.type, PhysicalResourceId: domain.id, LogicalResourceId: 'Domain' };

/** What CloudFormation shows of stacks, by id: their resources, and the newest events of the one that has the domain. */
function show(resources: Record<string, Partial<StackResourceSummary>[]>, events: Partial<StackEvent>[] = []): void {
  cloudformation.on(ListStackResourcesCommand).callsFake(({ StackName }) => ({
    StackResourceSummaries: resources[StackName] ?? [],
  }));
  cloudformation.on(DescribeStacksCommand).resolves({ Stacks: [{ RootId: 'root' } as never] });
  cloudformation.on(DescribeStackEventsCommand).resolves({ StackEvents: events as never });
}

const nested = (PhysicalResourceId: string) => ({ ResourceType: 'AWS::CloudFormation::Stack', PhysicalResourceId });

test('a resource of the stack, of the root and of a sibling counts', async () => {
  show({ own: [{ ...shown, ResourceStatus: 'CREATE_COMPLETE' }] });
  expect(await isCreatedInTree('own', domain)).toBe(true);
  show({
    own: [],
    root: [nested('own'), nested('sibling')],
    sibling: [{ ...shown, ResourceStatus: 'UPDATE_COMPLETE' }],
  });
  expect(await isCreatedInTree('own', domain)).toBe(true);
  show({ own: [], root: [nested('own')] });
  expect(await isCreatedInTree('own', domain)).toBe(false);
});

test('a custom resource with the physical id of a domain does not count', async () => {
  show({ own: [{ ...shown, ResourceType: 'Custom::StudioContents', ResourceStatus: 'CREATE_COMPLETE' }] });
  expect(await isCreatedInTree('own', domain)).toBe(false);
});

test.each(['IMPORT_COMPLETE', 'UPDATE_COMPLETE'] as const)(
  'a resource that the stack has imported does not count, also where it is %s now',
  async (ResourceStatus) => {
    const imported = { ...shown, ResourceStatus: 'IMPORT_COMPLETE' } as const;
    show({ own: [{ ...shown, ResourceStatus }] }, [{ ...shown, ResourceStatus }, imported]);
    expect(await isCreatedInTree('own', domain)).toBe(false);
  },
);

test('a resource that was retained does not count; one that is replaced counts until it is deleted', async () => {
  const created = { ...shown, ResourceStatus: 'CREATE_COMPLETE' } as const;
  show({ own: [{ ...shown, ResourceStatus: 'DELETE_SKIPPED' as never }] }, [
    { ...shown, ResourceStatus: 'DELETE_SKIPPED' },
    created,
  ]);
  expect(await isCreatedInTree('own', domain)).toBe(false);
  show({ own: [{ ...shown, PhysicalResourceId: 'd-2', ResourceStatus: 'UPDATE_COMPLETE' }] }, [created]);
  expect(await isCreatedInTree('own', domain)).toBe(true);
});
