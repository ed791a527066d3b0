import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { VirtualCloud } from '../../../../packages/local/src/virtual/virtual-cloud.ts';
import { trusting } from '../authorised-cloud.ts';
import { answering, silent, thingTemplate } from './thing.ts';

const minute = 60_000;
let cloud: VirtualCloud;
beforeEach(() => {
  cloud = new VirtualCloud();
});
afterEach(() => cloud.discard());

/** Starts to create a stack, and does not wait for it. */
async function start(StackName: string, TemplateBody: string): Promise<void> {
  const client = new CloudFormationClient(cloud.clientOptions());
  await client.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }));
}

test('a condition is waited for as long as it takes, and no longer', async () => {
  const start = cloud.now().getTime();
  await cloud.until(() => cloud.now().getTime() >= start + 10 * minute);
  expect(cloud.now().getTime()).toBe(start + 10 * minute);
});

test('a wait that nothing can end fails at once, and names what it waited for', async () => {
  await expect(cloud.during(new Promise(() => {}), 'an answer')).rejects.toThrow(
    'Waiting for an answer: nothing is scheduled any more at 2026-11-21T06:24:00.000Z. Nothing is running',
  );
});

test('a condition that never holds ends the wait after 48 hours, and the error names what is still running', async () => {
  const Wait = { Type: 'Wait', Seconds: 90 * 24 * 3600, End: true };
  const states = new SFNClient(cloud.clientOptions());
  const iam = new IAMClient(cloud.clientOptions());
  const AssumeRolePolicyDocument = trusting({ Service: 'states.amazonaws.com' });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'machine', AssumeRolePolicyDocument }));
  const definition = JSON.stringify({ StartAt: 'Wait', States: { Wait } });
  const machine = new CreateStateMachineCommand({ name: 'slow', definition, roleArn: Role!.Arn });
  const { stateMachineArn } = await states.send(machine);
  await states.send(new StartExecutionCommand({ stateMachineArn, name: 'run' }));
  const before = cloud.time.now();
  await expect(cloud.until(() => false, 'the end')).rejects.toThrow(
    'Waiting for the end: it has not come in 48 hours. Still running: execution arn:aws:states:us-east-1:000000000000:execution:slow:run',
  );
  expect(cloud.time.now() - before).toBe(48 * 60 * minute);
});

test('closing a cloud waits for work that is about to end', async () => {
  await start('one', thingTemplate(answering(20)));
  await cloud.close();
  expect(cloud.calls().filter(({ operation }) => operation === 'CreateStack')).toHaveLength(1);
});

test('closing a cloud while a stack is in progress fails, and names the stack', async () => {
  await start('waits', thingTemplate(silent));
  await expect(cloud.close()).rejects.toThrow(
    /^Closing the virtual cloud: still running at 2026-11-21T07:24:\S+Z: stack waits \(CREATE_IN_PROGRESS\)$/,
  );
});

test('a cloud with a stack in progress is not saved', async () => {
  await start('waits', thingTemplate(silent));
  await expect(cloud.save()).rejects.toThrow(
    'Saving the virtual cloud: still running: stack waits (CREATE_IN_PROGRESS)',
  );
});

test('several clouds can start from a saved one, each independent, with its time and its functions', async () => {
  await cloud.deploy('one', { template: thingTemplate(answering(5)) });
  const saved = await cloud.save();
  const at = cloud.now();
  const forks = [new VirtualCloud({ from: saved }), new VirtualCloud({ from: saved })] as const;
  try {
    expect(forks.map((fork) => fork.now())).toEqual([at, at]);
    const [first, second] = forks.map((fork) => new SSMClient(fork.clientOptions()));
    await first!.send(new PutParameterCommand({ Name: '/mine', Value: 'x', Type: 'String' }));
    await expect(second!.send(new GetParameterCommand({ Name: '/mine' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    expect((await forks[0].remove('one')).status).toBe('DELETE_COMPLETE');
    expect((await forks[1].update('one', { parameters: {} })).status).toBe('CREATE_COMPLETE');
  } finally {
    for (const fork of forks) await fork.discard();
  }
});
