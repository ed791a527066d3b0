/**
 * Mistakes that the types of the package refuse. Each is expected to be an error: `npm run types` fails for one that is
 * not, and so does the test of the packed package.
 */
import {
  HomeSeed,
  StudioDomain,
  StudioImage,
  StudioLifecycleConfig,
  type StudioLifecycleConfigAttachTo,
  StudioProjects,
  StudioResourcesInstallation,
  StudioResourcesProvider,
  StudioSetup,
  type StudioSpaceProps,
  StudioUserProfileFleet,
} from '@studio-resources/cdk';
import { Stack } from 'aws-cdk-lib';

const stack = new Stack();
const role = 'arn:aws:iam::111122223333:role/studio';
const defaultUserSettings = { ExecutionRole: role };
const domain = new StudioDomain(stack, 'A', { domainName: 'a', defaultUserSettings });
const domainId = domain.domainId;

// @ts-expect-error a required property is missing
new StudioDomain(stack, 'B', { domainName: 'a' });
// @ts-expect-error a property of no resource
new StudioDomain(stack, 'C', { domainName: 'a', defaultUserSettings, domainNam: 'b' });
// @ts-expect-error templates may call vpcId so, and apps have one name for it
new StudioDomain(stack, 'D', { domainName: 'a', defaultUserSettings, vPC: 'vpc-1' });
// @ts-expect-error a member of no structure
new StudioDomain(stack, 'E', { domainName: 'a', defaultUserSettings: { ExecutionRol: role } });
// @ts-expect-error within structures, names are those of the API
new StudioDomain(stack, 'F', { domainName: 'a', defaultUserSettings: { executionRole: role } });
// @ts-expect-error no such mode
new StudioDomain(stack, 'G', { domainName: 'a', defaultUserSettings, authMode: 'LDAP' });
// @ts-expect-error a key is required
new StudioDomain(stack, 'H', { domainName: 'a', defaultUserSettings, tags: [{ Value: 'b' }] });
// @ts-expect-error it is a list
new StudioDomain(stack, 'I', { domainName: 'a', defaultUserSettings, subnetIds: 'subnet-1,subnet-2' });
// @ts-expect-error it has no such attribute
domain.domainName;

export const settings: StudioSpaceProps['spaceSettings'][] = [
  // @ts-expect-error no such instance type
  { JupyterLabAppSettings: { DefaultResourceSpec: { InstanceType: 'ml.t3.tiny' } } },
  // @ts-expect-error a union of the API takes one of its members
  { CustomFileSystems: [{ EFSFileSystem: { FileSystemId: 'fs-1' }, S3FileSystem: { S3Uri: 's3://bucket/' } }] },
  // @ts-expect-error a union of the API takes one of its members
  { CustomFileSystems: [{}] },
];

// @ts-expect-error no such kind of attachment
export const target: StudioLifecycleConfigAttachTo = { DomainId: domainId, As: 'Defaults' };
// @ts-expect-error no such app
new StudioLifecycleConfig(stack, 'M', { name: 'a', content: 'b', appType: 'JupyterHub' });
// @ts-expect-error a number
new StudioImage(stack, 'N', { imageName: 'a', baseImage: 'b', roleArn: role, keepVersions: '2' });
// @ts-expect-error a member without a name
new StudioUserProfileFleet(stack, 'O', { domainId, members: [{ UserSettings: {} }] });
// @ts-expect-error a list of roles
new StudioProjects(stack, 'P', { executionRoles: role });
// @ts-expect-error a command with an unknown option
new StudioSetup(stack, 'Q', { domainId, commands: [{ Command: 'ls', Backgroud: true }] });
// @ts-expect-error true, false or IfExists
new StudioUserProfileFleet(stack, 'R', { domainId, members: [], adoptExisting: 'Always' });
// @ts-expect-error no such choice
new HomeSeed(stack, 'S', { domainId: 'd-1', source: 's3://b/a.zip', overwrite: 'Sometimes' });
// @ts-expect-error no such resource
StudioResourcesProvider.fromServiceTokens({ StudioDomian: 'arn' });
// @ts-expect-error roles are required
new StudioResourcesInstallation(stack, 'T', { templateUrl: 'https://b.s3.amazonaws.com/p.yaml' });
// @ts-expect-error CloudWatch Logs has no such retention
new StudioResourcesInstallation(stack, 'U', { templateUrl: 'a', executionRoleArns: ['*'], logRetentionInDays: 2 });
