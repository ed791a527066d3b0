import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { createChangeSet } from '../../../scripts/deploy/change-set.ts';

// The local cloud's change sets are ready at once, on one page, and fail for one reason only.

describe('a change set', () => {
  const client = mockClient(CloudFormationClient);
  const sent = () => createChangeSet(new CloudFormationClient({ region: 'us-east-1' }), input, async () => {});
  const input = { StackName: 'studio', ChangeSetName: 'deploy', ChangeSetType: 'UPDATE' } as const;

  beforeEach(() => {
    client.reset();
    client.on(CreateChangeSetCommand).resolves({ Id: 'id', StackId: 'arn' });
    client.on(DeleteChangeSetCommand).resolves({});
  });
  afterAll(() => client.restore());

  test('that fails for another reason than that nothing changes is an error with that, and is deleted', async () => {
    const failed = { Status: 'FAILED', StatusReason: 'Transform AWS::Serverless failed' } as const;
    client.on(DescribeChangeSetCommand).resolvesOnce({ Status: 'CREATE_IN_PROGRESS' }).resolves(failed);
    await expect(sent()).rejects.toThrow('Making a change set of studio: Transform AWS::Serverless failed');
    expect(client.commandCalls(DeleteChangeSetCommand)).toHaveLength(1);
  });

  test('that finds no update after its transform changes nothing', async () => {
    client.on(DescribeChangeSetCommand).resolves({ Status: 'FAILED', StatusReason: 'No updates are to be performed.' });
    expect(await sent()).toBeUndefined();
  });

  test('with many changes is read to its end', async () => {
    const page = (id: string, NextToken?: string) => ({
      Status: 'CREATE_COMPLETE' as const,
      Changes: [{ ResourceChange: { LogicalResourceId: id } }],
      NextToken,
    });
    client.on(DescribeChangeSetCommand).resolvesOnce(page('One', 'next')).resolves(page('Two'));
    expect((await sent())?.changes.map(({ ResourceChange }) => ResourceChange?.LogicalResourceId)).toEqual([
      'One',
      'Two',
    ]);
  });
});
