import { CreateResourceShareCommand, DeleteResourceShareCommand } from '@aws-sdk/client-ram';
import {
  CreatePipelineCommand,
  DeletePipelineCommand,
  DescribePipelineCommand,
  DescribePipelineExecutionCommand,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import type { Account } from '../account.ts';
import { code, refusal } from '../answers.ts';
import type { Scenario } from '../scenario.ts';
import { sharedRole } from '../shared.ts';

/** A pipeline that fails at once, by its own step, and creates nothing. */
const definition = JSON.stringify({
  Version: '2020-12-01',
  Parameters: [{ Name: 'Reason', Type: 'String', DefaultValue: 'none' }],
  Steps: [{ Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: { Get: 'Parameters.Reason' } } }],
});

export const pipelines: readonly Scenario[] = [
  {
    name: 'pipeline-parameter-unknown',
    fact: 'A parameter that the definition does not have is refused when an execution is started.',
    asks: 'StartPipelineExecution with a parameter of another name',
    expected: 'ValidationException',
    source: 'no source was found for the text',
    certainty: 'unverified',
    makes: 'a pipeline',
    needs: ['role'],
    async observe(account) {
      const PipelineName = await sharedPipeline(account);
      const PipelineParameters = [{ Name: 'Missing', Value: 'a' }];
      return code(
        account.clients.sagemaker.send(new StartPipelineExecutionCommand({ PipelineName, PipelineParameters })),
      );
    },
  },
  {
    name: 'pipeline-execution-ended',
    fact: 'An execution that has ended cannot be stopped.',
    asks: 'StopPipelineExecution of an execution that has failed',
    expected: 'ValidationException',
    source: 'no source was found',
    certainty: 'unverified',
    makes: 'a pipeline, an execution that fails by its own step and creates nothing',
    needs: ['role'],
    async observe(account) {
      const { sagemaker } = account.clients;
      const PipelineName = await sharedPipeline(account);
      const { PipelineExecutionArn } = await sagemaker.send(new StartPipelineExecutionCommand({ PipelineName }));
      await account.until('the execution to end', async () => {
        const request = new DescribePipelineExecutionCommand({ PipelineExecutionArn });
        const { PipelineExecutionStatus } = await sagemaker.send(request);
        return /^(Failed|Succeeded|Stopped)$/.test(PipelineExecutionStatus ?? '') ? true : undefined;
      });
      return code(sagemaker.send(new StopPipelineExecutionCommand({ PipelineExecutionArn })));
    },
  },
  {
    name: 'pipeline-with-running-execution',
    fact: 'A pipeline with an execution that runs cannot be deleted.',
    asks: 'DeletePipeline at once after StartPipelineExecution',
    expected: /^(ResourceInUse|ConflictException|ValidationException)$/,
    source: 'no source was found; the local cloud answers ResourceInUse',
    certainty: 'unverified',
    makes: 'a second pipeline, an execution that fails by its own step and creates nothing',
    needs: ['role'],
    async observe(account) {
      const { sagemaker } = account.clients;
      const PipelineName = await createPipeline(account, 'running-pipeline');
      await sagemaker.send(new StartPipelineExecutionCommand({ PipelineName }));
      return code(sagemaker.send(deletionOf(account, PipelineName)));
    },
  },
  {
    name: 'share-of-other-region',
    fact: 'A resource of another Region cannot be in a resource share.',
    asks: 'CreateResourceShare with the ARN of a pipeline in another Region',
    expected:
      /^(InvalidParameterException|MalformedArnException|UnknownResourceException|OperationNotPermittedException): /,
    source: 'no source was found for the code; RAM shares resources of its own Region',
    certainty: 'unverified',
    async observe(account) {
      const { ram } = account.clients;
      const other = account.region === 'us-west-2' ? 'eu-west-1' : 'us-west-2';
      const { partition, id } = account.identity;
      const share = new CreateResourceShareCommand({
        name: account.name('other-region'),
        resourceArns: [`arn:${partition}:sagemaker:${other}:${id}:pipeline/conform`],
      });
      return refusal(
        ram.send(share).then(({ resourceShare }) => {
          const { resourceShareArn } = resourceShare!;
          account.made(`resource share ${resourceShareArn}`, () =>
            ram.send(new DeleteResourceShareCommand({ resourceShareArn })),
          );
        }),
      );
    },
  },
];

/** A pipeline for several scenarios; its name. */
function sharedPipeline(account: Account): Promise<string> {
  return account.once('pipeline', () => createPipeline(account, 'pipeline'));
}

/** Its name. */
async function createPipeline(account: Account, words: string): Promise<string> {
  const { sagemaker } = account.clients;
  const PipelineName = account.name(words);
  await sagemaker.send(
    new CreatePipelineCommand({
      PipelineName,
      PipelineDefinition: definition,
      RoleArn: await sharedRole(account),
      ClientRequestToken: account.name(`${words}-for-conformance-scenarios`),
    }),
  );
  account.made(`pipeline ${PipelineName}`, async () => {
    // An execution may still run.
    await account.until(`pipeline ${PipelineName} to be deletable`, async () => {
      const answer = await code(sagemaker.send(deletionOf(account, PipelineName)));
      return /^(no error|ResourceNotFound)/.test(answer) ? true : undefined;
    });
    await account.untilGone(`pipeline ${PipelineName}`, () =>
      sagemaker.send(new DescribePipelineCommand({ PipelineName })),
    );
  });
  return PipelineName;
}

function deletionOf(account: Account, PipelineName: string): DeletePipelineCommand {
  return new DeletePipelineCommand({
    PipelineName,
    ClientRequestToken: account.name('the-end-of-the-pipeline-itself'),
  });
}
