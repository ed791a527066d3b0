import * as SSM from '@aws-sdk/client-ssm';
import { ssm } from '../../../../packages/local/src/services/ssm/index.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

let served: ServedCloud;
let client: SSM.SSMClient;

beforeEach(async () => {
  served = serveCloud([ssm]);
  client = new SSM.SSMClient(served.as('111111111111'));
});

afterEach(async () => {
  client.destroy();
  served.close();
});

const put = (Name: string, more: Partial<SSM.PutParameterCommandInput> = {}) =>
  client.send(new SSM.PutParameterCommand({ Name, Value: `value of ${Name}`, Type: 'String', ...more }));
const get = async (Name: string, WithDecryption?: boolean) =>
  (await client.send(new SSM.GetParameterCommand({ Name, WithDecryption }))).Parameter;

test('a parameter is read by name, by version and by ARN', async () => {
  expect(await put('/a/b')).toMatchObject({ Version: 1, Tier: 'Standard' });
  expect(await put('/a/b', { Value: 'newer', Overwrite: true, Type: undefined })).toMatchObject({ Version: 2 });
  const ARN = 'arn:aws:ssm:us-east-1:111111111111:parameter/a/b';
  expect(await get('/a/b')).toEqual({
    Name: '/a/b',
    Type: 'String',
    Value: 'newer',
    Version: 2,
    LastModifiedDate: new Date('2026-11-21T06:24:00Z'),
    ARN,
    DataType: 'text',
  });
  expect(await get('/a/b:1')).toMatchObject({ Value: 'value of /a/b', Version: 1, Selector: ':1' });
  expect(await get(ARN)).toMatchObject({ Value: 'newer' });
  expect(await get(`${ARN}:1`)).toMatchObject({ Version: 1 });
});

