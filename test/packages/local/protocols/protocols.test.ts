import * as EC2 from '@aws-sdk/client-ec2';
import * as EFS from '@aws-sdk/client-efs';
import * as IAM from '@aws-sdk/client-iam';
import * as Lambda from '@aws-sdk/client-lambda';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { AwsError } from '../../../../packages/local/src/errors.ts';
import { service } from '../../../../packages/local/src/service.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

/** Each answers with what it was asked, so that a test sees what arrived. */
const efs = service('efs', 'elasticfilesystem', EFS, {
  operations: {
    DescribeFileSystems: (input, call) => ({ Marker: JSON.stringify(input), NextMarker: call.region }),
    CreateFileSystem: (input) => ({
      OwnerId: '1',
      CreationToken: JSON.stringify(input),
      FileSystemId: 'fs-0123abcd',
      CreationTime: new Date(1500),
      LifeCycleState: 'creating' as const,
      NumberOfMountTargets: 0,
      SizeInBytes: { Value: 6144, Timestamp: new Date(0) },
      PerformanceMode: 'generalPurpose' as const,
      Tags: [],
    }),
    DeleteFileSystem() {
      throw new AwsError('FileSystemInUse', 'has mount targets');
    },
    ListTagsForResource: ({ ResourceId }) => ({ Tags: [{ Key: 'id', Value: ResourceId }] }),
  },
});

const lambda = service('lambda', 'lambda', Lambda, {
  operations: {
    Invoke: ({ FunctionName, InvocationType, Payload }) => ({
      StatusCode: InvocationType === 'Event' ? 202 : 200,
      FunctionError: 'Unhandled',
      Payload: Buffer.from(`${FunctionName} ${Buffer.from(Payload as Uint8Array)}`),
    }),
    UntagResource({ Resource, TagKeys }) {
      throw new AwsError('ResourceNotFoundException', `${Resource} ${TagKeys?.join('|')}`);
    },
  },
});

const iam = service('iam', 'iam', IAM, {
  scope: 'account',
  operations: {
    CreateRole: ({ RoleName, AssumeRolePolicyDocument, Tags, MaxSessionDuration }, { clock }) => ({
      Role: {
        Path: '/',
        RoleName,
        RoleId: 'AROA',
        Arn: '<&>"\'',
        CreateDate: new Date(clock.now()),
        AssumeRolePolicyDocument,
        Tags,
        MaxSessionDuration,
      },
    }),
    DeleteRole() {
      throw new AwsError('NoSuchEntity', 'The role with name r cannot be found.');
    },
    TagRole: () => ({}),
    ListRoles: () => ({ Roles: [], IsTruncated: false }),
    SimulateCustomPolicy: ({ ActionNames, PolicyInputList }) => ({
      EvaluationResults: [
        {
          EvalActionName: `${ActionNames} ${PolicyInputList?.length}`,
          EvalDecision: 'allowed' as const,
          EvalDecisionDetails: { a: 'allowed' as const },
        },
      ],
    }),
  },
});

const ec2 = service('ec2', 'ec2', EC2, {
  operations: {
    DescribeVpcs: (input) => ({
      Vpcs: [{ VpcId: 'vpc-1', IsDefault: true, Tags: [{ Key: 'asked', Value: JSON.stringify(input) }] }],
    }),
    CreateVpc: (input) => ({ Vpc: { CidrBlock: JSON.stringify(input) } }),
    DeleteVpc() {
      throw new AwsError('DependencyViolation', 'The vpc has dependencies and cannot be deleted.');
    },
  },
});

const sagemaker = service('sagemaker', 'sagemaker', SageMaker, {
  operations: {
    CreateDomain: (input) => ({ DomainArn: JSON.stringify(input) }),
    DescribeDomain: () => ({ CreationTime: new Date(1500), DefaultUserSettings: { SecurityGroups: [] } }),
    DeleteDomain() {
      throw new AwsError('ResourceInUse', 'has apps');
    },
  },
});

let served: ServedCloud;
const clients: { destroy(): void }[] = [];

beforeEach(async () => {
  served = serveCloud([efs, lambda, iam, ec2, sagemaker]);
});

afterEach(async () => {
  for (const one of clients.splice(0)) one.destroy();
  served.close();
});

function client<C extends { destroy(): void }>(Client: new (options: ReturnType<ServedCloud['as']>) => C): C {
  const one = new Client(served.as('111111111111'));
  clients.push(one);
  return one;
}

