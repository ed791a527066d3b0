import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { type Examined, examine } from '../../scripts/doctor/examine.ts';
import { account, region } from '../../scripts/start/clients.ts';
import { awsCommand } from '../stacks/aws-command.ts';
import { logManagementEvents } from '../stacks/management-events.ts';
import type { TestCloud, TestCloudOptions } from '../stacks/test-cloud.ts';
import { startVirtualTestCloud } from '../stacks/virtual-cloud.ts';

export const stack = 'studio-resources';
export const setup = 'studio-resources-studio-setup';
export const domain = 'studio-resources-studio-domain';
export const role = `arn:aws:iam::${account}:role/studio-user`;

/** The parameters of the installation: all that the doctor looks at is there. */
export const provider = {
  SetupCommands: 'true',
  ExecutionRoleArns: `${role},arn:aws:iam::${account}:role/team-*`,
  ReservedConcurrency: '5',
};

export function trust(Service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' },
  });
}

/** A cloud with a good installation, beside the role that it names and a trail. */
export async function installedCloud(options: Pick<TestCloudOptions, 'faults'> = {}): Promise<TestCloud> {
  const cloud = await startVirtualTestCloud({ provider, ...options });
  const AssumeRolePolicyDocument = trust('sagemaker.amazonaws.com');
  await cloud.clients.iam.send(new CreateRoleCommand({ RoleName: 'studio-user', AssumeRolePolicyDocument }));
  await logManagementEvents(cloud.clients);
  return cloud;
}

export interface Examining {
  /** The cloud of the test that runs. */
  readonly cloud: TestCloud;
  examined(name?: string): Promise<Examined[]>;
  /** What is found now: `verdict: what`. */
  found(): Promise<string[]>;
  /** Runs the commands of all cures. Nothing may be found afterwards. */
  cure(): Promise<void>;
}

/** Gives each test a cloud with a good installation. */
export function examining(): Examining {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await installedCloud();
  });
  afterEach(() => cloud.stop());
  const findings = async (name = stack) =>
    (await examine(cloud.clients, { region, stack: name })).flatMap((one) => one.findings);
  const found = async () => (await findings()).map(({ verdict, what }) => `${verdict}: ${what}`);
  return {
    get cloud() {
      return cloud;
    },
    examined: (name = stack) => examine(cloud.clients, { region, stack: name }),
    found,
    async cure() {
      const cures = (await findings()).map((one) => one.cure);
      const commands = cures.flatMap((text) => [...text.matchAll(/`([^`]+)`/g)].map(([, command]) => command!));
      expect(commands.length).toBeGreaterThanOrEqual(cures.length);
      for (const command of commands) await awsCommand(cloud, command);
      expect(await found()).toEqual([]);
    },
  };
}
