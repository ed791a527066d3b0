import { sleep } from '../../packages/local/src/clock.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import type { DomainRecord } from '../../packages/local/src/services/sagemaker/records.ts';
import type { SetupShape } from './history.ts';
import { account, region, type World } from './world.ts';

/** Whose Jupyter servers stacks may set up: people of a domain that is no stack's. */
export interface Setups {
  domainId: string;
  /** The app of the first runs, that of the second does not. */
  profiles: string[];
}

const DomainName = 'somebodys';
const profiles = ['runs', 'rests'];

export async function makeSetups(
  world: World,
  { executionRole, vpcId, subnetIds }: { executionRole: string; vpcId: string; subnetIds: string[] },
): Promise<Setups> {
  const { call, time } = world;
  const { DomainArn } = await call(sagemaker, 'CreateDomain', {
    DomainName,
    AuthMode: 'IAM',
    DefaultUserSettings: { ExecutionRole: executionRole },
    SubnetIds: subnetIds,
    VpcId: vpcId,
  });
  const DomainId = DomainArn!.split('/').at(-1)!;
  const inService = async (look: () => Promise<{ Status?: string }>) => {
    // It takes a moment before it is seen at all.
    const statusOf = () =>
      look().then(
        ({ Status }) => Status,
        () => undefined,
      );
    while ((await statusOf()) !== 'InService') await sleep(time, 1000);
  };
  await inService(() => call(sagemaker, 'DescribeDomain', { DomainId }));
  for (const UserProfileName of profiles) {
    await call(sagemaker, 'CreateUserProfile', { DomainId, UserProfileName });
    await inService(() => call(sagemaker, 'DescribeUserProfile', { DomainId, UserProfileName }));
  }
  const app = { DomainId, UserProfileName: profiles[0]!, AppType: 'JupyterServer', AppName: 'default' } as const;
  await call(sagemaker, 'CreateApp', app);
  await inService(() => call(sagemaker, 'DescribeApp', app));
  return { domainId: DomainId, profiles };
}

/** The id of the domain that is no stack's. */
export function somebodysIn({ store }: Pick<World, 'store'>): string | undefined {
  const domains = store.table<DomainRecord>('sagemaker', { account, region }, 'domain');
  return [...domains.values()].find(({ shown }) => shown.DomainName === DomainName)?.shown.DomainId;
}

export interface Command {
  Command: string;
  Background: boolean;
  IgnoreFailure: boolean;
}

/** Each command adds a line to a file of its own, so that the lines tell how often it was run. */
export function commandsOf({ profile, generation, fails, slow, background }: SetupShape, stack: number): Command[] {
  const kind = [fails && 'fails', slow && 'slow', background && 'background'].filter(Boolean).join('-') || 'plain';
  const add = (number: number) => `echo run >>stack-${stack}-${profiles[profile]}-${generation}-${kind}-${number}`;
  return [
    { Command: `${add(1)}${fails ? '; exit 1' : ''}`, IgnoreFailure: fails, Background: false },
    { Command: `${add(2)}; sleep ${slow ? 4 : 0}`, IgnoreFailure: false, Background: false },
    { Command: `sleep 0.5; ${add(3)}`, IgnoreFailure: false, Background: background },
  ];
}

/** The file that a command adds a line to. */
export function fileOf({ Command }: Pick<Command, 'Command'>): string {
  return />>(\S+?)(;|$)/.exec(Command)![1]!;
}
