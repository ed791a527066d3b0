/** A CDK app: in the stack `studio`, a domain and what is in it. The context says what its versions differ in. */
import {
  StudioDomain,
  StudioImage,
  StudioLifecycleConfig,
  StudioResourcesProvider,
  StudioSpace,
  StudioUserProfile,
  StudioUserProfileFleet,
} from '@studio-resources/cdk';
import { App, CfnOutput, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';

const app = new App();
const members: string[] = app.node.getContext('members');
const script: string = app.node.getContext('script');
const baseImage: string = app.node.getContext('image');

const stack = new Stack(app, 'studio');
const cost = new CfnParameter(stack, 'CostCenter', { default: 'platform' });
const vpc = new Vpc(stack, 'Vpc', {
  maxAzs: 2,
  natGateways: 0,
  subnetConfiguration: [{ name: 'studio', subnetType: SubnetType.PRIVATE_ISOLATED }],
});
const role = new Role(stack, 'ExecutionRole', {
  roleName: 'studio-cdk',
  assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
  managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSageMakerFullAccess')],
});

const domain = new StudioDomain(stack, 'Domain', {
  domainName: 'cdk',
  vpcId: vpc.vpcId,
  subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
  defaultUserSettings: { ExecutionRole: role.roleArn },
  tags: [{ Key: 'CostCenter', Value: cost.valueAsString }],
  homeEfsFileSystem: 'Delete',
  serviceTimeout: Duration.minutes(50),
});
const { domainId } = domain;
const profile = new StudioUserProfile(stack, 'Ada', { domainId, userProfileName: 'ada' });
const space = new StudioSpace(stack, 'Space', {
  domainId,
  spaceName: 'workbench',
  ownershipSettings: { OwnerUserProfileName: profile.userProfileName },
  spaceSharingSettings: { SharingType: 'Private' },
  spaceSettings: { AppType: 'JupyterLab' },
});
const config = new StudioLifecycleConfig(stack, 'Script', {
  // The stack reads where the function is when it is deployed.
  provider: StudioResourcesProvider.fromSsmParameters(),
  name: 'greeting',
  appType: 'JupyterLab',
  content: script,
  attachTo: [{ DomainId: domainId, As: 'Default' }],
});
const image = new StudioImage(stack, 'Image', {
  imageName: 'tools',
  baseImage,
  roleArn: role.roleArn,
  jupyterLabAppImageConfig: {},
  attachTo: [{ DomainId: domainId }],
});
const fleet = new StudioUserProfileFleet(stack, 'Fleet', {
  domainId,
  members: members.map((UserProfileName) => ({ UserProfileName })),
  maxRemovals: 1,
});
fleet.node.addDependency(config);

// It outlives its stack.
new StudioLifecycleConfig(stack, 'Kept', {
  name: 'kept',
  appType: 'CodeEditor',
  content: 'echo kept',
  removalPolicy: RemovalPolicy.RETAIN,
});

profile.grantCreatePresignedUrl(new User(stack, 'AdaUser', { userName: 'ada' }));

const outputs = {
  DomainId: domainId,
  DomainRef: domain.ref,
  SpaceArn: space.spaceArn,
  ScriptArn: config.studioLifecycleConfigArn,
  ImageVersion: image.imageVersionNumber,
  Members: fleet.memberCount,
};
for (const [name, value] of Object.entries(outputs)) {
  new CfnOutput(stack, `${name}Output`, { value }).overrideLogicalId(name);
}
