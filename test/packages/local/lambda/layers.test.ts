import * as Lambda from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { FunctionCloud, role, zipOf } from '../function-cloud.ts';

const arn = 'arn:aws:lambda:us-east-1:111122223333:layer:shared';
const modules = (text: string) =>
  zipOf({ 'nodejs/node_modules/shared/index.js': `module.exports = ${JSON.stringify(text)};` });
const source = { 'index.js': `exports.handler = async () => require('shared');` };

let cloud: FunctionCloud;

beforeEach(async () => {
  cloud = await FunctionCloud.open();
});

afterEach(() => cloud.close());

const publish = (text: string) =>
  cloud.lambda.send(
    new Lambda.PublishLayerVersionCommand({ LayerName: 'shared', Content: { ZipFile: modules(text) } }),
  );
const configure = async (Layers: string[]) => {
  await cloud.lambda.send(new Lambda.UpdateFunctionConfigurationCommand({ FunctionName: 'one', Layers }));
  await cloud.settled('one');
};

test('versions of a layer are numbered, listed newest first, and never numbered again', async () => {
  expect(await publish('first')).toMatchObject({ LayerArn: arn, LayerVersionArn: `${arn}:1`, Version: 1 });
  await publish('second');
  const list = async () => {
    const { LayerVersions } = await cloud.lambda.send(new Lambda.ListLayerVersionsCommand({ LayerName: 'shared' }));
    return LayerVersions!.map(({ Version }) => Version);
  };
  expect(await list()).toEqual([2, 1]);
  await cloud.lambda.send(new Lambda.DeleteLayerVersionCommand({ LayerName: 'shared', VersionNumber: 2 }));
  expect((await publish('third')).Version).toBe(3);
  expect(await list()).toEqual([3, 1]);
  const { Layers } = await cloud.lambda.send(new Lambda.ListLayersCommand({}));
  expect(Layers).toMatchObject([{ LayerName: 'shared', LatestMatchingVersion: { Version: 3 } }]);
  const first = { LayerName: 'shared', VersionNumber: 1 };
  const byNumber = await cloud.lambda.send(new Lambda.GetLayerVersionCommand(first));
  expect(byNumber.Content).toMatchObject({ CodeSize: modules('first').byteLength });
  const byArn = await cloud.lambda.send(new Lambda.GetLayerVersionByArnCommand({ Arn: `${arn}:1` }));
  expect(byArn).toMatchObject({ LayerVersionArn: byNumber.LayerVersionArn });
  const deleted = cloud.lambda.send(new Lambda.GetLayerVersionByArnCommand({ Arn: `${arn}:2` }));
  await expect(deleted).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a function loads modules from its layers, the last one first, also after their deletion', async () => {
  const [first, second] = [await publish('first'), await publish('second')].map((one) => one.LayerVersionArn!);
  await cloud.create('one', source, { Layers: [second!, first!] });
  expect((await cloud.invoke('one')).response).toBe('first');
  await configure([first!, second!]);
  expect((await cloud.invoke('one')).response).toBe('second');
  await cloud.lambda.send(new Lambda.DeleteLayerVersionCommand({ LayerName: 'shared', VersionNumber: 2 }));
  await configure([]);
  expect((await cloud.invoke('one')).error).toBe('Unhandled');
  await expect(configure([second!])).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: `Layer version ${second} does not exist.`,
  });
});

test('a stack publishes a version for each change, and gives it to its function', async () => {
  const s3 = new S3(cloud.options);
  const Bucket = 'artifacts';
  await s3.createBucket({ Bucket });
  await s3.putObject({ Bucket, Key: 'first.zip', Body: modules('first') });
  await s3.putObject({ Bucket, Key: 'second.zip', Body: modules('second') });
  const template = (S3Key: string) =>
    JSON.stringify({
      Resources: {
        Layer: {
          Type: 'AWS::Lambda::LayerVersion',
          Properties: { LayerName: 'shared', Content: { S3Bucket: Bucket, S3Key } },
        },
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            ...{ FunctionName: 'one', Role: role, Runtime: 'nodejs24.x', Handler: 'index.handler' },
            Code: { ZipFile: source['index.js'] },
            Layers: [{ Ref: 'Layer' }],
          },
        },
      },
      Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Layer', 'LayerVersionArn'] } } },
    });
  const made = await cloud.deploy('layers', { template: template('first.zip') });
  expect([made.failures, made.outputs]).toEqual([[], { Arn: `${arn}:1` }]);
  expect((await cloud.invoke('one')).response).toBe('first');
  const changed = await cloud.update('layers', { template: template('second.zip') });
  expect([changed.failures, changed.outputs]).toEqual([[], { Arn: `${arn}:2` }]);
  expect((await cloud.invoke('one')).response).toBe('second');
  expect((await cloud.remove('layers')).status).toBe('DELETE_COMPLETE');
  expect((await cloud.lambda.send(new Lambda.ListLayersCommand({}))).Layers).toEqual([]);
});
