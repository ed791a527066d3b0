import { functionArn, SfnCloud } from './sfn-cloud.ts';

const invoke = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionArn, 'Payload.$': '$' },
  OutputPath: '$.Payload',
};

let cloud: SfnCloud;

beforeEach(async () => {
  cloud = new SfnCloud();
  await cloud.role();
});

afterEach(() => {
  cloud.cloud.close();
});

test('a function is polled until it is done, with the wait that it asks for', async () => {
  let looks = 0;
  cloud.function = () => {
    looks += 1;
    return { result: looks < 3 ? { done: false, waitSeconds: 600 } : { done: true } };
  };
  const ended = await cloud.run(
    {
      Wait: { Type: 'Wait', SecondsPath: '$.waitSeconds', Next: 'Poll' },
      Poll: { ...invoke, Next: 'Choice' },
      Choice: {
        Type: 'Choice',
        Choices: [{ Variable: '$.done', BooleanEquals: true, Next: 'Done' }],
        Default: 'Wait',
      },
      Done: { Type: 'Succeed' },
    },
    { waitSeconds: 60 },
  );
  expect(ended).toEqual({ status: 'SUCCEEDED', output: { done: true }, took: 1260 });
  expect(cloud.events).toEqual([
    { waitSeconds: 60 },
    { done: false, waitSeconds: 600 },
    { done: false, waitSeconds: 600 },
  ]);
});
