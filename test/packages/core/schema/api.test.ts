import { CreateFileSystemRequest$ } from '@aws-sdk/client-efs';
import {
  type CreateDomainRequest,
  CreateDomainRequest$,
  CreateTrialComponentRequest$,
  type CreateUserProfileRequest,
  CreateUserProfileRequest$,
  UpdateDomainRequest$,
} from '@aws-sdk/client-sagemaker';
import { boolean, fromApi, oneOf, type PropsOf, type Schema } from '@studio-resources/core';

const domain = fromApi<CreateDomainRequest>(CreateDomainRequest$);
const needed = { DomainName: 'studio', AuthMode: 'IAM', DefaultUserSettings: {} };

function read<T extends object>(schema: Schema<T>, value: unknown): T {
  const result = schema['~standard'].validate(value);
  if (result.issues) throw new Error(issuesOf(schema, value).join('\n'));
  return result.value;
}

function issuesOf<T extends object>(schema: Schema<T>, value: unknown): string[] {
  const { issues = [] } = schema['~standard'].validate(value);
  return issues.map(({ path = [], message }) => `${path.join('.')}: ${message}`);
}

test('strings are converted to the API’s types at every depth', () => {
  const given = {
    ...needed,
    SubnetIds: ['subnet-1', 'subnet-2'],
    Tags: [{ Key: 'Cost', Value: '7' }],
    DefaultUserSettings: {
      SpaceStorageSettings: {
        DefaultEbsStorageSettings: { DefaultEbsVolumeSizeInGb: '5', MaximumEbsVolumeSizeInGb: '100' },
      },
      JupyterLabAppSettings: {
        AppLifecycleManagement: { IdleSettings: { LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes: '60' } },
        CustomImages: [{ ImageName: 'a', AppImageConfigName: 'b', ImageVersionNumber: '3' }],
      },
      CustomPosixUserConfig: { Uid: '10001', Gid: '1001' },
    },
  };
  expect(read(domain, given)).toEqual({
    ...given,
    DefaultUserSettings: {
      SpaceStorageSettings: {
        DefaultEbsStorageSettings: { DefaultEbsVolumeSizeInGb: 5, MaximumEbsVolumeSizeInGb: 100 },
      },
      JupyterLabAppSettings: {
        AppLifecycleManagement: { IdleSettings: { LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes: 60 } },
        CustomImages: [{ ImageName: 'a', AppImageConfigName: 'b', ImageVersionNumber: 3 }],
      },
      CustomPosixUserConfig: { Uid: 10001, Gid: 1001 },
    },
  });
});

test.each(['true', 'True', 'TRUE', ' true ', true])('%j is true to the API', (Encrypted) => {
  expect(read(fromApi(CreateFileSystemRequest$), { CreationToken: 'a', Encrypted })).toMatchObject({ Encrypted: true });
});

test.each(['yes', '1', 1, '', {}, [], null])('%j is no boolean', (Encrypted) => {
  expect(issuesOf(fromApi(CreateFileSystemRequest$), { CreationToken: 'a', Encrypted })).toEqual([
    expect.stringMatching(/^Encrypted: expected true or false, got /),
  ]);
});

test.each(['', '5x', '0x10', 'Infinity', 'NaN', true, [5]])('%j is no number', (Throughput) => {
  const given = { CreationToken: 'a', ProvisionedThroughputInMibps: Throughput };
  expect(issuesOf(fromApi(CreateFileSystemRequest$), given)).toEqual([
    expect.stringMatching(/^ProvisionedThroughputInMibps: expected a number, got /),
  ]);
});

test.each([
  ['1.5', 1.5],
  ['-3', -3],
  ['1e3', 1000],
  [12, 12],
])('%j is the number %d', (ProvisionedThroughputInMibps, expected) => {
  const given = { CreationToken: 'a', ProvisionedThroughputInMibps };
  expect(read(fromApi(CreateFileSystemRequest$), given)).toMatchObject({ ProvisionedThroughputInMibps: expected });
});

