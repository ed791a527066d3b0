import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { type LocalCloud, startLocalCloud } from '../../packages/local/src/local.ts';
import { startVirtualCloud, type VirtualCloud } from '../../packages/local/src/virtual/virtual-cloud.ts';

let wire: LocalCloud;
let virtual: VirtualCloud;
beforeAll(async () => {
  wire = await startLocalCloud({ port: 0, speed: 1 });
  virtual = await startVirtualCloud();
});
afterAll(async () => {
  await virtual?.discard();
  await wire?.close();
});

/** How the creation of a stack is refused. */
async function refusal(options: object, TemplateBody: string) {
  const client = new CloudFormationClient(options);
  try {
    const answer = await client.send(new CreateStackCommand({ StackName: 'wrong', TemplateBody }));
    return { name: 'none', message: JSON.stringify(answer) };
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  } finally {
    client.destroy();
  }
}

test.each([
  ['is no YAML', 'Resources: {', /^Template format error/],
  ['has no resources', '{}', /At least one Resources member must be defined/],
  [
    'names what there is not',
    'Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Nothing } } }',
    /Nothing/,
  ],
  ['has an unknown property', 'Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { Nam: x } } }', /Nam/],
])('a template that %s is refused at virtual time as over a socket', async (_, template, message) => {
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'local' };
  const overSocket = await refusal({ endpoint: wire.endpoint, region: 'us-east-1', credentials }, template);
  expect(overSocket.message).toMatch(message);
  expect(await refusal(virtual.clientOptions(), template)).toEqual(overSocket);
  await expect(virtual.deploy('wrong', { template })).rejects.toMatchObject(overSocket);
});

test.each([
  ['is no JSON', '{'],
  ['has a rule for no service', JSON.stringify({ rules: [{ on: 'call', fault: 'throttle', service: 'nowhere' }] })],
  ['has a fault that there is not', JSON.stringify({ rules: [{ on: 'call', fault: 'thunder' }] })],
])('a faults file that %s ends the start at virtual time as over a socket', async (_, text) => {
  const directory = await mkdtemp(join(tmpdir(), 'studio-resources-faults-'));
  const faults = join(directory, 'faults.json');
  await writeFile(faults, text);
  const failure = (starting: Promise<{ close(): Promise<void> }>) =>
    starting.then(
      (started) => started.close().then(() => 'it started'),
      (error: Error) => error.message,
    );
  const overSocket = await failure(startLocalCloud({ port: 0, speed: 1, faults }));
  expect(overSocket).toContain('aults');
  expect(await failure(startVirtualCloud({ faults }))).toBe(overSocket);
  await rm(directory, { recursive: true });
});
