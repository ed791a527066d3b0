import type { Names } from './names.ts';

/** A test of the handler against a fake of its service. */
export function unitTest({ name, id }: Names): string {
  return `import {
  DeleteParameterCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../handlers/${name}.ts';
import { type Answer, type Bucket, responseBucket } from '../packages/core/bucket.ts';
import { captured } from '../packages/core/console.ts';
import { event, lambda } from '../packages/core/event.ts';

const ssm = mockClient(SSMClient);
const texts = new Map<string, string>();
let bucket: Bucket;

beforeEach(async () => {
  captured();
  bucket = await responseBucket();
  texts.clear();
  ssm.reset();
  ssm.on(ListTagsForResourceCommand).resolves({ TagList: [] });
  ssm.on(PutParameterCommand).callsFake(({ Name, Value }) => void texts.set(Name, Value));
  ssm.on(GetParameterCommand).callsFake(({ Name }) => {
    if (!texts.has(Name)) throw new ParameterNotFound({ message: Name, $metadata: {} });
    return { Parameter: { Name, Value: texts.get(Name), ARN: \`arn:aws:ssm:::parameter\${Name}\`, Version: 1 } };
  });
  ssm.on(DeleteParameterCommand).callsFake(({ Name }) => void texts.delete(Name));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await bucket.close();
});
afterAll(() => ssm.restore());

async function send(fields: object): Promise<Answer> {
  const { puts } = bucket;
  await handler(event({ ResponseURL: bucket.url, ResourceType: 'Custom::${id}', ...fields }), lambda());
  return JSON.parse(puts.at(-1)!.body.toString()) as Answer;
}

const made = { Name: 'greeting', Text: 'Hello' };
const PhysicalResourceId = '/studio-resources/${name}/greeting';

test('it is made, changed in place, and deleted', async () => {
  expect(await send({ ResourceProperties: made })).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId,
    Data: { Name: PhysicalResourceId, Arn: expect.stringContaining(PhysicalResourceId), Version: '1' },
  });
  const changed = { ...made, Text: 'Welcome' };
  const update = { RequestType: 'Update', PhysicalResourceId, ResourceProperties: changed, OldResourceProperties: made };
  expect(await send({ ...update, RequestId: 'request-2' })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  expect([...texts]).toEqual([[PhysicalResourceId, 'Welcome']]);
  const deletion = { RequestType: 'Delete', PhysicalResourceId, ResourceProperties: changed };
  expect((await send({ ...deletion, RequestId: 'request-3' })).Status).toBe('SUCCESS');
  expect([...texts]).toEqual([]);
});

test.each([
  [{ Name: 'greeting' }, 'Text: required, but missing'],
  [{ ...made, Txt: 'Hi' }, 'Txt: unknown property; did you mean Text?'],
])('%j is refused before anything is called', async (ResourceProperties, reason) => {
  const answer = await send({ ResourceProperties });
  expect(answer.Status).toBe('FAILED');
  expect(answer.Reason).toContain(reason);
  expect(ssm.calls()).toHaveLength(0);
});
`;
}
