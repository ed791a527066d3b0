import { sleep } from '../../packages/local/src/clock.ts';
import { sagemaker } from '../../packages/local/src/services/sagemaker/index.ts';
import type { SetupShape } from './shapes.ts';
import { makeUnmanagedDomain, type Parts, unmanagedDomains } from './unmanaged-domain.ts';
import type { World } from './world.ts';

/** Whose Jupyter servers stacks may set up: people of a domain that is no stack's. */
export interface Setups {
  domainId: string;
  /** The app of the first runs, that of the second does not. */
  profiles: string[];
}

const profiles = ['runs', 'rests'];

export async function makeSetups(world: World, parts: Parts): Promise<Setups> {
  const { domain } = await makeUnmanagedDomain(world, unmanagedDomains.servers, profiles, parts);
  const { DomainId } = domain.shown;
  const app = { DomainId, UserProfileName: profiles[0]!, AppType: 'JupyterServer', AppName: 'default' } as const;
  await world.call(sagemaker, 'CreateApp', app);
  // It takes a moment before it is seen at all.
  const status = () =>
    world.call(sagemaker, 'DescribeApp', app).then(
      ({ Status }) => Status,
      () => undefined,
    );
  while ((await status()) !== 'InService') await sleep(world.time, 1000);
  return { domainId: DomainId, profiles };
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
