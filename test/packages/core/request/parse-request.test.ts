import { serve } from '@studio-resources/core';
import { parseRequest } from '../../../../packages/core/src/request/parse-request.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda, stackId } from '../event.ts';
import { thing } from '../thing.ts';

const { bucket } = bucketAndLog();

test.each([
  ['an unknown request type', { RequestType: 'Upsert' }, 'RequestType has to be Create, Update or Delete'],
  ['no resource type', { ResourceType: undefined }, 'ResourceType is missing'],
  ['an Update without an id', { RequestType: 'Update' }, 'PhysicalResourceId is missing'],
  ['a Delete with an empty id', { RequestType: 'Delete', PhysicalResourceId: '' }, 'PhysicalResourceId is missing'],
  ['properties that are no object', { ResourceProperties: 'none' }, 'ResourceProperties has to be an object'],
  ['old properties that are no object', { OldResourceProperties: [] }, 'OldResourceProperties has to be an object'],
])('a request with %s gets FAILED, and calls nothing', async (_, fields, problem) => {
  const { resource, calls } = thing();
  await serve(resource)(event({ ResponseURL: bucket.url, ...fields }), lambda());
  expect(bucket.answer()).toEqual({
    Status: 'FAILED',
    Reason: `Reading the request: ${problem}`,
    PhysicalResourceId: 'studio-resources:create-failed:request-1',
    StackId: stackId,
    RequestId: 'request-1',
    LogicalResourceId: 'MyThing',
  });
  expect(calls).toEqual([]);
});

test.each([
  ['another account', 'arn:aws:cloudformation:eu-west-1:999999999999:stack/a/b'],
  ['another Region', 'arn:aws:cloudformation:eu-west-2:111122223333:stack/a/b'],
  ['another partition', 'arn:aws-cn:cloudformation:eu-west-1:111122223333:stack/a/b'],
  ['no account', 'arn:aws:cloudformation:eu-west-1'],
])('a request for a stack of %s gets FAILED, and calls nothing', async (_, StackId) => {
  const { resource, calls } = thing();
  await serve(resource)(event({ ResponseURL: bucket.url, StackId }), lambda());
  expect(bucket.answer()).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringMatching(
      /^Reading the request: StackId has to name a stack of the function's own account 111122223333 and Region eu-west-1; /,
    ),
    PhysicalResourceId: 'studio-resources:create-failed:request-1',
    StackId,
  });
  expect(calls).toEqual([]);
});

test('a broken request with an id gets a response with that id', async () => {
  const fields = { ResponseURL: bucket.url, RequestType: 'Upsert', PhysicalResourceId: 'thing-one' };
  await serve(thing().resource)(event(fields), lambda());
  expect(bucket.answer().PhysicalResourceId).toBe('thing-one');
});

const { invokedFunctionArn: reader } = lambda();

test('a request without properties has none', async () => {
  const fields = { ResponseURL: bucket.url, RequestType: 'Delete', PhysicalResourceId: 'thing-one' };
  const { ResourceProperties: _, ...bare } = event(fields);
  expect(await parseRequest(bare, { reader })).toMatchObject({
    request: { properties: {}, oldProperties: {}, serviceTimeout: 3600 },
  });
});

test.each([
  ['no event', undefined, 'it is not an object'],
  ['a list', [], 'it is not an object'],
  ['no ids', { StackId: undefined, RequestId: 7 }, 'it has no StackId, no RequestId'],
  ['a stack that is no ARN', { StackId: 'studio' }, 'its StackId is not the ARN of a stack'],
  [
    'an id that an answer has no room for',
    { RequestId: '\u0007'.repeat(60) },
    'its RequestId is too long to be repeated in a response',
  ],
  ['no response URL', { ResponseURL: undefined }, 'its ResponseURL is not one of CloudFormation’s own'],
  ['a stranger’s response URL', { ResponseURL: 'https://example.com/?s=1' }, 'its ResponseURL is not one of'],
])('an event with %s has no usable response URL, and is thrown', async (_, fields, problem) => {
  const given = fields && !Array.isArray(fields) ? event({ ResponseURL: bucket.url, ...fields }) : fields;
  await expect(serve(thing().resource)(given, lambda())).rejects.toMatchObject({
    name: 'InvalidRequestError',
    message: expect.stringContaining(problem.replace('’', "'")),
  });
  expect(bucket.puts).toHaveLength(0);
});

test('the error does not contain the refused URL', async () => {
  const ResponseURL = 'https://example.com/?X-Amz-Signature=5ecre7';
  await expect(serve(thing().resource)(event({ ResponseURL }), lambda())).rejects.not.toThrow(/example\.com|5ecre7/);
});

test.each([
  ['60', 60],
  [undefined, 3600],
  ['0', 3600],
  ['7200', 3600],
  ['soon', 3600],
  [{ valueOf: 'x', toString: 'x' }, 3600],
])('a ServiceTimeout of %j is %i seconds', async (given, seconds) => {
  const ResourceProperties = { Name: 'one', ...(given === undefined ? {} : { ServiceTimeout: given }) };
  const incoming = await parseRequest(event({ ResponseURL: bucket.url, ResourceProperties }), { reader });
  expect(incoming).toMatchObject({ request: { serviceTimeout: seconds, properties: { Name: 'one' } } });
});

test('property names of Object’s prototype are harmless', async () => {
  const fields = JSON.parse('{"Name":"one","__proto__":{"Size":"3"},"constructor":"x"}');
  const { resource, calls } = thing();
  await serve(resource)(event({ ResponseURL: bucket.url, ResourceProperties: fields }), lambda());
  expect(bucket.answer().Reason).toMatch(/constructor: unknown property/);
  expect(calls).toEqual([]);
});