test('all issues are reported together, each with its path', () => {
  const given = {
    AuthMode: ['IAM'],
    SubnetIds: { a: 'b' },
    Tags: 'Cost=7',
    DefaultUserSettings: {
      ExecutionRoleArn: 'arn',
      JupyterLabAppSettings: { CustomImages: [{ ImageName: 'a', ImageVersionNumber: 'three' }, 'b'] },
    },
  };
  expect(issuesOf(domain, given)).toEqual([
    'DomainName: required, but missing',
    'AuthMode: expected a string, got a list',
    'DefaultUserSettings.ExecutionRoleArn: unknown property; did you mean ExecutionRole?',
    'DefaultUserSettings.JupyterLabAppSettings.CustomImages.0.AppImageConfigName: required, but missing',
    'DefaultUserSettings.JupyterLabAppSettings.CustomImages.0.ImageVersionNumber: expected a number, got "three"',
    'DefaultUserSettings.JupyterLabAppSettings.CustomImages.1: expected an object, got "b"',
    'SubnetIds: expected a list or a comma-separated string, got an object',
    'Tags: expected a list, got "Cost=7"',
  ]);
});

test.each([
  ['DomainNam', 'did you mean DomainName?'],
  ['domainname', 'did you mean DomainName?'],
  ['Subnets', 'did you mean SubnetIds?'],
  ['Zzzzzzzzzzzzzzzzzzzzzzzz', 'the nearest known one is '],
])('an unknown property %s names the nearest known one', (name, hint) => {
  expect(issuesOf(domain, { ...needed, [name]: 'x' })).toEqual([
    expect.stringContaining(`${name}: unknown property; ${hint}`),
  ]);
});

test('names of Object’s prototype are unknown like any other, at any depth, and harmless', () => {
  const given = JSON.parse(
    '{"DomainName":"a","AuthMode":"IAM","constructor":"x","__proto__":{"VpcId":"y"},' +
      '"DefaultUserSettings":{"__proto__":{"ExecutionRole":"z"},"toString":"t"}}',
  );
  const issues = issuesOf(domain, given);
  for (const path of ['constructor', '__proto__', 'DefaultUserSettings.__proto__', 'DefaultUserSettings.toString']) {
    expect(issues).toContainEqual(expect.stringContaining(`${path}: unknown property`));
  }
  expect(Object.hasOwn(Object.prototype, 'ExecutionRole')).toBe(false);
});

test('a map keeps any name as its own, even one of Object’s prototype', () => {
  const given = JSON.parse(
    '{"TrialComponentName":"a","Parameters":{"__proto__":{"NumberValue":"1"},"b":{"StringValue":"2"}}}',
  );
  const { Parameters } = read(fromApi<{ Parameters: Record<string, unknown> }>(CreateTrialComponentRequest$), given);
  expect(Object.getPrototypeOf(Parameters)).toBe(Object.prototype);
  expect(Object.entries(Parameters)).toEqual([
    ['__proto__', { NumberValue: 1 }],
    ['b', { StringValue: '2' }],
  ]);
});

test('a union has exactly one of its members', () => {
  const schema = fromApi(CreateTrialComponentRequest$);
  const issuesWith = (value: unknown) => issuesOf(schema, { TrialComponentName: 'a', Parameters: { p: value } });
  expect(issuesWith({ NumberValue: '1.5' })).toEqual([]);
  expect(issuesWith({})).toEqual(['Parameters.p: expected exactly one of StringValue, NumberValue; got none']);
  expect(issuesWith({ NumberValue: '1', StringValue: 'b' })).toEqual([
    'Parameters.p: expected exactly one of StringValue, NumberValue; got 2',
  ]);
  expect(issuesWith('1')).toEqual(['Parameters.p: expected an object, got "1"']);
  expect(issuesWith({ Number: '1' })).toEqual(['Parameters.p.Number: unknown property; did you mean NumberValue?']);
});

test.each([
  ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z'],
  ['1795255200', '2026-11-21T10:00:00.000Z'],
  [1795255200.5, '2026-11-21T10:00:00.500Z'],
])('the time %j is understood', (StartTime, expected) => {
  const read_ = read(fromApi<{ StartTime: Date }>(CreateTrialComponentRequest$), {
    TrialComponentName: 'a',
    StartTime,
  });
  expect(read_.StartTime.toISOString()).toBe(expected);
});

test.each(['tomorrow', '', true, '2026-99-99'])('%j is no time', (StartTime) => {
  expect(issuesOf(fromApi(CreateTrialComponentRequest$), { TrialComponentName: 'a', StartTime })).toEqual([
    expect.stringMatching(/^StartTime: expected an ISO 8601 time or seconds since the epoch, got /),
  ]);
});

