import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateDomainCommand } from '@aws-sdk/client-sagemaker';
import { strToU8, zipSync } from 'fflate';
import { account, region } from '../../scripts/start/clients.ts';
import { pushImages, registryOf } from '../pushed-image.ts';
import { artifacts } from '../stacks/provider.ts';
import type { TestCloud } from '../stacks/test-cloud.ts';
import { startVirtualTestCloud } from '../stacks/virtual-cloud.ts';
import { baseTemplate, bucket } from './base.ts';

/** Where the mistakes are made: an account with the provider, and what the stack `base` and a user have put there. */
export interface World {
  readonly cloud: TestCloud;
  /** The outputs of `base`. */
  readonly base: Readonly<Record<string, string>>;
  /** A name that no stack has yet. */
  stackName(): string;
}

/** Starts the world. The same seed gives the same ids, so messages are the same each time. */
export async function startWorld(): Promise<World> {
  const cloud = await startVirtualTestCloud({ provider: { ShareOwnerAccountIds: '444455556666' } });
  const { s3, sagemaker } = cloud.clients;
  for (const Bucket of [bucket, 'someone-elses']) await s3.send(new CreateBucketCommand({ Bucket }));
  const zip = zipSync({ 'README.md': strToU8('welcome') });
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'starter.zip', Body: zip }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'notes.txt', Body: 'no zip' }));
  await pushImages(registryOf(cloud.clientOptions), 'studio', ['1.0']);
  const { outputs } = await deployed(cloud, 'base', baseTemplate());
  // Made by hand, so no resource holds it.
  const native = await sagemaker.send(
    new CreateDomainCommand({
      DomainName: 'by-hand',
      AuthMode: 'IAM',
      VpcId: outputs.VpcId,
      SubnetIds: [outputs.SubnetId!],
      DefaultUserSettings: { ExecutionRole: `arn:aws:iam::${account}:role/studio-analyst` },
    }),
  );
  await cloud.pass(600_000);
  const seeds = await cloud.deploy('home-seed', {
    template: { url: `https://${artifacts.bucket}.s3.amazonaws.com/${artifacts.prefix}/home-seed.yaml` },
    parameters: {
      ArtifactBucket: artifacts.bucket,
      ArtifactPrefix: artifacts.prefix,
      DomainId: outputs.DomainId!,
      FileSystemId: outputs.FileSystemId!,
      SubnetIds: outputs.SubnetId!,
      SecurityGroupIds: outputs.NfsGroupId!,
    },
  });
  assertCreated('home-seed', seeds);
  let made = 0;
  return {
    cloud,
    base: {
      ...outputs,
      ByHandId: native.DomainArn!.split('/').at(-1)!,
      HomeSeedToken: seeds.outputs.HomeSeedServiceToken!,
      Region: region,
    },
    stackName: () => `mistake-${++made}`,
  };
}

async function deployed(cloud: TestCloud, name: string, template: object) {
  const result = await cloud.deploy(name, { template: JSON.stringify(template) });
  assertCreated(name, result);
  return result;
}

function assertCreated(name: string, { status, failures }: { status: string; failures: string[] }): void {
  if (status !== 'CREATE_COMPLETE') throw new Error(`Creating ${name}: it is ${status}: ${failures.join('; ')}`);
}
