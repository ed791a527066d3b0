import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { cloudtrail } from '../../../../packages/local/src/services/cloudtrail/index.ts';
import { eventbridge } from '../../../../packages/local/src/services/eventbridge/index.ts';
import { followCalls } from '../../../../packages/local/src/services/eventbridge/trail.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { ssm } from '../../../../packages/local/src/services/ssm/index.ts';
import { Store } from '../../../../packages/local/src/store.ts';
import { account, region, StackCloud, token } from '../stack-cloud.ts';

const Name = 'management';
const trailArn = `arn:aws:cloudtrail:${region}:${account}:trail/${Name}`;
const Bucket = 'logs-of-trails';

/** What CloudTrail's guide has a bucket allow, to one trail. */
function bucketPolicy(trail = trailArn): string {
  const Principal = { Service: 'cloudtrail.amazonaws.com' };
  const conditions = { 'aws:SourceArn': trail };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Effect: 'Allow', Principal, Action: 's3:GetBucketAcl', Resource: `arn:aws:s3:::${Bucket}` },
        Condition: { StringEquals: conditions },
      },
      {
        ...{ Effect: 'Allow', Principal, Action: 's3:PutObject' },
        Resource: `arn:aws:s3:::${Bucket}/AWSLogs/${account}/*`,
        Condition: { StringEquals: { ...conditions, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      },
    ],
  });
}

let cloud: StackCloud;

beforeEach(async () => {
  cloud = new StackCloud(new Store(), [cloudtrail, eventbridge]);
  await cloud.invoke(s3, 'CreateBucket', { Bucket });
  await cloud.invoke(s3, 'PutBucketPolicy', { Bucket, Policy: bucketPolicy() });
});

const make = (more: object = {}) => cloud.invoke(cloudtrail, 'CreateTrail', { Name, S3BucketName: Bucket, ...more });
const refusal = (name: string, message: string) => ({ name, message: expect.stringContaining(message) });

test('a trail is created, logs after StartLogging, and is deleted', async () => {
  expect(await make({ TagsList: [{ Key: 'team', Value: 'platform' }] })).toMatchObject({
    ...{ Name, TrailARN: trailArn, S3BucketName: Bucket },
    ...{ IncludeGlobalServiceEvents: true, IsMultiRegionTrail: false, LogFileValidationEnabled: false },
  });
  const status = () => cloud.invoke(cloudtrail, 'GetTrailStatus', { Name });
  expect(await status()).toEqual({ IsLogging: false });
  await cloud.invoke(cloudtrail, 'StartLogging', { Name: trailArn });
  expect(await status()).toMatchObject({ IsLogging: true, StartLoggingTime: expect.any(Date) });
  await cloud.invoke(cloudtrail, 'StopLogging', { Name });
  expect(await status()).toMatchObject({ IsLogging: false, StopLoggingTime: expect.any(Date) });

  const selectors = () => cloud.invoke(cloudtrail, 'GetEventSelectors', { TrailName: Name });
  expect((await selectors()).EventSelectors).toMatchObject([{ ReadWriteType: 'All', IncludeManagementEvents: true }]);
  await cloud.invoke(cloudtrail, 'PutEventSelectors', {
    TrailName: Name,
    EventSelectors: [{ ReadWriteType: 'WriteOnly', ExcludeManagementEventSources: ['kms.amazonaws.com'] }],
  });
  expect((await selectors()).EventSelectors).toMatchObject([
    { ReadWriteType: 'WriteOnly', IncludeManagementEvents: true, ExcludeManagementEventSources: ['kms.amazonaws.com'] },
  ]);

  await cloud.invoke(cloudtrail, 'AddTags', { ResourceId: trailArn, TagsList: [{ Key: 'team', Value: 'data' }] });
  await cloud.invoke(cloudtrail, 'AddTags', { ResourceId: trailArn, TagsList: [{ Key: 'x', Value: 'y' }] });
  await cloud.invoke(cloudtrail, 'RemoveTags', { ResourceId: trailArn, TagsList: [{ Key: 'x' }] });
  expect(await cloud.invoke(cloudtrail, 'ListTags', { ResourceIdList: [trailArn] })).toEqual({
    ResourceTagList: [{ ResourceId: trailArn, TagsList: [{ Key: 'team', Value: 'data' }] }],
  });

  await cloud.invoke(cloudtrail, 'UpdateTrail', { Name, EnableLogFileValidation: true });
  const { trailList } = await cloud.invoke(cloudtrail, 'DescribeTrails', {});
  expect(trailList).toMatchObject([{ Name, HomeRegion: region, LogFileValidationEnabled: true }]);
  expect((await cloud.invoke(cloudtrail, 'ListTrails', {})).Trails).toEqual([
    { Name, TrailARN: trailArn, HomeRegion: region },
  ]);
  await cloud.invoke(cloudtrail, 'DeleteTrail', { Name });
  await expect(cloud.invoke(cloudtrail, 'GetTrail', { Name })).rejects.toMatchObject(
    refusal('TrailNotFoundException', `Unknown trail: ${Name} for the user: ${account}`),
  );
});

