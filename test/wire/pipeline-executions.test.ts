import { error } from '../packages/local/studio.ts';
import { action, type PipelineAccount, pipelineAccount, sourceStage } from './pipeline-account.ts';

let cloud: PipelineAccount;

beforeAll(async () => {
  cloud = await pipelineAccount();
  await cloud.putZip('source', 'app.zip', { 'index.html': 'app' });
});
afterAll(() => cloud.close());

test('an approval is waited for, and a rejection ends the execution', async () => {
  await cloud.create('approved', [
    sourceStage,
    { name: 'Approve', actions: [action('Approve', 'Approval/Manual', {})] },
  ]);
  const answer = async (status: 'Approved' | 'Rejected') => {
    await cloud.ran('approved');
    const { stageStates } = await cloud.codepipeline('GetPipelineState', { name: 'approved' });
    const token = stageStates![1]!.actionStates![0]!.latestExecution!.token;
    const result = { status, summary: 'seen' };
    await cloud.codepipeline('PutApprovalResult', {
      pipelineName: 'approved',
      stageName: 'Approve',
      actionName: 'Approve',
      result,
      token,
    });
    return cloud.ran('approved');
  };
  expect(await answer('Approved')).toMatchObject({ status: 'Succeeded' });
  await cloud.codepipeline('StartPipelineExecution', { name: 'approved' });
  expect(await answer('Rejected')).toMatchObject({ status: 'Failed', actions: { Approve: 'Failed: JobFailed: seen' } });
});

test('an execution is stopped, and the result of its action is ignored', async () => {
  await cloud.create('stopped', [
    sourceStage,
    { name: 'Approve', actions: [action('Approve', 'Approval/Manual', {})] },
  ]);
  await cloud.ran('stopped');
  const { pipelineExecutionSummaries: all } = await cloud.codepipeline('ListPipelineExecutions', {
    pipelineName: 'stopped',
  });
  const given = { pipelineName: 'stopped', pipelineExecutionId: all![0]!.pipelineExecutionId };
  await cloud.codepipeline('StopPipelineExecution', given);
  await expect(cloud.codepipeline('StopPipelineExecution', given)).rejects.toEqual(
    error('DuplicatedStopRequestException'),
  );
  await cloud.codepipeline('StopPipelineExecution', { ...given, abandon: true, reason: 'enough' });
  expect(await cloud.ran('stopped')).toMatchObject({ status: 'Stopped', actions: { Approve: 'Abandoned' } });
});

test('a disabled transition blocks executions, and the newest one enters once it is enabled', async () => {
  const stages = [
    sourceStage,
    {
      name: 'Site',
      actions: [
        action(
          'Site',
          'Deploy/S3',
          { BucketName: 'site', Extract: 'false', ObjectKey: 'app.zip' },
          { inputArtifacts: [{ name: 'App' }] },
        ),
      ],
    },
  ];
  await cloud.create('closed', stages);
  await cloud.ran('closed');
  const at = { pipelineName: 'closed', stageName: 'Site', transitionType: 'Inbound' as const };
  await cloud.codepipeline('DisableStageTransition', { ...at, reason: 'not today' });
  const { pipelineExecutionId } = await cloud.codepipeline('StartPipelineExecution', { name: 'closed' });
  const waiting = await cloud.when(async () => {
    const { stageStates } = await cloud.codepipeline('GetPipelineState', { name: 'closed' });
    return stageStates![1]!.inboundExecution && stageStates![1];
  });
  expect(waiting).toMatchObject({
    inboundExecution: { pipelineExecutionId },
    inboundTransitionState: { enabled: false, disabledReason: 'not today' },
  });
  await cloud.codepipeline('EnableStageTransition', at);
  expect(await cloud.ran('closed', pipelineExecutionId)).toMatchObject({ status: 'Succeeded' });
});