test('a missing parameter and a missing version have different errors', async () => {
  await put('/a');
  await expect(get('/b')).rejects.toMatchObject({ name: 'ParameterNotFound', $metadata: { httpStatusCode: 400 } });
  await expect(get('/a:7')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
});

test('a SecureString is decrypted only on request', async () => {
  await put('/secret', { Value: 'hush', Type: 'SecureString' });
  expect((await get('/secret'))?.Value).not.toContain('hush');
  expect((await get('/secret', true))?.Value).toBe('hush');
});

test('many parameters are read in one call, which lists the missing ones', async () => {
  await put('/a');
  await put('/b');
  const { Parameters, InvalidParameters } = await client.send(
    new SSM.GetParametersCommand({ Names: ['/b', '/missing', '/a:1', '/a:9'] }),
  );
  expect(Parameters?.map(({ Name }) => Name)).toEqual(['/b', '/a']);
  expect(InvalidParameters).toEqual(['/missing', '/a:9']);
  const Names = Array.from({ length: 11 }, (_, i) => `/${i}`);
  await expect(client.send(new SSM.GetParametersCommand({ Names }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('parameters below a path are read, one level or all, page by page', async () => {
  for (const name of ['/app/a', '/app/b', '/app/deep/c', '/apple']) await put(name);
  await put('/app/list', { Value: 'x,y', Type: 'StringList' });
  const read = async (more: Partial<SSM.GetParametersByPathCommandInput> = {}) => {
    const page = await client.send(new SSM.GetParametersByPathCommand({ Path: '/app', ...more }));
    return { names: page.Parameters?.map(({ Name }) => Name), NextToken: page.NextToken };
  };
  expect((await read()).names).toEqual(['/app/a', '/app/b', '/app/list']);
  const first = await read({ Recursive: true, MaxResults: 2 });
  expect(first.names).toEqual(['/app/a', '/app/b']);
  expect((await read({ Recursive: true, NextToken: first.NextToken })).names).toEqual(['/app/deep/c', '/app/list']);
  expect((await read({ ParameterFilters: [{ Key: 'Type', Values: ['StringList'] }] })).names).toEqual(['/app/list']);
  await expect(read({ Path: 'app' })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(read({ NextToken: 'other' })).rejects.toMatchObject({ name: 'InvalidNextToken' });
});

test.each<[string, Partial<SSM.PutParameterCommandInput>, string]>([
  ['/taken', {}, 'ParameterAlreadyExists'],
  ['/taken', { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationException'],
  ['/new', { Type: undefined }, 'ValidationException'],
  ['/new', { Value: 'x'.repeat(4097) }, 'ValidationException'],
  ['/new', { AllowedPattern: '^\\d+$' }, 'ParameterPatternMismatchException'],
  ['/a b', {}, 'ValidationException'],
  ['/aws/new', {}, 'ValidationException'],
  ['ssmthing', {}, 'ValidationException'],
  ['not/absolute', {}, 'ValidationException'],
])('%s is not put with %j: %s', async (name, more, error) => {
  await put('/taken');
  await expect(put(name, more)).rejects.toMatchObject({ name: error });
});

test('an advanced parameter can have a longer value', async () => {
  expect(await put('/big', { Value: 'x'.repeat(8192), Tier: 'Advanced' })).toMatchObject({ Tier: 'Advanced' });
  await expect(put('/big', { Value: 'x'.repeat(8193), Overwrite: true })).rejects.toThrow(
    'maximum parameter value of 8192',
  );
});

test('the history has every version, up to a hundred', async () => {
  await put('/a');
  for (let i = 2; i <= 101; i += 1) await put('/a', { Value: `${i}`, Overwrite: true });
  const { Parameters, NextToken } = await client.send(new SSM.GetParameterHistoryCommand({ Name: '/a' }));
  expect(Parameters?.map(({ Version }) => Version)).toEqual(Array.from({ length: 50 }, (_, i) => i + 2));
  const rest = await client.send(new SSM.GetParameterHistoryCommand({ Name: '/a', NextToken }));
  expect(rest.Parameters?.at(-1)).toMatchObject({
    Version: 101,
    Value: '101',
    LastModifiedUser: 'arn:aws:iam::111111111111:root',
  });
});

test('parameters are described by name, type and path, without their values', async () => {
  await put('/a/b', { Description: 'one' });
  await put('/a/c', { Type: 'SecureString' });
  await put('d');
  const find = async (Key: string, Option: string | undefined, ...Values: string[]) => {
    const { Parameters = [] } = await client.send(
      new SSM.DescribeParametersCommand({ ParameterFilters: [{ Key, Option, Values }] }),
    );
    return Parameters.map(({ Name }) => Name);
  };
  expect(await find('Name', 'BeginsWith', '/a')).toEqual(['/a/b', '/a/c']);
  expect(await find('Name', 'Contains', 'c')).toEqual(['/a/c']);
  expect(await find('Name', undefined, 'd')).toEqual(['d']);
  expect(await find('Type', 'Equals', 'SecureString')).toEqual(['/a/c']);
  expect(await find('Path', 'OneLevel', '/a')).toEqual(['/a/b', '/a/c']);
  await expect(find('KeyId', 'Equals', 'x')).rejects.toMatchObject({ name: 'InvalidFilterKey' });
  const { Parameters } = await client.send(new SSM.DescribeParametersCommand({}));
  expect(Parameters?.[0]).toMatchObject({ Name: '/a/b', Description: 'one', Version: 1, Tier: 'Standard' });
  expect(Parameters?.[0]).not.toHaveProperty('Value');
});

test('parameters are deleted, one or many', async () => {
  for (const name of ['/a', '/b', '/c']) await put(name);
  await client.send(new SSM.DeleteParameterCommand({ Name: '/a' }));
  await expect(client.send(new SSM.DeleteParameterCommand({ Name: '/a' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  expect(await client.send(new SSM.DeleteParametersCommand({ Names: ['/a', '/b'] }))).toMatchObject({
    DeletedParameters: ['/b'],
    InvalidParameters: ['/a'],
  });
});

test('tags of a parameter are set, read and removed', async () => {
  await put('/a', { Tags: [{ Key: 'team', Value: 'x' }] });
  const resource = { ResourceType: 'Parameter' as const, ResourceId: '/a' };
  await client.send(new SSM.AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'stage', Value: 'y' }] }));
  await client.send(new SSM.RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['team'] }));
  const list = (ResourceId: string) => client.send(new SSM.ListTagsForResourceCommand({ ...resource, ResourceId }));
  expect((await list('/a')).TagList).toEqual([{ Key: 'stage', Value: 'y' }]);
  await expect(list('/b')).rejects.toMatchObject({ name: 'InvalidResourceId' });
});
