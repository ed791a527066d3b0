import { serve } from '@studio-resources/core';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { change, creation, input, served } from './direct-requests.ts';

const { bucket } = bucketAndLog();

beforeEach(() => {
  process.env.DIRECT_INVOCATIONS = 'studio-resources';
});
afterEach(() => {
  delete process.env.DIRECT_INVOCATIONS;
});

test('properties that do not fit are an error that names them', async () => {
  const { invoke, calls } = served();
  await expect(invoke(creation(input({ Nam: 'one' })))).rejects.toThrow(/Nam: unknown property.*Name: required/);
  expect(calls).toEqual([]);
});

test.each([
  ['StateName', input({}, { StateName: '' }), 'StateName has to be 1 to 100'],
  ['StateName', input({}, { StateName: 'a/b' }), 'StateName has to be 1 to 100'],
  ['LogicalResourceId', input({}, { LogicalResourceId: 7 }), 'LogicalResourceId has to be 1 to 100'],
  ['ResourceType', input({}, { ResourceType: 'Custom::Other' }), 'ResourceType has to be Custom::Thing'],
  ['ResourceProperties', input({}, { ResourceProperties: [] }), 'ResourceProperties has to be an object'],
  ['an unknown member', input({}, { StateNam: 'x' }), 'StateNam is unknown'],
])('an input with a wrong %s is refused, and the error names it', async (_, wrong, message) => {
  const { invoke, calls } = served();
  await expect(invoke(creation(wrong as never))).rejects.toMatchObject({
    name: 'InvalidRequestError',
    message: expect.stringContaining(message),
  });
  expect(calls).toEqual([]);
});

test('an input without what Terraform adds with lifecycle_scope = "CRUD" is refused', async () => {
  const { invoke } = served();
  await expect(invoke(input())).rejects.toThrow('tf is missing; set lifecycle_scope = "CRUD"');
  await expect(invoke({ ...input(), tf: { action: 'read' } })).rejects.toThrow('tf.action has to be create, update or');
});

test.each([[{ toString: 1 }], [['create']], ['constructor'], ['__proto__']])('%j is no action', async (action) => {
  const { invoke, calls } = served();
  const forged = { ...input(), tf: { action, prev_input: input() } };
  await expect(invoke(forged)).rejects.toThrow('tf.action has to be create, update or delete');
  expect(calls).toEqual([]);
});

test('a member that Terraform noted before is in the error only where it is short', async () => {
  const { invoke } = served();
  const refused = invoke(change(input(), input({ Name: 'one' }, { StateName: 'x'.repeat(1_000_000) })));
  await expect(refused).rejects.toThrow('StateName was a text of 1000000 characters, and cannot be changed');
});

test('an update cannot change the state, the logical id or the type', async () => {
  const { invoke, calls } = served();
  const before = input({ Name: 'one' }, { StateName: 'staging' });
  await expect(invoke(change(input(), before))).rejects.toThrow('StateName was "staging", and cannot be changed');
  await expect(invoke(change(input(), {}))).rejects.toThrow('tf.prev_input.ResourceProperties has to be an object');
  expect(calls).toEqual([]);
});

test('where the provider does not answer such invocations, the error names its parameter', async () => {
  delete process.env.DIRECT_INVOCATIONS;
  const { invoke, calls } = served();
  await expect(invoke(creation())).rejects.toThrow('set the parameter DirectInvocations of its provider to true');
  expect(calls).toEqual([]);
});

test('a resource that needs a stack says why', async () => {
  const { invoke } = served({ needsStack: 'it asks the stack' });
  await expect(invoke(creation())).rejects.toThrow(
    'Custom::Thing cannot be used without a stack, because it asks the stack',
  );
});

test('a request of CloudFormation stays one, whatever else it has', async () => {
  const { invoke, calls } = served();
  await expect(invoke({ ...event(), tf: { action: 'create' }, StateName: 'production' })).rejects.toThrow(
    'ResponseURL',
  );
  expect(calls).toEqual([]);
});

test.each([
  ['RequestType', { RequestType: 'Delete' }],
  ['ResponseURL', { ResponseURL: 'https://example.com/' }],
  ['StackId', { StackId: 'arn:aws:terraform:eu-west-1:111122223333:state/studio-resources/production' }],
  ['RequestId', { RequestId: 'one' }],
  ['a state of the waiter', { waiter: { state: {}, seal: 'x' } }],
  ['detail-type', { 'detail-type': 'AWS API Call via CloudTrail' }],
])('an input with %s beside its own members is no direct invocation', async (_, more) => {
  const { invoke, calls } = served();
  await expect(invoke({ ...creation(), ...more })).rejects.toMatchObject({ name: 'InvalidRequestError' });
  expect(calls).toEqual([]);
});

test('an event of EventBridge stays one, and by the alias for events nothing else is taken', async () => {
  const { resource, invoke, calls } = served();
  const eventBridge = { id: 'one', source: 'aws.sagemaker', 'detail-type': 'AWS API Call via CloudTrail', detail: {} };
  expect(await invoke({ ...creation(), ...eventBridge })).toEqual({ done: true });
  const alias = { ...lambda(), invokedFunctionArn: `${lambda().invokedFunctionArn}:events` };
  await expect(serve(resource)(creation(), alias)).rejects.toThrow('takes events of EventBridge only');
  expect(calls).toEqual([]);
});

test('members named like what every object inherits are unknown, and change no object', async () => {
  const { invoke, calls } = served();
  const inherited = (text: string) => JSON.parse(text.replace('{', '{"__proto__":{"polluted":"yes"},'));
  await expect(invoke(inherited(JSON.stringify(creation())))).rejects.toThrow('__proto__ is unknown');
  const ResourceProperties = inherited(JSON.stringify({ Name: 'one' }));
  await expect(invoke(creation(input({}, { ResourceProperties })))).rejects.toThrow('__proto__: unknown property');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  expect(calls).toEqual([]);
});

test('no request can name a state in place of a stack', async () => {
  const { invoke, calls } = served();
  const StackId = 'arn:aws:terraform:eu-west-1:111122223333:state/studio-resources/production';
  const RequestType = 'Delete';
  const forged = event({ ResponseURL: bucket.url, StackId, RequestType, PhysicalResourceId: 'thing-one' });
  await expect(invoke(forged)).rejects.toThrow('its StackId is not the ARN of a stack');
  expect(calls).toEqual([]);
});

test('a stack’s request takes nothing from a state: its holder counts as another, whatever CloudFormation says', async () => {
  const seen: string[] = [];
  const { invoke } = served({
    create: async (_, ctx) => {
      const stackId = 'arn:aws:terraform:eu-west-1:111122223333:state/studio-resources/production';
      seen.push(await ctx.holderStatus({ stackId, logicalResourceId: 'MyThing' }));
      throw new Error('no more');
    },
  });
  await invoke(event({ ResponseURL: bucket.url }));
  expect(bucket.answer()).toMatchObject({ Status: 'FAILED' });
  expect(seen).toEqual(['other']);
});
