import type { StackEvent, StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { studioContents } from '../../handlers/studio-contents.ts';
import { cloudformation } from '../../packages/local/src/cloudformation/service.ts';
import { AwsError } from '../../packages/local/src/errors.ts';
import type { Service } from '../../packages/local/src/service.ts';
import { stackId } from './built-function.ts';
import { mergedRequests } from './requests.ts';
import { type StudioWorld, studioWorld } from './studio-world.ts';

/** What CloudFormation shows of the stack. */
interface ContentsStack {
  /** Undefined where there is no such stack. */
  status: string | undefined;
  resources: Partial<StackResourceSummary>[];
  /** The template, by the logical ids of its resources. */
  template: Record<string, object>;
  /** The newest come first. */
  events: Partial<StackEvent>[];
}

/** Custom::StudioContents in a stack that is being deleted, with a domain that has user profiles ada and bob. */
export interface ContentsWorld extends StudioWorld {
  readonly stack: ContentsStack;
  /** Runs the JupyterServer of a user profile. */
  runServer(UserProfileName: string): Promise<void>;
  /** What was deleted, in order, by its name. */
  deleted(): string[];
  /** Why what is in the domain was retained, as the log says it. */
  reasons(): Promise<string[]>;
}

/** Returns a function that makes these worlds. */
function contentsWorld(): () => Promise<ContentsWorld> {
  const start = studioWorld('studio-contents', 'UserProfile', studioContents, { domains: ['team', 'other'] });
  return async () => {
    const stack: ContentsStack = { status: 'DELETE_IN_PROGRESS', resources: [], template: {}, events: [] };
    const world = await start([showing(stack)]);
    const DomainId = world.domainIds[0]!;
    for (const name of ['ada', 'bob']) await world.addProfile(DomainId, name);
    return {
      ...world,
      stack,
      runServer: (UserProfileName) =>
        world.addApp({ DomainId, UserProfileName, AppType: 'JupyterServer', AppName: 'default' }),
      deleted: () =>
        world
          .calls()
          .map(({ operation, input }) =>
            [operation, input.AppType ?? input.SpaceName ?? input.UserProfileName].join(' '),
          ),
      async reasons() {
        const messages = (await world.run.log()).map(({ message }) => String(message));
        const beginning = 'The contents are retained: ';
        return messages.filter((each) => each.startsWith(beginning)).map((each) => each.slice(beginning.length));
      },
    };
  };
}

/** Starts a world for each test of a file, which `use` takes; gives the requests about the contents of its domain. */
export function contentsRequests(use: (world: ContentsWorld) => void) {
  const start = contentsWorld();
  let world: ContentsWorld;
  beforeEach(async () => {
    world = await start();
    use(world);
  });
  afterEach(() => world.close());
  return mergedRequests(
    () => world,
    () => ({ DomainId: world.domainIds[0]! }),
  );
}

/** CloudFormation with that stack. A page has one of its resources. */
function showing(stack: ContentsStack): Service {
  return {
    ...cloudformation,
    operations: {
      ...cloudformation.operations,
      DescribeStacks() {
        const shown = { StackName: 'studio', CreationTime: new Date(0), StackStatus: stack.status };
        if (stack.status !== undefined) return { Stacks: [shown] };
        throw new AwsError('ValidationError', `Stack with id ${stackId} does not exist`);
      },
      GetTemplate: () => ({ TemplateBody: JSON.stringify({ Resources: stack.template }) }),
      DescribeStackEvents: () => ({
        StackEvents: stack.events.map((each, index) => ({
          ...{ StackId: stackId, StackName: 'studio', EventId: String(index), Timestamp: new Date(0), ...each },
        })),
      }),
      ListStackResources({ NextToken }: { NextToken?: string }) {
        const at = Number(NextToken ?? 0);
        const StackResourceSummaries = stack.resources.slice(at, at + 1).map((each) => ({
          LogicalResourceId: 'Thing',
          LastUpdatedTimestamp: new Date(0),
          ResourceStatus: 'CREATE_COMPLETE',
          ...each,
        }));
        return { StackResourceSummaries, NextToken: at + 1 < stack.resources.length ? String(at + 1) : undefined };
      },
    },
  } as unknown as Service;
}