test('a comma-separated string becomes a list where the API expects a list of strings', () => {
  expect(read(domain, { ...needed, SubnetIds: 'subnet-1, subnet-2,' }).SubnetIds).toEqual(['subnet-1', 'subnet-2']);
  expect(read(domain, { ...needed, SubnetIds: '' }).SubnetIds).toEqual([]);
});

test('several structures are merged; the first one decides what is required', () => {
  const schema = fromApi<CreateDomainRequest>(CreateDomainRequest$, UpdateDomainRequest$);
  expect(schema.names).toEqual(expect.arrayContaining(['DomainName', 'DomainSettingsForUpdate', 'DomainId']));
  expect(issuesOf(schema, needed)).toEqual([]);
});

test('the SDK generates the idempotency token', () => {
  expect(issuesOf(fromApi(CreateFileSystemRequest$), { Encrypted: 'false' })).toEqual([]);
});

test('members can be omitted, properties added, renamed and given defaults', () => {
  const schema = domain
    .omit('Tags', 'KmsKeyId')
    .with({ DeleteContents: oneOf('Apps', 'All', 'None').default('Apps'), Adopt: boolean().optional() })
    .defaults({ AuthMode: 'IAM' })
    .alias({ VPC: 'VpcId' });
  const props: PropsOf<typeof schema> = read(schema, { ...needed, AuthMode: undefined, VPC: 'vpc-1', Adopt: 'true' });
  expect(props).toEqual({ ...needed, VpcId: 'vpc-1', DeleteContents: 'Apps', Adopt: true });
  expect(issuesOf(schema, { ...needed, Tags: [], DeleteContents: 'Everything' })).toEqual([
    'Tags: unknown property; the nearest known one is VpcId',
    'DeleteContents: expected one of Apps, All, None; got "Everything"',
  ]);
});

test('an error names an alias as the template spells it; alias and name together are refused', () => {
  const schema = domain.alias({ VPC: 'VpcId', Subnets: 'SubnetIds' });
  expect(issuesOf(schema, { ...needed, VPC: [], Subnets: {} })).toEqual([
    'Subnets: expected a list or a comma-separated string, got an object',
    'VPC: expected a string, got a list',
  ]);
  expect(issuesOf(schema, { ...needed, VPC: 'a', VpcId: 'a' })).toEqual([
    'VPC: means the same as VpcId; give only one of them',
  ]);
});

test('every member of the API is known without being named', () => {
  const profile = fromApi<CreateUserProfileRequest>(CreateUserProfileRequest$);
  expect(profile.names).toEqual([
    'DomainId',
    'UserProfileName',
    'SingleSignOnUserIdentifier',
    'SingleSignOnUserValue',
    'Tags',
    'UserSettings',
  ]);
});

test('a default for a property that does not exist is an error', () => {
  const name: string = 'Nonsense';
  expect(() => domain.defaults({ [name]: 'x' })).toThrow('Giving Nonsense a default: there is no such property');
});

test('a string that is too long for a message is not shown, not even in part', () => {
  const [issue] = issuesOf(fromApi(CreateFileSystemRequest$), { Encrypted: 's3cret'.repeat(20) });
  expect(issue).toBe('Encrypted: expected true or false, got a text of 120 characters');
});

test('rare shapes of an API are read: big numbers, bytes, documents, unit types, lists of lists', () => {
  const odd = fromApi([
    3,
    'example',
    'Odd',
    0,
    ['Big', 'Decimal', 'Bytes', 'Document', 'Nothing', 'Rows'],
    [17, 19, 21, 15, 'unit', [1, 'example', 'Rows', 0, 64 | 1]],
  ]);
  const given = {
    Big: '12345678901234567890',
    Decimal: '0.1',
    Bytes: 'AQI=',
    Document: { a: '1' },
    Nothing: {},
    Rows: [['1']],
  };
  expect(read(odd, given)).toEqual({
    Big: 12345678901234567890n,
    Decimal: '0.1',
    Bytes: new Uint8Array([1, 2]),
    Document: { a: '1' },
    Nothing: {},
    Rows: [[1]],
  });
  expect(issuesOf(odd, { Big: '1.5', Nothing: 'x' })).toEqual([
    'Big: expected a whole number, got "1.5"',
    'Nothing: expected an object, got "x"',
  ]);
});
