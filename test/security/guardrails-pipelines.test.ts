import {
  AddTagsCommand,
  CreatePipelineCommand,
  DeletePipelineCommand,
  DescribePipelineCommand,
  RetryPipelineExecutionCommand,
  type SageMakerClient,
  StartPipelineExecutionCommand,
  StopPipelineExecutionCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-sagemaker';
import { account, region } from '../../scripts/start/clients.ts';
import { DataScientists, outcome, RoleArn } from './data-scientists.ts';

let people: DataScientists;

beforeAll(async () => {
  people = await DataScientists.start();
});
afterAll(() => people?.cloud.stop());

const step = { Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: { Get: 'Parameters.Message' } } };
const Parameters = [{ Name: 'Message', Type: 'String', DefaultValue: 'nothing to do' }];
const PipelineDefinition = JSON.stringify({ Version: '2020-12-01', Parameters, Steps: [step] });
const token = (digit: string) => digit.repeat(32);

function create(PipelineName: string): CreatePipelineCommand {
  const Tags = [{ Key: 'CostCenter', Value: '4711' }];
  return new CreatePipelineCommand({ PipelineName, RoleArn, PipelineDefinition, ClientRequestToken: token('0'), Tags });
}

function start(PipelineName: string): StartPipelineExecutionCommand {
  const PipelineParameters = [{ Name: 'Message', Value: 'as I say' }];
  return new StartPipelineExecutionCommand({ PipelineName, PipelineParameters, ClientRequestToken: token('1') });
}

/** What can be done with a pipeline and its execution, one by one. */
async function interference(caller: SageMakerClient, PipelineName: string, execution: string) {
  const PipelineExecutionArn = execution;
  const attempts = {
    update: new UpdatePipelineCommand({ PipelineName, PipelineDefinition, RoleArn }),
    start: start(PipelineName),
    retry: new RetryPipelineExecutionCommand({ PipelineExecutionArn, ClientRequestToken: token('2') }),
    stop: new StopPipelineExecutionCommand({ PipelineExecutionArn, ClientRequestToken: token('3') }),
  };
  const outcomes: Record<string, string> = {};
  for (const [name, command] of Object.entries(attempts)) {
    outcomes[name] = await outcome(caller.send(command as StartPipelineExecutionCommand));
  }
  return outcomes;
}

test('attack: a data scientist starts, changes and deletes the pipeline of another', async () => {
  const [ada, grace] = [await people.sagemaker('ada'), await people.sagemaker('grace')];
  expect(await outcome(grace.send(create('grace--houses')))).toBe('done');
  const { PipelineExecutionArn } = await grace.send(start('grace--houses'));
  const refused = { update: 'not allowed', start: 'not allowed', retry: 'not allowed', stop: 'not allowed' };
  expect(await interference(ada, 'grace--houses', PipelineExecutionArn!)).toEqual(refused);
  const deletion = new DeletePipelineCommand({ PipelineName: 'grace--houses', ClientRequestToken: token('4') });
  expect(await outcome(ada.send(deletion))).toBe('not allowed');
  // Nor can a pipeline be created under another's name.
  expect(await outcome(ada.send(create('grace--boats')))).toBe('not allowed');
  await ada.send(new DescribePipelineCommand({ PipelineName: 'grace--houses' }));
});

test('a data scientist does all of that with pipelines of their own', async () => {
  const ada = await people.sagemaker('ada');
  expect(await outcome(ada.send(create('ada--trial')))).toBe('done');
  const deletion = new DeletePipelineCommand({ PipelineName: 'ada--trial', ClientRequestToken: token('5') });
  expect(await outcome(ada.send(deletion))).toBe('done');
  expect(await outcome(ada.send(create('ada--houses')))).toBe('done');
  const { PipelineExecutionArn } = await ada.send(start('ada--houses'));
  const { retry, stop, ...rest } = await interference(ada, 'ada--houses', PipelineExecutionArn!);
  expect(rest).toEqual({ update: 'done', start: 'done' });
  // Whether there is something to retry or to stop depends on how far the execution has come.
  for (const one of [retry, stop]) expect(one).not.toMatch(/^(denied|not allowed)$/);
});

test('attack: a role with every right of SageMaker starts and changes the pipeline of a project', async () => {
  const { sagemaker } = people.cloud.clients;
  for (const [name, tags] of [
    ['sagemaker-houses-p-1', []],
    ['renamed', [{ Key: 'sagemaker:project-id', Value: 'p-1' }]],
  ] as const) {
    await sagemaker.send(create(name));
    if (tags.length > 0) {
      const ResourceArn = `arn:aws:sagemaker:${region}:${account}:pipeline/${name}`;
      await sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [...tags] }));
    }
    const wide = await people.wide();
    const attempts = [start(name), new UpdatePipelineCommand({ PipelineName: name, PipelineDefinition, RoleArn })];
    for (const command of attempts) {
      expect(await outcome(wide.clients.sagemaker.send(command as StartPipelineExecutionCommand))).toBe('denied');
    }
    const deletion = new DeletePipelineCommand({ PipelineName: name, ClientRequestToken: token('4') });
    expect(await outcome(wide.clients.sagemaker.send(deletion))).toBe('denied');
  }
});
