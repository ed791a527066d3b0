/** A template of planted mistakes, one a resource, for every tool that reads our schemas. */

type Properties = Record<string, unknown>;

const role = 'arn:aws:iam::111122223333:role/studio';
const import_ = (name: string) => ({ 'Fn::ImportValue': `${name}ServiceToken` });

/** Good properties of each resource. */
const good: Record<string, Properties> = {
  StudioDomain: {
    DomainName: 'team',
    AuthMode: 'IAM',
    VpcId: 'vpc-0123456789abcdef0',
    SubnetIds: ['subnet-0123456789abcdef0'],
    DefaultUserSettings: {
      ExecutionRole: role,
      SecurityGroups: ['sg-0123456789abcdef0'],
      JupyterLabAppSettings: {
        DefaultResourceSpec: { InstanceType: 'ml.t3.medium' },
        AppLifecycleManagement: {
          IdleSettings: { LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes: '60' },
        },
      },
    },
    Tags: [{ Key: 'team', Value: 'data' }],
  },
  StudioUserProfile: { DomainId: 'd-abc123', UserProfileName: 'ann', UserSettings: { ExecutionRole: role } },
  StudioUserProfileFleet: { DomainId: 'd-abc123', Members: [{ UserProfileName: 'ann' }] },
  StudioSpace: {
    DomainId: 'd-abc123',
    SpaceName: 'shared',
    OwnershipSettings: { OwnerUserProfileName: 'ann' },
    SpaceSharingSettings: { SharingType: 'Private' },
    SpaceSettings: { SpaceStorageSettings: { EbsStorageSettings: { EbsVolumeSizeInGb: 5 } } },
  },
  StudioLifecycleConfig: {
    Name: 'idle',
    Content: 'echo hello',
    AppType: 'JupyterLab',
    AttachTo: [{ DomainId: 'd-abc123', As: 'Default' }],
  },
  StudioImage: {
    ImageName: 'tools',
    RoleArn: role,
    BaseImage: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/studio:1.4',
    AttachTo: [{ DomainId: 'd-abc123' }],
    KernelGatewayImageConfig: {
      KernelSpecs: [{ Name: 'python3' }],
      FileSystemConfig: { MountPath: '/home', DefaultUid: 1000, DefaultGid: 100 },
    },
  },
  StudioProjects: { ExecutionRoles: [role], IncludeUserProfiles: 'false' },
  StudioSetup: { DomainId: 'd-abc123', UserProfileName: 'ann', Commands: ['git init', { Command: 'ls' }] },
  StudioContents: { DomainId: 'd-abc123' },
  HomeSeed: { DomainId: 'd-abc123', Source: 's3://bucket-of-team/starter.zip' },
  SeedCode: { SourceBucket: 'bucket-of-team', SourceKey: 'seed.zip', DestinationBucket: 'bucket-of-others' },
};

/** What a template has wrong: the change of good properties, and the property that findings have to name. */
interface Mistake {
  what: string;
  type: string;
  /** By the path of the property; `undefined` takes it out. */
  set: Record<string, unknown>;
  at: string;
}

