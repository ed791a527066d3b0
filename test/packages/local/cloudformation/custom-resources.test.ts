import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { account, custom, type ProviderRequest, StackCloud, token } from '../stack-cloud.ts';

const one = (properties: Record<string, unknown> = {}) => ({ Resources: { Thing: custom(properties) } });

async function failureReason(cloud: StackCloud, logicalId = 'Thing'): Promise<string | undefined> {
  const events = await cloud.events('studio');
  return events.find(
    ({ LogicalResourceId, ResourceStatus }) => LogicalResourceId === logicalId && ResourceStatus!.endsWith('_FAILED'),
  )?.ResourceStatusReason;
}

test('a request has the fields of the protocol, with every scalar as text', async () => {
  const cloud = new StackCloud();
  const { StackId } = await cloud.create(
    'studio',
    one({ Size: 5, On: true, List: [1, { Deep: false }], ServiceTimeout: 60 }),
  );
  expect(cloud.requests).toEqual([
    {
      RequestType: 'Create',
      ServiceToken: token,
      ResponseURL: expect.any(String),
      StackId,
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ResourceType: 'Custom::Thing',
      LogicalResourceId: 'Thing',
      ResourceProperties: {
        ServiceToken: token,
        ServiceTimeout: '60',
        Size: '5',
        On: 'true',
        List: ['1', { Deep: 'false' }],
      },
    },
  ]);
  const [{ ResponseURL, RequestId }] = cloud.requests as [ProviderRequest];
  const { origin, pathname, searchParams } = new URL(ResponseURL);
  expect(origin).toBe('http://127.0.0.1:4566');
  const key = encodeURIComponent(`${StackId}|Thing|${RequestId}`);
  expect(pathname).toBe(`/cloudformation-custom-resource-response-useast1/${key}`);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Expires': '7200',
    'X-Amz-SignedHeaders': 'host',
  });
});

test('no account lists the response bucket', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', one());
  expect((await cloud.invoke(s3, 'ListBuckets', {})).Buckets).toEqual([]);
});

test('an update sends the id and both sets of properties, and only when declared properties changed', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', { Resources: { Thing: custom({ Size: 1 }), Other: custom() } });
  await cloud.update('studio', { Resources: { Thing: custom({ Size: 2 }), Other: custom() } });
  expect(cloud.asked().slice(2)).toEqual(['Update Thing id-of-Thing']);
  expect(cloud.requests.at(-1)).toMatchObject({
    PhysicalResourceId: 'id-of-Thing',
    ResourceProperties: { ServiceToken: token, Size: '2' },
    OldResourceProperties: { ServiceToken: token, Size: '1' },
  });
});

test('a deletion sends the id and the properties', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', one({ Size: 1 }));
  expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  expect(cloud.requests.at(-1)).toMatchObject({
    RequestType: 'Delete',
    PhysicalResourceId: 'id-of-Thing',
    ResourceProperties: { ServiceToken: token, Size: '1' },
  });
});

test('other resources and outputs can use the attributes', async () => {
  const cloud = new StackCloud();
  cloud.provider = ({ LogicalResourceId }) => ({
    PhysicalResourceId: LogicalResourceId,
    Data: { Url: 'https://x', N: 3 },
  });
  const stack = await cloud.create('studio', {
    Resources: { Thing: custom(), Other: custom({ Url: { 'Fn::GetAtt': ['Thing', 'Url'] } }) },
    Outputs: { Url: { Value: { 'Fn::Sub': '${Thing.Url}/${Thing.N}' } } },
  });
  expect(cloud.requests[1]!.ResourceProperties.Url).toBe('https://x');
  expect(stack.Outputs).toEqual([{ OutputKey: 'Url', OutputValue: 'https://x/3' }]);
});

test('a resource that uses an attribute which the response does not have fails', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', {
    Resources: { Thing: custom(), Other: custom({ Url: { 'Fn::GetAtt': ['Thing', 'Url'] } }) },
  });
  expect(await failureReason(cloud, 'Other')).toBe(
    "CustomResource attribute error: Vendor response doesn't contain Url attribute in object id-of-Thing",
  );
});

test('attributes that are NoEcho can be used, and are not shown', async () => {
  const cloud = new StackCloud();
  cloud.provider = ({ LogicalResourceId }) => ({
    PhysicalResourceId: LogicalResourceId,
    NoEcho: true,
    Data: { Key: 'secret' },
  });
  await cloud.create('studio', {
    Resources: { Thing: custom(), Other: custom({ Key: { 'Fn::GetAtt': ['Thing', 'Key'] } }) },
  });
  expect(cloud.requests[1]!.ResourceProperties.Key).toBe('secret');
  expect(JSON.stringify(await cloud.events('studio'))).not.toContain('secret');
  const shown = (await cloud.events('studio')).find(({ LogicalResourceId }) => LogicalResourceId === 'Other');
  expect(JSON.parse(shown!.ResourceProperties!).Key).toBe('*****');
});

