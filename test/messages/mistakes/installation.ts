import { CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { artifacts } from '../../stacks/provider.ts';
import { told } from '../make.ts';
import type { Mistake, Subject } from '../mistake.ts';
import type { World } from '../world.ts';

const url = `https://${artifacts.bucket}.s3.amazonaws.com/${artifacts.prefix}/provider.yaml`;

const install =
  (parameters: Record<string, string>): Mistake['make'] =>
  ({ cloud, stackName }) =>
    told(() =>
      cloud.deploy(stackName(), {
        template: { url },
        parameters: {
          ArtifactBucket: artifacts.bucket,
          ArtifactPrefix: artifacts.prefix,
          ExecutionRoleArns: '*',
          NamePrefix: 'second',
          ...parameters,
        },
      }),
    );

async function inOtherRegion(world: World): Promise<string> {
  const { s3 } = world.cloud.as(undefined, 'eu-west-1').clients;
  await s3.send(
    new CreateBucketCommand({
      Bucket: 'artifacts-in-europe',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  );
  return install({ ArtifactBucket: 'artifacts-in-europe' })(world);
}

async function withoutCapability({ cloud, stackName }: World): Promise<string> {
  const values = { ArtifactBucket: artifacts.bucket, ArtifactPrefix: artifacts.prefix, ExecutionRoleArns: '*' };
  const Parameters = Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  const command = new CreateStackCommand({ StackName: stackName(), TemplateURL: url, Parameters });
  return told(async () => {
    await cloud.clients.cloudformation.send(command);
    return { failures: [], status: 'CREATE_IN_PROGRESS' };
  });
}

export const installation: Subject = {
  title: 'The installation',
  mistakes: [
    {
      mistake: 'A second installation with the same names',
      make: install({ NamePrefix: 'studio-resources' }),
      property: 'NamePrefix',
      came: 'already exists',
      cure: /UniqueNamePrefix/,
    },
    {
      mistake: 'An ArtifactBucket that does not exist',
      make: install({ ArtifactBucket: 'no-such-bucket' }),
      property: 'ArtifactBucket',
      came: /bucket does not exist|NoSuchBucket/,
      cure: /give|create|correct/,
      lacks: ['property', 'cure'],
    },
    {
      mistake: 'An ArtifactBucket of another Region',
      make: inOtherRegion,
      property: 'ArtifactBucket',
      came: 'eu-west-1',
      cure: /Please use this region/,
      lacks: ['property'],
    },
    {
      mistake: 'An ArtifactPrefix that does not exist',
      make: install({ ArtifactPrefix: 'no-such-release' }),
      property: 'ArtifactPrefix',
      came: /does not exist/,
      cure: /give|correct|upload/,
      lacks: ['property', 'cure'],
    },
    {
      mistake: 'The name of a role in ExecutionRoleArns',
      make: install({ ExecutionRoleArns: 'studio-analyst' }),
      property: 'ExecutionRoleArns',
      came: 'studio-analyst',
      cure: /ARNs of IAM roles/,
      lacks: ['came'],
    },
    {
      mistake: 'A NamePrefix with capitals',
      make: install({ NamePrefix: 'Vision' }),
      property: 'NamePrefix',
      came: 'Vision',
      cure: /lower-case letters/,
      lacks: ['came'],
    },
    {
      mistake: 'No CAPABILITY_IAM',
      make: withoutCapability,
      property: /capabilities/i,
      came: /Requires/,
      cure: /CAPABILITY_IAM/,
    },
  ],
};
