import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { StackResult } from '../../packages/local/src/virtual/deployment.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { awsCommand } from './aws-command.ts';
import { readTemplate } from './cloud.ts';
import { shellLines } from './shell.ts';
import type { TestCloud } from './test-cloud.ts';

/** Where the pipeline releases. */
export const regions = [region, 'eu-west-1'] as const;

/** What the README's release buckets begin with. */
export const ReleaseBucketPrefix = 'acme-studio';

/** The README's commands that make the stacks, for the account here. */
const deploying = shellLines('cloudformation/ci/README.md', 'Setting it up').map((line) =>
  line.replaceAll('111122223333', account),
);

type Cloud = Pick<TestCloud, 'as' | 'clients'>;

/** The stacks of `cloudformation/ci`, as their README says to make them. */
export class CiStacks {
  readonly cloud: Cloud;
  readonly #parameters: Record<string, string>;

  private constructor(cloud: Cloud, DeployRoleArn: string) {
    this.cloud = cloud;
    this.#parameters = { SecondRegion: regions[1], DeployRoleArn };
  }

  static async make(cloud: Cloud): Promise<CiStacks> {
    const { iam } = cloud.clients;
    const document = (statement: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
    const Principal = { Service: 'cloudformation.amazonaws.com' };
    const RoleName = 'ci-deploy';
    const AssumeRolePolicyDocument = document({ Principal, Action: 'sts:AssumeRole' });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    // The account's own administrator of tests, whatever the templates make.
    const PolicyDocument = document({ Action: '*', Resource: '*' });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
    for (const line of deploying) {
      const [, inRegion] = /--region (\S+)/.exec(line)!;
      await awsCommand(cloud.as(undefined, inRegion), line);
    }
    return new CiStacks(cloud, Role!.Arn!);
  }

  /** Creates or updates the pipeline's stack, which has to succeed. */
  pipeline(parameters: Record<string, string> = {}): Promise<StackResult> {
    return this.deploy('pipeline', region, { ...this.#parameters, ...parameters });
  }

  /** Creates or updates the stack of a template of `ci`, which has to succeed. */
  async deploy(name: string, inRegion: string, parameters: Record<string, string> = {}): Promise<StackResult> {
    const template = await readTemplate(`ci/${name}.yaml`);
    const all = { ReleaseBucketPrefix, ...parameters };
    const ended = await this.cloud.as(undefined, inRegion).deploy(`ci-${name}`, { template, parameters: all });
    expect(ended.failures).toEqual([]);
    return ended;
  }
}
