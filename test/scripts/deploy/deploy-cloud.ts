import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { readOptions } from '../../../scripts/deploy/options.ts';
import type { Ask } from '../../../scripts/deploy/parameters.ts';
import { deploy } from '../../../scripts/deploy/run.ts';
import { changeLines } from '../../../scripts/deploy/show.ts';
import { account } from '../../../scripts/start/clients.ts';
import { temporaryDirectory } from '../../stacks/temporary-directory.ts';
import type { TestCloud, TestCloudOptions } from '../../stacks/test-cloud.ts';
import { startVirtualTestCloud } from '../../stacks/virtual-cloud.ts';

/** A run of `npm run deploy`: its exit code, and what it has printed. */
export interface Deployed {
  code: number;
  output: string;
}

/** The role that the domains of these tests give their users. */
export const role = `arn:aws:iam::${account}:role/studio-user`;

export interface Deploying {
  /** The cloud of the test that runs. */
  readonly cloud: TestCloud;
  /** Writes a template, as a value or as text; gives its path. */
  file(template: object | string, name?: string): Promise<string>;
  /** Runs the command with these arguments; `ask` is the user at the terminal, who may press Ctrl-C once it deploys. */
  run(args: string[], ask?: Ask, options?: { interrupted?: boolean }): Promise<Deployed>;
}

/** Gives each test a cloud, with a provider unless said otherwise. */
export function deploying(options: TestCloudOptions = {}): Deploying {
  const directory = temporaryDirectory();
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await startVirtualTestCloud(options);
    const Statement = { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await cloud.clients.iam.send(new CreateRoleCommand({ RoleName: 'studio-user', AssumeRolePolicyDocument }));
  });
  afterEach(() => cloud.stop());
  return {
    get cloud() {
      return cloud;
    },
    async file(template, name = 'template.yaml') {
      const path = join(directory(), name);
      await writeFile(path, typeof template === 'string' ? template : JSON.stringify(template));
      return path;
    },
    async run(args, ask, { interrupted = false } = {}) {
      const lines: string[] = [];
      const view = {
        width: 80,
        say: (line = '') => void lines.push(line),
        progress() {},
        begin: (title: string) => void lines.push(`== ${title}`),
        event() {},
        tick() {},
        end() {},
      };
      const pause = (signal?: AbortSignal) => {
        signal?.throwIfAborted();
        return cloud.pass(5000);
      };
      const interruption = () => (interrupted ? AbortSignal.abort() : new AbortController().signal);
      const { clients } = cloud;
      const code = await deploy(readOptions(args), { clients, view, ask, pause, interruption, show: changeLines });
      return { code, output: lines.join('\n') };
    },
  };
}

const network = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } },
};

/** A template with a domain, with these properties beside those that it needs, and further resources. */
export function withDomain(properties: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
  return {
    Resources: {
      ...network,
      Domain: {
        Type: 'Custom::StudioDomain',
        Properties: {
          ServiceToken: { 'Fn::ImportValue': 'StudioDomainServiceToken' },
          DomainName: 'research',
          VpcId: { Ref: 'Vpc' },
          SubnetIds: [{ Ref: 'Subnet' }],
          DefaultUserSettings: { ExecutionRole: role },
          HomeEfsFileSystem: 'Delete',
          ...properties,
        },
      },
      ...more,
    },
  };
}

/** A user profile of that domain. */
export function profile(properties: Record<string, unknown> = {}) {
  return {
    Type: 'Custom::StudioUserProfile',
    Properties: {
      ServiceToken: { 'Fn::ImportValue': 'StudioUserProfileServiceToken' },
      DomainId: { Ref: 'Domain' },
      UserProfileName: 'ada',
      ...properties,
    },
  };
}
