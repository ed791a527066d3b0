import {
  HomeSeed,
  StudioContents,
  StudioDomain,
  StudioResourcesInstallation,
  StudioResourcesProvider,
} from '@studio-resources/cdk';
import { App, CfnParameter, type CfnResource, type CustomResource, Stack } from 'aws-cdk-lib';

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App(), 'stack');
});

function serviceTokenOf(resource: CustomResource): unknown {
  const { cfnProperties } = resource.node.defaultChild as CfnResource & { cfnProperties: Record<string, unknown> };
  return stack.resolve(cfnProperties.ServiceToken);
}

const contents = (provider?: StudioResourcesProvider) =>
  new StudioContents(stack, 'Contents', { provider, domainId: 'd-1' });
const homeSeed = (domainId: string, provider?: StudioResourcesProvider) =>
  new HomeSeed(stack, 'Seed', { provider, domainId, source: 's3://bucket/starter.zip' });

test('a provider with another prefix has it in its exports', () => {
  const provider = StudioResourcesProvider.fromExports({ namePrefix: 'vision' });
  expect(serviceTokenOf(contents(provider))).toEqual({ 'Fn::ImportValue': 'vision-StudioContentsServiceToken' });
});

test.each([
  [undefined, '/studio-resources/service-tokens/studio-contents'],
  ['vision', '/vision/service-tokens/studio-contents'],
])('the SSM parameter of a provider with the prefix %s is %s', (namePrefix, name) => {
  const token = serviceTokenOf(contents(StudioResourcesProvider.fromSsmParameters({ namePrefix }))) as { Ref: string };
  const parameter = stack.node.findAll().find((each) => each instanceof CfnParameter) as CfnParameter;
  expect(token).toEqual({ Ref: stack.resolve(parameter.logicalId) });
  expect([parameter.type, parameter.default]).toEqual(['AWS::SSM::Parameter::Value<String>', name]);
});

test('a function’s ARN serves the resource that it is given for, and no other', () => {
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:studio-contents';
  const provider = StudioResourcesProvider.fromServiceTokens({ StudioContents: arn });
  expect(serviceTokenOf(contents(provider))).toBe(arn);
  const props = { provider, domainName: 'research', defaultUserSettings: { ExecutionRole: 'role' } };
  expect(() => new StudioDomain(stack, 'Domain', props)).toThrow(
    'Finding the function of a StudioDomain in stack: its provider has none; add StudioDomain to fromServiceTokens, with the ARN of its function',
  );
});

test('the function of a HomeSeed is the one of its domain', () => {
  const Name = 'HomeSeedServiceToken-d-abcdefghijkl';
  expect(serviceTokenOf(homeSeed('d-abcdefghijkl'))).toEqual({ 'Fn::ImportValue': Name });
  stack = new Stack(new App(), 'stack');
  const parameter = new CfnParameter(stack, 'DomainId');
  expect(serviceTokenOf(homeSeed(parameter.valueAsString))).toEqual({
    'Fn::ImportValue': { 'Fn::Join': ['', ['HomeSeedServiceToken-', { Ref: 'DomainId' }]] },
  });
});

test('a HomeSeed whose domain the app creates, or by SSM, is an error that says what to do', () => {
  const { domainId } = new StudioDomain(stack, 'Domain', {
    domainName: 'research',
    defaultUserSettings: { ExecutionRole: 'role' },
  });
  expect(() => homeSeed(domainId)).toThrow(
    /^Finding the function of a HomeSeed in stack by its domainId: CloudFormation imports no value .*fromServiceTokens$/,
  );
  expect(() => homeSeed('d-1', StudioResourcesProvider.fromSsmParameters())).toThrow(
    'no SSM parameter has it; use StudioResourcesProvider.fromExports, or fromServiceTokens',
  );
});

describe('what an app installs itself', () => {
  const install = (more = {}) =>
    new StudioResourcesInstallation(stack, 'Provider', {
      templateUrl: 'https://b.s3.amazonaws.com/p.yaml',
      executionRoleArns: ['*'],
      ...more,
    });

  test('serves by the outputs of the nested stack', () => {
    const { provider } = install();
    expect(serviceTokenOf(contents(provider))).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^Provider/), 'Outputs.StudioContentsServiceToken'],
    });
  });

  test('has no function that it is told not to install, nor that of one domain', () => {
    const { provider } = install({ installStudioContents: false });
    expect(() => contents(provider)).toThrow(
      'its provider has none; take installStudioContents: false from stack/Provider',
    );
    expect(() => homeSeed('d-1', provider)).toThrow(
      'home-seed.yaml installs it; use StudioResourcesProvider.fromExports',
    );
  });
});
