import { setTimeout as pause } from 'node:timers/promises';
import { answerOf, isCancelled, keyOf } from '../invariants/answers.ts';
import { placesOf } from '../invariants/secrets.ts';
import type { Observer } from '../observer.ts';
import { stacksIn } from '../play.ts';
import type { Finding, Scene } from '../scene.ts';
import { type Command, fileOf } from '../setups.ts';
import { account, region, type World } from '../world.ts';
import { proofs, type WireJupyter } from './jupyter.ts';

const type = 'Custom::StudioSetup';

/** What was set up by the end of a run, and what is left of how. */
export async function setupFindings(jupyter: WireJupyter, scene: Scene): Promise<Finding[]> {
  const { world, seen } = scene;
  const open = await lastTerminals(jupyter);
  const lines = jupyter.lines();
  return [
    ...open.map((name) => ({ rule: 'a terminal is left open', detail: name })),
    ...notRun(world, lines),
    ...answeredEarly(jupyter, scene),
    ...[...lines.keys()]
      .filter((file) => !file.startsWith('stack-'))
      .map((file) => ({ rule: 'there is something in the home that no command has made', detail: file })),
    ...[...lines]
      .filter(([file, count]) => file.startsWith('stack-') && count > 1)
      .map(([file, count]) => ({ rule: 'a command was run more than once', detail: `${count} times for ${file}` })),
    ...toldSecrets(world, seen),
  ];
}

/** How long a terminal may outlive its client, in real milliseconds. */
const longest = 140_000;

/** What runs in the background may run on, and so may a terminal whose function was killed; but not for long. */
async function lastTerminals(jupyter: WireJupyter): Promise<string[]> {
  const until = Date.now() + longest;
  await pause(1000);
  for (;;) {
    const open = await jupyter.terminals();
    if (open.length === 0 || Date.now() > until) return open;
    await pause(500);
  }
}

/** What a stack holds that is complete has run. */
function notRun(world: World, lines: ReadonlyMap<string, number>): Finding[] {
  return stacksIn(world).flatMap(({ name, resources }) =>
    Object.values(resources)
      .filter((one) => one.type === type && /^(CREATE|UPDATE)_COMPLETE$/.test(one.status))
      .flatMap(({ logicalId, properties }) =>
        missing(commandsIn(properties), lines).map((file) => ({ logicalId, file })),
      )
      .map(({ logicalId, file }) => ({
        rule: 'a stack holds what was not set up',
        detail: `${name}'s ${logicalId}: nothing has run for ${file}`,
      })),
  );
}

/** After a successful response, all commands have run, except for those in the background. */
function answeredEarly({ answered }: WireJupyter, scene: Scene): Finding[] {
  const { seen } = scene;
  return seen.requests.flatMap((request) => {
    if (request.ResourceType !== type || request.RequestType === 'Delete') return [];
    const key = keyOf(request);
    const first = seen.answers.find((one) => one.key === key);
    const lines = answered.get(key);
    if (!first || !lines || answerOf(first)?.Status !== 'SUCCESS') return [];
    if (isCancelled(request, scene)) return [];
    const awaited = commandsIn(request.ResourceProperties).filter(({ Background }) => Background !== 'true');
    return missing(awaited, lines).map((file) => ({
      rule: 'an answer came before its time',
      detail: `${request.RequestType} ${request.LogicalResourceId} of ${request.time}: nothing had run for ${file}`,
    }));
  });
}

/** As CloudFormation hands them over: every scalar is a string. */
type Told = Pick<Command, 'Command'> & { Background: unknown };

function commandsIn({ Commands }: Record<string, unknown>): Told[] {
  return Commands as Told[];
}

function missing(commands: readonly Told[], lines: ReadonlyMap<string, number>): string[] {
  return commands.map(fileOf).filter((file) => !lines.has(file));
}

/** The credentials of a Jupyter server are in no log, no state and no response: tokens, sessions and XSRF tokens. */
function toldSecrets(world: World, { answers }: Observer): Finding[] {
  const admissions = world.store.table('sagemaker', { account, region }, 'admissions');
  // The part before it is public.
  const secrets = [...[...admissions.keys()].map((token) => token.split('.').at(-1)!), ...proofs];
  const told = answers.filter(({ body }) => secrets.some((secret) => body.includes(secret)));
  return [...placesOf(secrets, world), ...told.map(({ key }) => `in the answer ${key}`)].map((detail) => ({
    rule: 'what lets into a Jupyter server is kept in the clear',
    detail,
  }));
}