describe('REST JSON', () => {
  test('has path, query, body, status and times', async () => {
    const one = client(EFS.EFSClient);
    const asked = await one.send(new EFS.DescribeFileSystemsCommand({ FileSystemId: 'fs-0123abcd', MaxItems: 3 }));
    expect(JSON.parse(asked.Marker ?? '')).toEqual({ FileSystemId: 'fs-0123abcd', MaxItems: 3 });
    expect(asked.NextMarker).toBe('us-east-1');
    const created = await one.send(
      new EFS.CreateFileSystemCommand({ CreationToken: 'c', Encrypted: true, Tags: [{ Key: 'a', Value: 'b' }] }),
    );
    expect(created).toMatchObject({
      CreationTime: new Date(1500),
      SizeInBytes: { Value: 6144 },
      $metadata: { httpStatusCode: 201 },
    });
    expect(JSON.parse(created.CreationToken ?? '')).toEqual({
      CreationToken: 'c',
      Encrypted: true,
      Tags: [{ Key: 'a', Value: 'b' }],
    });
  });

  test('reads a label that holds an encoded slash', async () => {
    const arn = 'arn:aws:elasticfilesystem:us-east-1:1:file-system/fs-0123abcd';
    const { Tags } = await client(EFS.EFSClient).send(new EFS.ListTagsForResourceCommand({ ResourceId: arn }));
    expect(Tags).toEqual([{ Key: 'id', Value: arn }]);
  });

  test("responds with the error code in a header, and members in the service's spelling", async () => {
    await expect(
      client(EFS.EFSClient).send(new EFS.DeleteFileSystemCommand({ FileSystemId: 'fs-0123abcd' })),
    ).rejects.toMatchObject({
      name: 'FileSystemInUse',
      message: 'has mount targets',
      ErrorCode: 'FileSystemInUse',
      $metadata: { httpStatusCode: 409, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    const Resource = 'arn:aws:lambda:us-east-1:111111111111:function:f';
    await expect(
      client(Lambda.LambdaClient).send(new Lambda.UntagResourceCommand({ Resource, TagKeys: ['a', 'b'] })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: `${Resource} a|b`, Type: 'User' });
  });

  test('passes payloads unchanged, and has the status that the operation sets', async () => {
    const one = client(Lambda.LambdaClient);
    const sent = await one.send(
      new Lambda.InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload: '{"é":1}' }),
    );
    expect(sent).toMatchObject({ StatusCode: 202, FunctionError: 'Unhandled' });
    expect(sent.Payload?.transformToString()).toBe('f {"é":1}');
  });

  test('refuses a path that no operation has, a body that is not JSON, and a label that cannot be decoded', async () => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=111111111111/20261121/us-east-1/elasticfilesystem/aws4_request, SignedHeaders=host, Signature=x';
    const send = (path: string, init: RequestInit = {}) =>
      served.fetch(served.cloud.endpoint + path, { ...init, headers: { authorization } });
    const unknown = await send('/2015-02-01/nothing');
    expect([unknown.status, unknown.headers.get('x-amzn-errortype')]).toEqual([404, 'UnknownOperationException']);
    for (const body of ['{', '[]', 'null']) {
      const answer = await send('/2015-02-01/file-systems', { method: 'POST', body });
      expect(answer.headers.get('x-amzn-errortype')).toBe('SerializationException');
    }
    expect((await send('/2015-02-01/file-systems/%ff', { method: 'DELETE' })).headers.get('x-amzn-errortype')).toBe(
      'InvalidURI',
    );
  });
});

