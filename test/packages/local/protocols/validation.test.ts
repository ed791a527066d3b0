import * as EC2 from '@aws-sdk/client-ec2';
import * as IAM from '@aws-sdk/client-iam';
import * as SageMaker from '@aws-sdk/client-sagemaker';
import { handle } from '../../../../packages/local/src/http.ts';
import { accountPrincipal } from '../../../../packages/local/src/principal.ts';
import { service } from '../../../../packages/local/src/service.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

const iam = service('iam', 'iam', IAM, { scope: 'account', operations: { CreateRole: () => ({ Role: undefined }) } });
const ec2 = service('ec2', 'ec2', EC2, { operations: { DeleteVpc: () => ({}), DescribeVpcs: () => ({}) } });
const sagemaker = service('sagemaker', 'sagemaker', SageMaker, {
  operations: {
    CreateDomain: () => ({}),
    StopPipelineExecution: ({ ClientRequestToken }) => ({ PipelineExecutionArn: typeof ClientRequestToken }),
  },
});

const as = { principal: accountPrincipal('111111111111'), region: 'us-east-1' };
let served: ServedCloud;

beforeEach(async () => {
  served = serveCloud([iam, ec2, sagemaker]);
});

afterEach(() => served.close());

describe('input that does not match the schema', () => {
  const domain = { DomainName: 'd', AuthMode: 'IAM', DefaultUserSettings: {} };
  const refusal = async (input: object) => {
    const call = served.cloud.call({
      service: 'sagemaker',
      operation: 'CreateDomain',
      input: { ...domain, ...input },
      ...as,
    });
    return call.then(
      () => 'accepted',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  };

  test('is refused with every invalid member and its path', async () => {
    expect(await refusal({ DomainName: undefined, DefaultUserSettings: { SecurityGroups: ['a', 5] } })).toBe(
      "ValidationException: 2 validation errors detected: Value at 'domainName' failed to satisfy constraint: Member must not be null; Value '5' at 'defaultUserSettings.securityGroups.2.member' failed to satisfy constraint: Member must be a string",
    );
    expect(await refusal({ DefaultUserSettings: { ExecutionRol: 'r' } })).toBe(
      "ValidationException: 1 validation error detected: Value at 'DefaultUserSettings.ExecutionRol' failed to satisfy constraint: UserSettings has no such member",
    );
  });

  test.each([
    [{ DefaultUserSettings: 'x' }, 'Member must be a structure'],
    [{ SubnetIds: 'x' }, 'Member must be a list'],
    [
      {
        DefaultUserSettings: {
          SpaceStorageSettings: {
            DefaultEbsStorageSettings: { DefaultEbsVolumeSizeInGb: '5', MaximumEbsVolumeSizeInGb: 5 },
          },
        },
      },
      'Member must be a number',
    ],
    [{ DefaultUserSettings: { RStudioServerProAppSettings: { AccessStatus: true } } }, 'Member must be a string'],
  ])('is refused because of its type: %j', async (input, text) => {
    expect(await refusal(input)).toContain(text);
  });

  test('is refused with the codes of query services', async () => {
    await expect(
      served.cloud.call({ service: 'iam', operation: 'CreateRole', input: { RoleName: 'r' }, ...as }),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message:
        "1 validation error detected: Value at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null",
    });
  });

  test("is refused with EC2's codes", async () => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=111111111111/20261121/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=x';
    const ask = async (fields: Record<string, string>) => {
      const body = new URLSearchParams(fields);
      const request = { method: 'POST', url: '/', headers: { authorization }, body: Buffer.from(`${body}`) };
      return Buffer.from((await handle(served.cloud, request)).body).toString();
    };
    expect(await ask({ Action: 'DeleteVpc' })).toContain(
      '<Code>MissingParameter</Code><Message>The request must contain the parameter VpcId</Message>',
    );
    expect(await ask({ Action: 'DeleteVpc', VpcId: 'v', Force: '1', 'Tag.1.Key': 'x' })).toContain(
      '<Code>UnknownParameter</Code>',
    );
    expect(await ask({ Action: 'DescribeVpcs', MaxResults: 'many' })).toContain(
      'Value (many) for parameter MaxResults is invalid. It must be a number.',
    );
  });

  test('may omit a token that is optional', async () => {
    const input = {
      PipelineExecutionArn: 'arn:aws:sagemaker:us-east-1:111111111111:pipeline/p/execution/e',
      ClientRequestToken: undefined,
    };
    const output = await served.cloud.invoke(sagemaker, 'StopPipelineExecution', input, as);
    expect(output.PipelineExecutionArn).toBe('undefined');
  });
});
