import { base } from '../base.ts';
import { created, resource } from '../make.ts';
import type { Subject } from '../mistake.ts';
import { domain } from './domain.ts';

const { Properties } = domain();
const withToken = (ServiceToken: unknown, Type = 'Custom::StudioDomain') =>
  created({ Type, Properties: { ...Properties, ServiceToken } });

export const serviceTokens: Subject = {
  title: 'The ServiceToken',
  mistakes: [
    {
      mistake: 'No ServiceToken',
      make: withToken(undefined),
      property: 'ServiceToken',
      came: /required/,
      cure: /required/,
    },
    {
      mistake: 'The ServiceToken of user profiles for a domain',
      make: withToken({ 'Fn::ImportValue': 'StudioUserProfileServiceToken' }),
      property: 'ServiceToken',
      came: 'the function of Custom::StudioUserProfile',
      cure: /Give it the ServiceToken of Custom::StudioDomain/,
    },
    {
      mistake: 'The ServiceToken of domains for a space',
      make: created(
        resource('StudioSpace', {
          ServiceToken: { 'Fn::ImportValue': 'StudioDomainServiceToken' },
          DomainId: base('DomainId'),
          SpaceName: 'lab',
        }),
      ),
      property: 'ServiceToken',
      came: 'the function of Custom::StudioDomain',
      cure: /Give it the ServiceToken of Custom::StudioSpace/,
    },
    {
      mistake: 'The ServiceToken of the image for a lifecycle configuration',
      make: created(
        resource('StudioLifecycleConfig', {
          ServiceToken: { 'Fn::ImportValue': 'StudioImageServiceToken' },
          Name: 'setup',
          Content: 'true',
          AppType: 'JupyterLab',
        }),
      ),
      property: 'ServiceToken',
      came: 'the function of Custom::StudioImage',
      cure: /Give it the ServiceToken of Custom::StudioLifecycleConfig/,
    },
    {
      mistake: 'A mistyped ImportValue',
      make: withToken({ 'Fn::ImportValue': 'StudioDomainToken' }),
      property: /export/i,
      came: 'StudioDomainToken',
      cure: /give|did you mean|install/i,
      lacks: ['cure'],
    },
    {
      mistake: 'The ServiceToken of another Region',
      make: withToken({
        'Fn::Sub': 'arn:aws:lambda:eu-west-1:${AWS::AccountId}:function:studio-resources-studio-domain',
      }),
      property: /[sS]ervice ?[tT]oken/,
      came: 'eu-west-1',
      cure: /must be in the stack's Region us-east-1/,
    },
    {
      mistake: 'The ARN of a bucket as the ServiceToken',
      make: withToken('arn:aws:s3:::studio-resources-files'),
      property: /[sS]ervice ?[tT]oken/,
      came: 'arn:aws:s3:::studio-resources-files',
      cure: /the ARN of a Lambda function/,
    },
    {
      mistake: 'The name of the function as the ServiceToken',
      make: withToken('studio-resources-studio-domain'),
      property: /[sS]ervice ?[tT]oken/,
      came: 'studio-resources-studio-domain',
      cure: /the ARN of a Lambda function/,
    },
    {
      mistake: 'A function that does not exist',
      make: withToken({ 'Fn::Sub': 'arn:aws:lambda:us-east-1:${AWS::AccountId}:function:studio-domain' }),
      property: /[fF]unction/,
      came: 'studio-domain',
      cure: /give|create|install/i,
      lacks: ['cure'],
    },
  ],
};
