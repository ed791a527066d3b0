import { iam } from '../../../../packages/local/src/services/iam/index.ts';
import { s3 } from '../../../../packages/local/src/services/s3/index.ts';
import { ssm } from '../../../../packages/local/src/services/ssm/index.ts';
import { account, StackCloud, token } from '../stack-cloud.ts';
import { bucket, things } from './stack-templates.ts';

let cloud: StackCloud;
beforeEach(() => {
  cloud = new StackCloud();
});
afterEach(() => cloud.cloud.close());

/** The text of each failure of the stack's resources. */
async function failures(): Promise<(string | undefined)[]> {
  const events = await cloud.events('studio');
  return events
    .filter((event) => event.ResourceStatus === 'CREATE_FAILED' && event.ResourceType?.startsWith('AWS::S3'))
    .map((event) => event.ResourceStatusReason);
}

async function createText(TemplateBody: string) {
  await cloud.call('CreateStack', { StackName: 'studio', TemplateBody });
  return cloud.ended('studio');
}

describe('a template that AWS takes', () => {
  test.each(['AWS::CloudFormation::CustomResource', 'Custom::Thing'])('may give %s a Version', async (type) => {
    const Properties = { ServiceToken: token };
    const resources = things({ R: { Type: type, Version: '1.0', Properties } });
    expect(await cloud.create('studio', resources)).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    expect(cloud.requests.map(({ ResourceProperties }) => ResourceProperties)).toEqual([Properties]);
  });

  test('may have conditions with an ampersand and an underscore in their names', async () => {
    const stack = await createText(`Conditions:
  A&B: !Equals [a, a]
  not_A&B: !Not [!Condition A&B]
Resources:
  H: { Type: "AWS::CloudFormation::WaitConditionHandle", Condition: A&B }
  Other: { Type: "AWS::CloudFormation::WaitConditionHandle", Condition: not_A&B }
`);
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    const { StackResources } = await cloud.call('DescribeStackResources', { StackName: 'studio' });
    expect(StackResources!.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['H']);
  });

  test('may close a quoted text at its key’s indent', async () => {
    const stack = await createText(`Resources:
  P:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Name: quoted
      Value: !Sub '{
        "a": "\${AWS::AccountId}"
      }'
`);
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    const { Parameter } = await cloud.invoke(ssm, 'GetParameter', { Name: 'quoted' });
    expect(Parameter?.Value).toBe(`{ "a": "${account}" }`);
  });

  test('may give a role one of AWS’s managed policies', async () => {
    const Statement = [
      { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ];
    const policy = { PolicyName: 'AmazonS3FullAccess', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' };
    const Properties = {
      RoleName: 'reader',
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement },
      ManagedPolicyArns: [policy.PolicyArn],
    };
    const template = things({ Role: { Type: 'AWS::IAM::Role', Properties } });
    const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
    expect(await cloud.create('studio', template, { Capabilities })).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    const { AttachedPolicies } = await cloud.invoke(iam, 'ListAttachedRolePolicies', { RoleName: 'reader' });
    expect(AttachedPolicies).toEqual([policy]);
    expect(await cloud.delete('studio')).toMatchObject({ StackStatus: 'DELETE_COMPLETE' });
  });
});

test('only a custom resource has a Version, and only a condition an ampersand', async () => {
  await expect(cloud.create('studio', things({ B: { ...bucket('thing'), Version: '1.0' } }))).rejects.toThrow(
    "Invalid template resource property 'Version'",
  );
  await expect(cloud.create('studio', things({ 'B&C': bucket('thing') }))).rejects.toThrow(
    'Resource name B&C is non alphanumeric',
  );
});

describe('a bucket', () => {
  const Origins = { AllowedMethods: ['GET'], AllowedOrigins: ['*'] };
  const settings = {
    AccessControl: 'LogDeliveryWrite',
    OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    CorsConfiguration: { CorsRules: [{ ...Origins, MaxAge: '60', ExposedHeaders: ['ETag'], Id: 'all' }] },
    LoggingConfiguration: { LogFilePrefix: 'own/' },
  };
  const withSettings = (more: object) =>
    things({ B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'thing', ...more } } });

  test('has an ACL, rules for web pages and a log, which an update changes and removes', async () => {
    expect(await cloud.create('studio', withSettings(settings))).toMatchObject({ StackStatus: 'CREATE_COMPLETE' });
    const acl = async () =>
      (await cloud.invoke(s3, 'GetBucketAcl', { Bucket: 'thing' })).Grants!.map((one) => one.Permission);
    const log = async () => (await cloud.invoke(s3, 'GetBucketLogging', { Bucket: 'thing' })).LoggingEnabled;
    const cors = () => cloud.invoke(s3, 'GetBucketCors', { Bucket: 'thing' });
    expect(await acl()).toEqual(['FULL_CONTROL', 'WRITE', 'READ_ACP']);
    expect(await log()).toEqual({ TargetBucket: 'thing', TargetPrefix: 'own/' });
    expect((await cors()).CORSRules).toEqual([{ ...Origins, MaxAgeSeconds: 60, ExposeHeaders: ['ETag'], ID: 'all' }]);
    const { AccessControl: _, ...others } = settings;
    await cloud.update('studio', withSettings({ ...others, CorsConfiguration: { CorsRules: [Origins] } }));
    expect(await acl()).toEqual(['FULL_CONTROL']);
    expect((await cors()).CORSRules).toEqual([Origins]);
    await cloud.update('studio', withSettings({}));
    expect(await log()).toBeUndefined();
    await expect(cors()).rejects.toThrow('The CORS configuration does not exist');
  });

  test('with an ACL for others and no OwnershipControls is refused by S3', async () => {
    await cloud.create('studio', withSettings({ AccessControl: 'PublicRead' }));
    expect(await failures()).toEqual([
      expect.stringContaining(
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting (Service: S3",
      ),
    ]);
  });

  test.each([['Private'], ['BucketOwnerFullControl']])('may have the ACL %s at any time', async (AccessControl) => {
    const stack = await cloud.create('studio', withSettings({ AccessControl }));
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  });

  test.each([
    [{ AccessControl: 'Public' }, '#/AccessControl: Public is not a valid enum value'],
    [
      { CorsConfiguration: { CorsRules: [{ ...Origins, AllowedMethods: ['PATCH'] }] } },
      '#/CorsConfiguration/CorsRules/0/AllowedMethods/0: PATCH is not a valid enum value',
    ],
    [{ LoggingConfiguration: { DestinationBucketName: 'none' } }, 'The target bucket for logging does not exist'],
  ])('with %j fails with AWS’s text', async (more, text) => {
    await cloud.create('studio', withSettings(more));
    expect(await failures()).toEqual([expect.stringContaining(text)]);
  });

  test('with a property that the local cloud lacks is told so, and one that AWS lacks is a mistake', async () => {
    await expect(cloud.create('studio', withSettings({ WebsiteConfiguration: {} }))).rejects.toThrow(
      'Template error: the local cloud does not have WebsiteConfiguration of AWS::S3::Bucket, which resource B gives\nLocal cloud: /Resources/B/Properties/WebsiteConfiguration (line 1): leave out WebsiteConfiguration here; AWS has it',
    );
    await expect(cloud.create('studio', withSettings({ Arn: 'a' }))).rejects.toThrow(
      '#: extraneous key [Arn] is not permitted',
    );
  });
});

test('a template elsewhere than in S3 is refused with AWS’s text', async () => {
  const TemplateURL = 'https://raw.githubusercontent.com/other-team/templates/main/studio.yaml';
  await expect(cloud.call('CreateStack', { StackName: 'studio', TemplateURL })).rejects.toThrow(
    'S3 error: Domain name specified in raw.githubusercontent.com is not a valid S3 domain\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
  );
});
