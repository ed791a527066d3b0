/** A CDK app: in the stack `platform`, a provider from the release at the context's `templateUrl`, and a script that it attaches nowhere. */
import { StudioLifecycleConfig, StudioResourcesInstallation } from '@studio-resources/cdk';
import { App, CfnOutput, CfnParameter, Stack } from 'aws-cdk-lib';

const app = new App();
const stack = new Stack(app, 'platform');
const days = new CfnParameter(stack, 'Days', { type: 'Number', default: 14 });
const { provider } = new StudioResourcesInstallation(stack, 'Provider', {
  templateUrl: app.node.getContext('templateUrl'),
  artifactBucket: app.node.getContext('bucket'),
  artifactPrefix: app.node.getContext('prefix'),
  namePrefix: 'vision',
  executionRoleArns: ['arn:aws:iam::111122223333:role/studio-*', 'arn:aws:iam::111122223333:role/vision-*'],
  logRetentionInDays: days.value,
  nativeDomains: false,
  installStudioSetup: false,
});
const config = new StudioLifecycleConfig(stack, 'Script', {
  provider,
  name: 'greeting',
  appType: 'JupyterLab',
  content: 'echo hello',
});
new CfnOutput(stack, 'Arn', { value: config.studioLifecycleConfigArn });