test('a failed creation shows the reason, and the resource is deleted with the id of the response', async () => {
  const cloud = new StackCloud();
  cloud.provider = ({ RequestType, PhysicalResourceId = 'half-made' }) =>
    RequestType === 'Create' ? { Status: 'FAILED', Reason: 'no room', PhysicalResourceId } : { PhysicalResourceId };
  const stack = await cloud.create('studio', one());
  expect(stack).toMatchObject({
    StackStatus: 'ROLLBACK_COMPLETE',
  });
  const [{ RequestId }] = cloud.requests as [ProviderRequest];
  expect(await cloud.history('studio')).toEqual([
    'studio CREATE_IN_PROGRESS: User Initiated',
    'Thing CREATE_IN_PROGRESS',
    `Thing CREATE_FAILED: Received response status [FAILED] from custom resource. Message returned: no room (RequestId: ${RequestId})`,
    'studio ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Thing]. Rollback requested by user.',
    'Thing DELETE_IN_PROGRESS',
    'Thing DELETE_COMPLETE',
    'studio ROLLBACK_COMPLETE',
  ]);
  expect(cloud.asked()).toEqual(['Create Thing', 'Delete Thing half-made']);
});

const invented = /^Delete Thing studio-Thing-[A-Z0-9]{12}$/;
const succeed = ({ PhysicalResourceId = 'id' }: ProviderRequest) => ({ PhysicalResourceId });

test.each([
  ['no id', () => ({ Status: 'FAILED', Reason: 'never shown' }), 'Invalid PhysicalResourceId'],
  ['an empty id', () => ({ PhysicalResourceId: '' }), 'Invalid PhysicalResourceId'],
  ['an id of more than a kilobyte', () => ({ PhysicalResourceId: 'x'.repeat(1025) }), 'Invalid PhysicalResourceId'],
  [
    'more than 4096 bytes',
    () => ({ PhysicalResourceId: 'id', Data: { A: 'ü'.repeat(2000) } }),
    'Response object is too long.',
  ],
])('a response with %s is a failure, and the deletion has an invented id', async (_, answer, reason) => {
  const cloud = new StackCloud();
  cloud.provider = (request) => (request.RequestType === 'Create' ? answer() : succeed(request));
  expect(await cloud.create('studio', one())).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await failureReason(cloud)).toBe(reason);
  expect(cloud.asked()).toEqual(['Create Thing', expect.stringMatching(invented)]);
});

test.each([
  ['another stack', { StackId: 'arn:other' }, 'Invalid StackId'],
  ['another request', { RequestId: 'other' }, 'Invalid RequestId'],
  ['another resource', { LogicalResourceId: 'Other' }, 'Invalid LogicalResourceId'],
  ['another status', { Status: 'DONE' }, 'Invalid Response object: Status must be SUCCESS or FAILED'],
  [
    'a failure without a reason',
    { Status: 'FAILED' },
    'Invalid Response object: Reason must be provided for Status FAILED',
  ],
  ['data that are no map', { Data: 'text' }, 'Invalid Response object: Data must be a map'],
])('a response with %s is a failure', async (_, wrong, reason) => {
  const cloud = new StackCloud();
  cloud.provider = (request) =>
    request.RequestType === 'Create' ? { PhysicalResourceId: 'id', ...wrong } : succeed(request);
  await cloud.create('studio', one());
  expect(await failureReason(cloud)).toBe(reason);
  expect(cloud.asked().at(-1)).toBe('Delete Thing id');
});

test('a response of exactly 4096 bytes is accepted', async () => {
  const cloud = new StackCloud();
  cloud.provider = async (request) => {
    const { StackId, RequestId, LogicalResourceId } = request;
    const body = {
      Status: 'SUCCESS',
      StackId,
      RequestId,
      LogicalResourceId,
      PhysicalResourceId: 'id',
      Data: { A: '' },
    };
    body.Data.A = 'x'.repeat(4096 - JSON.stringify(body).length);
    await cloud.answer(request, JSON.stringify(body));
    return undefined;
  };
  expect(await cloud.create('studio', one())).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
});

test('a response that is not JSON is a failure', async () => {
  const cloud = new StackCloud();
  cloud.provider = async (request) => {
    if (request.RequestType === 'Delete') return succeed(request);
    await cloud.answer(request, '{"Status":"SUCC');
    return undefined;
  };
  await cloud.create('studio', one());
  expect(await failureReason(cloud)).toBe('Response is not valid JSON');
});