test('a trail needs a bucket whose policy allows its logs', async () => {
  await expect(make({ S3BucketName: 'none' })).rejects.toMatchObject(
    refusal('S3BucketDoesNotExistException', 'S3 bucket none does not exist!'),
  );
  const insufficient = refusal('InsufficientS3BucketPolicyException', `is detected for bucket: ${Bucket}`);
  await expect(make({ S3KeyPrefix: 'other' })).rejects.toMatchObject(insufficient);
  await cloud.invoke(s3, 'PutBucketPolicy', { Bucket, Policy: bucketPolicy(`${trailArn}-2`) });
  await expect(make()).rejects.toMatchObject(insufficient);
  await cloud.invoke(s3, 'DeleteBucketPolicy', { Bucket });
  await expect(make()).rejects.toMatchObject(insufficient);
  expect((await cloud.invoke(s3, 'ListObjectsV2', { Bucket })).Contents ?? []).toEqual([]);

  await cloud.invoke(s3, 'PutBucketPolicy', { Bucket, Policy: bucketPolicy() });
  await make();
  const { Contents } = await cloud.invoke(s3, 'ListObjectsV2', { Bucket });
  expect(Contents?.map(({ Key }) => Key)).toEqual([`AWSLogs/${account}/CloudTrail/`]);
});

test.each<[string, object, string, string]>([
  ['a short name', { Name: 'x' }, 'InvalidTrailNameException', 'between 3 and 128'],
  ['a name with a space', { Name: 'my trail' }, 'InvalidTrailNameException', 'only letters, numbers'],
  ['a topic', { SnsTopicName: 'x' }, 'UnsupportedOperationException', 'do not support SnsTopicName'],
  [
    'all Regions without what is global',
    { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
    'InvalidParameterCombinationException',
    'must include global service events',
  ],
  ['one tag twice', { TagsList: [{ Key: 'a' }, { Key: 'a' }] }, 'InvalidTagParameterException', 'unique'],
])('%s is refused', async (_, more, name, message) => {
  await expect(make(more)).rejects.toMatchObject(refusal(name, message));
});

test('an existing name, a trail beyond the quota and a trail of another Region are refused', async () => {
  await make({ IsMultiRegionTrail: true });
  await expect(make()).rejects.toMatchObject(refusal('TrailAlreadyExistsException', `Trail ${Name} already exists`));
  const otherRegion = { principal: accountPrincipal(account), region: 'eu-west-1' };
  const seen = await cloud.cloud.invoke(cloudtrail, 'DescribeTrails', {}, otherRegion);
  expect(seen.trailList).toMatchObject([{ HomeRegion: region }]);
  const own = await cloud.cloud.invoke(cloudtrail, 'DescribeTrails', { includeShadowTrails: false }, otherRegion);
  expect(own.trailList).toEqual([]);
  await expect(cloud.cloud.invoke(cloudtrail, 'StopLogging', { Name }, otherRegion)).rejects.toMatchObject(
    refusal('InvalidHomeRegionException', `its home region is ${region}`),
  );
  const Policy = bucketPolicy('*').replaceAll('StringEquals', 'StringLike');
  await cloud.invoke(s3, 'PutBucketPolicy', { Bucket, Policy });
  for (const more of ['2', '3', '4', '5']) await make({ Name: Name + more });
  await expect(make({ Name: `${Name}6` })).rejects.toMatchObject(
    refusal('MaximumNumberOfTrailsExceededException', `already has 5 trails in ${region}`),
  );
});

test.each<[string, object[], object[], string]>([
  ['none', [], [], 'Specify either'],
  ['both kinds', [{}], [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }], 'Specify either'],
  [
    'a source that cannot be left out',
    [{ ExcludeManagementEventSources: ['s3.amazonaws.com'] }],
    [],
    's3.amazonaws.com',
  ],
  ['six', Array(6).fill({}), [], 'up to five'],
])('selectors that are %s are refused', async (_, EventSelectors, AdvancedEventSelectors, message) => {
  await make();
  const input = { TrailName: Name, EventSelectors, AdvancedEventSelectors } as never;
  await expect(cloud.invoke(cloudtrail, 'PutEventSelectors', input)).rejects.toMatchObject(
    refusal('InvalidEventSelectorsException', message),
  );
});

