import { base } from '../base.ts';
import { created, resource } from '../make.ts';
import type { Subject } from '../mistake.ts';

const script = (changes: Record<string, unknown>) =>
  created(
    resource('StudioLifecycleConfig', { Name: 'greet', Content: 'echo hello', AppType: 'JupyterLab', ...changes }),
  );

const registry = { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.us-east-1.amazonaws.com/studio:1.0' };
const image = (changes: Record<string, unknown>) =>
  created(
    resource('StudioImage', {
      ImageName: 'tools',
      BaseImage: registry,
      RoleArn: base('RoleArn'),
      JupyterLabAppImageConfig: {},
      ...changes,
    }),
  );
const from = (repository: string) =>
  image({ BaseImage: { 'Fn::Sub': `\${AWS::AccountId}.dkr.ecr.us-east-1.amazonaws.com/${repository}` } });

export const scriptsAndImages: Subject = {
  title: 'Lifecycle configurations and images',
  mistakes: [
    {
      mistake: 'A script over SageMaker’s limit',
      make: script({ Content: `echo ${'x'.repeat(13_000)}` }),
      property: 'Content',
      came: /\b(13005|17340)\b/,
      cure: /at most|12,?288|16,?384/,
    },
    {
      mistake: 'A script in base64, as the native type takes it',
      make: script({ Content: Buffer.from('#!/bin/bash\necho hello\n').toString('base64') }),
      property: 'Content',
      came: /base64/,
      cure: /plain text|as it is/,
    },
    {
      mistake: 'The native type’s names of properties',
      make: script({ Content: undefined, StudioLifecycleConfigContent: 'ZWNobw==' }),
      property: 'StudioLifecycleConfigContent',
      came: 'unknown property',
      cure: /Content: required|did you mean Content/,
    },
    {
      mistake: 'AppType: Jupyter',
      make: script({ AppType: 'Jupyter' }),
      property: 'AppType',
      came: '"Jupyter"',
      cure: /one of .*JupyterLab/,
    },
    {
      mistake: 'No Content',
      make: script({ Content: undefined }),
      property: 'Content',
      came: 'missing',
      cure: 'required',
    },
    {
      mistake: 'A user profile in As',
      make: script({ AttachTo: [{ DomainId: base('DomainId'), As: 'ada' }] }),
      property: 'AttachTo[0].As',
      came: '"ada"',
      cure: /one of .*Listed/,
    },
    {
      mistake: 'A Name with dots',
      make: script({ Name: 'greet.sh' }),
      property: 'Name:',
      came: 'greet.sh',
      cure: /letters|hyphens/,
    },
    {
      mistake: 'A domain to attach to that does not exist',
      make: script({ AttachTo: [{ DomainId: 'd-000000000000' }] }),
      property: 'DomainId',
      came: 'd-000000000000',
      cure: /give the id of one that exists/,
    },
    {
      mistake: 'A user profile to attach to that does not exist',
      make: script({ AttachTo: [{ DomainId: base('DomainId'), UserProfileName: 'absent' }] }),
      property: 'AttachTo',
      came: 'absent',
      cure: /create it first/,
    },
    {
      mistake: 'The domain’s id as AttachTo',
      make: script({ AttachTo: base('DomainId') }),
      property: 'AttachTo',
      came: /d-[a-z0-9]+/,
      cure: /expected a list/,
    },
    {
      mistake: 'An image of Docker Hub',
      make: image({ BaseImage: 'python:3.12' }),
      property: 'BaseImage',
      came: 'python:3.12',
      cure: /Amazon ECR, such as/,
    },
    {
      mistake: 'A repository that does not exist',
      make: from('stuido:1.0'),
      property: 'BaseImage',
      came: 'stuido',
      cure: /push that image first/,
    },
    {
      mistake: 'A tag that does not exist',
      make: from('studio:2.0'),
      property: 'BaseImage',
      came: '2.0',
      cure: /push that image first/,
    },
    {
      mistake: 'An ImageName with an underscore',
      make: image({ ImageName: 'team_tools' }),
      property: 'ImageName',
      came: 'team_tools',
      cure: /letters and digits/,
    },
    {
      mistake: 'The name of a role as RoleArn',
      make: image({ RoleArn: 'studio-analyst' }),
      property: 'RoleArn',
      came: 'studio-analyst',
      cure: /expected the ARN of an IAM role/,
    },
    {
      mistake: 'An attached image that no app can start',
      make: image({ JupyterLabAppImageConfig: undefined, AttachTo: [{ DomainId: base('DomainId') }] }),
      property: 'AttachTo',
      came: 'nothing says how the image runs',
      cure: /give at least one of JupyterLabAppImageConfig/,
    },
    {
      mistake: 'KeepVersions: 0',
      make: image({ KeepVersions: 0 }),
      property: 'KeepVersions',
      came: 'got 0',
      cure: 'expected 1 or more',
    },
  ],
};