test('the first response counts; S3 accepts later ones, and CloudFormation ignores them', async () => {
  const cloud = new StackCloud();
  const statuses: number[] = [];
  cloud.provider = async (request) => {
    statuses.push(await cloud.answer(request, { PhysicalResourceId: 'first' }));
    statuses.push(await cloud.answer(request, { PhysicalResourceId: 'second' }));
    return undefined;
  };
  await cloud.create('studio', one());
  const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'studio' });
  expect(StackResources).toMatchObject([{ PhysicalResourceId: 'first', ResourceStatus: 'CREATE_COMPLETE' }]);
  expect(statuses).toEqual([200, 200]);
});

test('the response URL expires after two hours', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', one());
  await cloud.clock.pass(7201 * 1000);
  expect(await cloud.answer(cloud.requests[0]!, { PhysicalResourceId: 'late' })).toBe(403);
});

test('a request without a response fails after an hour, or after its ServiceTimeout', async () => {
  const cloud = new StackCloud();
  cloud.provider = (request) => (request.RequestType === 'Create' ? undefined : succeed(request));
  const begun = cloud.clock.now();
  await cloud.create('studio', one({ ServiceTimeout: '90' }));
  expect(cloud.clock.now() - begun).toBeLessThan(95_000);
  const [{ RequestId }] = cloud.requests as [ProviderRequest];
  expect(await failureReason(cloud)).toBe(
    `CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${RequestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function so that CloudFormation can attach the updated version.`,
  );
  expect(cloud.asked()).toEqual(['Create Thing', expect.stringMatching(invented)]);

  const patient = new StackCloud();
  patient.provider = cloud.provider;
  const start = patient.clock.now();
  await patient.create('studio', one());
  expect(patient.clock.now() - start).toBeGreaterThanOrEqual(3_600_000);
});

test.each([
  [{ ServiceTimeout: 0 }, 'Invalid ServiceTimeout: 0 is not a whole number from 1 to 3600.'],
  [{ ServiceTimeout: '3601' }, 'Invalid ServiceTimeout: "3601" is not a whole number from 1 to 3600.'],
  [{ ServiceToken: `arn:aws:sns:us-east-1:${account}:topic` }, expect.stringContaining('is an SNS topic')],
  [{ ServiceToken: 'provider' }, 'Invalid service token: "provider" is not the ARN of a Lambda function.'],
  [{ ServiceToken: token.replace('us-east-1', 'eu-west-1') }, expect.stringContaining("must be in the stack's Region")],
  [{ ServiceToken: `${token}-2` }, `Function not found: ${token}-2`],
])('%j fails before anything is sent, and nothing is deleted', async (properties, reason) => {
  const cloud = new StackCloud();
  expect(await cloud.create('studio', one(properties))).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await failureReason(cloud)).toEqual(reason);
  expect(cloud.asked()).toEqual([]);
});

test('a custom resource without a service token is refused before anything is created', async () => {
  const template = JSON.stringify({ Resources: { Thing: { Type: 'Custom::Thing' } } });
  await expect(
    new StackCloud().call('CreateStack', { StackName: 'studio', TemplateBody: template }),
  ).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining('ServiceToken is required') });
});

test('a change of the service token is refused', async () => {
  const cloud = new StackCloud();
  await cloud.create('studio', one());
  await cloud.update('studio', one({ ServiceToken: `${token}-2` }));
  expect(await failureReason(cloud)).toBe('Modifying service token is not allowed.');
  expect(await cloud.stack('studio')).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
  expect(cloud.asked()).toEqual(['Create Thing']);
});

test('when another resource fails, a creation in progress is cancelled, and its deletion has an invented id', async () => {
  const cloud = new StackCloud();
  cloud.provider = (request) => {
    if (request.RequestType === 'Delete') return succeed(request);
    return request.LogicalResourceId === 'Thing'
      ? undefined
      : { Status: 'FAILED', Reason: 'no', PhysicalResourceId: 'x' };
  };
  await cloud.create('studio', { Resources: { Thing: custom(), Sibling: custom() } });
  expect(await failureReason(cloud)).toBe('Resource creation cancelled');
  expect(cloud.asked().slice(0, 2)).toEqual(['Create Thing', 'Create Sibling']);
  expect(cloud.asked().slice(2).sort()).toEqual(['Delete Sibling x', expect.stringMatching(invented)]);
  expect(await cloud.history('studio')).toContain(
    'studio ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Thing, Sibling]. Rollback requested by user.',
  );
  // The provider's answer comes too late to change anything.
  expect(await cloud.answer(cloud.requests[0]!, { PhysicalResourceId: 'too-late' })).toBe(200);
  expect(await cloud.stack('studio')).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
});