const advanced = (...FieldSelectors: object[]) => ({ AdvancedEventSelectors: [{ FieldSelectors }] });
const management = { Field: 'eventCategory', Equals: ['Management'] };

test.each<[string, object | undefined, boolean]>([
  ['all management events', undefined, true],
  ['those that change something', { EventSelectors: [{ ReadWriteType: 'WriteOnly' }] }, true],
  ['those that read', { EventSelectors: [{ ReadWriteType: 'ReadOnly' }] }, false],
  ['no management events', { EventSelectors: [{ IncludeManagementEvents: false }] }, false],
  ['management events, by an advanced selector', advanced(management), true],
  ['those of another source', advanced(management, { Field: 'eventSource', NotEquals: ['ssm.amazonaws.com'] }), false],
  ['data', advanced({ Field: 'eventCategory', Equals: ['Data'] }), false],
])('EventBridge gets an event for a call when a trail logs %s', async (_, selectors, isTold) => {
  followCalls(cloud.cloud);
  const events: unknown[] = [];
  cloud.provider = (event) => {
    events.push({ ...event });
    return undefined;
  };
  const EventPattern = JSON.stringify({ source: ['aws.ssm'] });
  await cloud.invoke(eventbridge, 'PutRule', { Name: 'all', EventPattern });
  await cloud.invoke(eventbridge, 'PutTargets', { Rule: 'all', Targets: [{ Id: 'one', Arn: token }] });
  const put = async () => {
    await cloud.invoke(ssm, 'PutParameter', { Name: '/x', Value: 'x', Type: 'String', Overwrite: true });
    await cloud.clock.pass(60_000);
    return events.splice(0).length > 0;
  };
  expect(await put()).toBe(false);
  await make();
  if (selectors) await cloud.invoke(cloudtrail, 'PutEventSelectors', { TrailName: Name, ...selectors } as never);
  expect(await put()).toBe(false);
  await cloud.invoke(cloudtrail, 'StartLogging', { Name });
  expect(await put()).toBe(isTold);
});

test('a stack creates a trail, updates it in place and deletes it', async () => {
  const template = (more: object, Days = 30) => ({
    Resources: {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          LifecycleConfiguration: { Rules: [{ Id: 'old', Status: 'Enabled', ExpirationInDays: Days }] },
        },
      },
      Trail: {
        Type: 'AWS::CloudTrail::Trail',
        Properties: { TrailName: Name, S3BucketName: Bucket, ...more },
      },
    },
    Outputs: {
      Name: { Value: { Ref: 'Trail' } },
      Arn: { Value: { 'Fn::GetAtt': ['Trail', 'Arn'] } },
      Bucket: { Value: { Ref: 'Bucket' } },
    },
  });
  const made = await cloud.create('trail', template({ IsLogging: true, Tags: [{ Key: 'a', Value: 'b' }] }));
  const outputs = Object.fromEntries(made.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  expect(outputs).toMatchObject({ Name, Arn: trailArn });
  expect(await cloud.invoke(cloudtrail, 'GetTrailStatus', { Name })).toMatchObject({ IsLogging: true });
  const rules = async () =>
    (await cloud.invoke(s3, 'GetBucketLifecycleConfiguration', { Bucket: outputs.Bucket })).Rules;
  expect(await rules()).toEqual([{ ID: 'old', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } }]);

  const EventSelectors = [{ ReadWriteType: 'WriteOnly' }];
  const changed = template({ IsLogging: 'false', EnableLogFileValidation: 'true', EventSelectors }, 60);
  expect(await cloud.update('trail', changed)).toMatchObject({ StackStatus: 'UPDATE_COMPLETE' });
  expect(await cloud.invoke(cloudtrail, 'GetTrailStatus', { Name })).toMatchObject({ IsLogging: false });
  expect((await cloud.invoke(cloudtrail, 'GetTrail', { Name })).Trail).toMatchObject({
    LogFileValidationEnabled: true,
  });
  expect((await cloud.invoke(cloudtrail, 'GetEventSelectors', { TrailName: Name })).EventSelectors).toMatchObject(
    EventSelectors,
  );
  expect((await cloud.invoke(cloudtrail, 'ListTags', { ResourceIdList: [trailArn] })).ResourceTagList).toEqual([
    { ResourceId: trailArn, TagsList: [] },
  ]);
  expect(await rules()).toMatchObject([{ Expiration: { Days: 60 } }]);
  expect(await cloud.delete('trail')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect((await cloud.invoke(cloudtrail, 'ListTrails', {})).Trails).toEqual([]);
});