const mistake = (what: string, type: string, set: Mistake['set'], at = Object.keys(set)[0]!): Mistake => ({
  ...{ what, type, set },
  at: at.split('.').findLast((step) => !/^\d+$/.test(step))!,
});
const lab = 'DefaultUserSettings.JupyterLabAppSettings';
const idle = `${lab}.AppLifecycleManagement.IdleSettings`;
const many = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(17, '0')}`);

export const mistakes: readonly Mistake[] = [
  mistake('a name that is not finished', 'StudioDomain', { DomainNam: 'team' }),
  mistake('a required property that is missing', 'StudioDomain', { DomainName: undefined }),
  mistake('a value that is none of the enum', 'StudioDomain', { AuthMode: 'SAML' }),
  mistake('a name in another form', 'StudioDomain', { DomainName: '-team' }),
  mistake('a name that is too long', 'StudioDomain', { DomainName: 'a'.repeat(64) }),
  mistake('an instance type that does not exist', 'StudioDomain', {
    [`${lab}.DefaultResourceSpec.InstanceType`]: 'ml.t3.huge',
  }),
  mistake("a role's name instead of its ARN", 'StudioDomain', {
    'DefaultUserSettings.ExecutionRole': 'studio-role-name',
  }),
  mistake('an unknown member at depth', 'StudioDomain', { [`${idle}.IdleTimeout`]: 60 }),
  mistake('a number below its range', 'StudioDomain', { [`${idle}.IdleTimeoutInMinutes`]: 30 }),
  mistake('a text instead of a number', 'StudioDomain', { [`${idle}.IdleTimeoutInMinutes`]: 'soon' }),
  mistake('too many items', 'StudioDomain', { 'DefaultUserSettings.SecurityGroups': many(6, 'sg') }),
  mistake('an item in another form', 'StudioDomain', { 'DefaultUserSettings.SecurityGroups.0': 'sg_team' }),
  mistake('an object instead of a list', 'StudioDomain', { Tags: { team: 'data' } }),
  mistake('a list instead of an object', 'StudioDomain', { DefaultUserSettings: ['studio'] }),
  mistake('a member that is missing in a list', 'StudioDomain', { 'Tags.0.Value': undefined }),
  mistake('a value in other letters', 'StudioDomain', { AppNetworkAccessType: 'vpcOnly' }),
  mistake("a choice of the project's own", 'StudioDomain', { DeleteContents: 'Everything' }),
  mistake('another choice beside booleans', 'StudioDomain', { AdoptExisting: 'IfItExists' }),
  mistake('a required structure that is missing', 'StudioDomain', { DefaultUserSettings: undefined }),
  mistake('a profile without its domain', 'StudioUserProfile', { DomainId: undefined }),
  mistake('a member of a fleet in another form', 'StudioUserProfileFleet', { 'Members.0.UserProfileName': 'ann@team' }),
  mistake('a volume below its range', 'StudioSpace', {
    'SpaceSettings.SpaceStorageSettings.EbsStorageSettings.EbsVolumeSizeInGb': 4,
  }),
  mistake('a kind of sharing that does not exist', 'StudioSpace', { 'SpaceSharingSettings.SharingType': 'Public' }),
  mistake('a number above its range', 'StudioImage', {
    'KernelGatewayImageConfig.FileSystemConfig.DefaultUid': 70_000,
  }),
  mistake('too few items', 'StudioImage', { 'KernelGatewayImageConfig.KernelSpecs': [] }),
  mistake('an image that is not in ECR', 'StudioImage', { BaseImage: 'studio:1.4' }),
  mistake('no version to keep', 'StudioImage', { KeepVersions: 0 }),
  mistake('an app type that runs no script', 'StudioLifecycleConfig', { AppType: 'Canvas' }),
  mistake('an unknown member of an attachment', 'StudioLifecycleConfig', { 'AttachTo.0.Domain': 'd-abc123' }),
  mistake('a name that is too long for what follows it', 'StudioLifecycleConfig', { Name: 'a'.repeat(60) }),
  mistake('a text instead of a boolean', 'StudioProjects', { IncludeUserProfiles: 'never' }),
  mistake("a domain's name instead of its id", 'StudioSetup', { DomainId: 'team' }),
  mistake('an option that a command has not', 'StudioSetup', { 'Commands.1.Retry': true }),
  mistake('a digest that is cut off', 'StudioSetup', { CommandsSha256: 'abc' }),
  mistake('a key instead of a URI', 'HomeSeed', { Source: 'starter.zip' }),
  mistake('a timeout that CloudFormation does not take', 'SeedCode', { ServiceTimeout: 7200 }),
];

/** The logical ids of the mistakes, in their order: `Mistake07`. */
export function idOf(one: Mistake): string {
  return `Mistake${String(mistakes.indexOf(one) + 1).padStart(2, '0')}`;
}

/** A template with all mistakes, and a good resource of each type. */
export function templateOfMistakes(): { Resources: Record<string, { Type: string; Properties: Properties }> } {
  const resource = (type: string, properties: Properties) => ({
    Type: `Custom::${type}`,
    Properties: { ServiceToken: import_(type), ...properties },
  });
  return {
    Resources: Object.fromEntries([
      ...Object.entries(good).map(([type, properties]) => [`Good${type}`, resource(type, properties)] as const),
      ...mistakes.map((one) => [idOf(one), resource(one.type, changed(good[one.type]!, one.set))] as const),
    ]),
  };
}

function changed(properties: Properties, set: Mistake['set']): Properties {
  const copy = structuredClone(properties);
  for (const [path, value] of Object.entries(set)) {
    const steps = path.split('.');
    const last = steps.pop()!;
    const target = steps.reduce<Properties>((at, step) => {
      at[step] ??= {};
      return at[step] as Properties;
    }, copy);
    if (value === undefined) delete target[last];
    else target[last] = value;
  }
  return copy;
}