describe('query', () => {
  test('has nested lists, empty texts, numbers, markup and times', async () => {
    const { Role } = await client(IAM.IAMClient).send(
      new IAM.CreateRoleCommand({
        RoleName: 'r',
        AssumeRolePolicyDocument: '{"a": "b & c=d+e"}',
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'b', Value: 'c' },
        ],
        MaxSessionDuration: 3600,
      }),
    );
    expect(Role).toEqual({
      Path: '/',
      RoleName: 'r',
      RoleId: 'AROA',
      Arn: '<&>"\'',
      CreateDate: new Date('2026-11-21T06:24:00Z'),
      AssumeRolePolicyDocument: '{"a": "b & c=d+e"}',
      Tags: [
        { Key: 'a', Value: '' },
        { Key: 'b', Value: 'c' },
      ],
      MaxSessionDuration: 3600,
    });
  });

  test('has empty lists in both directions, maps, and responses without a result', async () => {
    const one = client(IAM.IAMClient);
    expect((await one.send(new IAM.ListRolesCommand({}))).Roles).toEqual([]);
    const { EvaluationResults } = await one.send(
      new IAM.SimulateCustomPolicyCommand({
        ActionNames: Array.from({ length: 11 }, (_, i) => `${i}`),
        PolicyInputList: [],
      }),
    );
    expect(EvaluationResults).toMatchObject([
      { EvalActionName: '0,1,2,3,4,5,6,7,8,9,10 0', EvalDecisionDetails: { a: 'allowed' } },
    ]);
    await one.send(new IAM.TagRoleCommand({ RoleName: 'r', Tags: [] }));
  });

  test('responds with the code and the status of an error', async () => {
    await expect(client(IAM.IAMClient).send(new IAM.DeleteRoleCommand({ RoleName: 'r' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      Code: 'NoSuchEntity',
      message: 'The role with name r cannot be found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('refuses an unknown action', async () => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=111111111111/20261121/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x';
    const body = new URLSearchParams({ Action: 'Nothing', Version: '2010-05-08' });
    const answer = await served.fetch(served.cloud.endpoint, { method: 'POST', headers: { authorization }, body });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('<Code>InvalidAction</Code><Message>The action Nothing is not valid');
  });
});

describe("EC2's query", () => {
  test('numbers lists directly, and capitalises names', async () => {
    const one = client(EC2.EC2Client);
    const asked = { VpcIds: ['vpc-1', 'vpc-2'], Filters: [{ Name: 'state', Values: ['a', 'b'] }], MaxResults: 5 };
    const { Vpcs } = await one.send(new EC2.DescribeVpcsCommand(asked));
    expect(Vpcs).toMatchObject([{ VpcId: 'vpc-1', IsDefault: true }]);
    expect(JSON.parse(Vpcs?.[0]?.Tags?.[0]?.Value ?? '')).toEqual(asked);
    const wanted = {
      CidrBlock: '10.0.0.0/16',
      AmazonProvidedIpv6CidrBlock: true,
      TagSpecifications: [{ ResourceType: 'vpc' as const, Tags: [{ Key: 'a', Value: 'b' }] }],
    };
    const { Vpc } = await one.send(new EC2.CreateVpcCommand(wanted));
    expect(JSON.parse(Vpc?.CidrBlock ?? '')).toEqual(wanted);
  });

  test('responds with errors in its own form', async () => {
    await expect(client(EC2.EC2Client).send(new EC2.DeleteVpcCommand({ VpcId: 'vpc-1' }))).rejects.toMatchObject({
      name: 'DependencyViolation',
      message: 'The vpc has dependencies and cannot be deleted.',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('AWS JSON', () => {
  test('has times, empty lists and nested structures', async () => {
    const one = client(SageMaker.SageMakerClient);
    expect(await one.send(new SageMaker.DescribeDomainCommand({ DomainId: 'd-1' }))).toMatchObject({
      CreationTime: new Date(1500),
      DefaultUserSettings: { SecurityGroups: [] },
    });
  });

  test('responds with the error message in the member of the service', async () => {
    await expect(
      client(SageMaker.SageMakerClient).send(new SageMaker.DeleteDomainCommand({ DomainId: 'd-1' })),
    ).rejects.toMatchObject({ name: 'ResourceInUse', message: 'has apps', $metadata: { httpStatusCode: 400 } });
  });

  test('reads null as absent, and refuses an unknown target', async () => {
    const send = (target: string, body: unknown) =>
      served.fetch(served.cloud.endpoint, {
        method: 'POST',
        headers: {
          authorization:
            'AWS4-HMAC-SHA256 Credential=111111111111/20261121/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=x',
          'x-amz-target': target,
        },
        body: JSON.stringify(body),
      });
    const taken = await send('SageMaker.CreateDomain', {
      DomainName: 'd',
      AuthMode: 'IAM',
      DefaultUserSettings: {},
      VpcId: null,
    });
    expect(await taken.json()).toEqual({ DomainArn: '{"DomainName":"d","AuthMode":"IAM","DefaultUserSettings":{}}' });
    const unknown = await send('SageMaker.Nothing', {});
    expect(await unknown.json()).toMatchObject({ __type: 'UnknownOperationException' });
  });
});
