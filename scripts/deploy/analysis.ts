import { isDeepStrictEqual } from 'node:util';
import {
  type CloudFormationClient,
  GetTemplateCommand,
  type Parameter,
  paginateListExports,
  paginateListStackResources,
  type ResourceChange,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import type { ChangeSet } from './change-set.ts';
import { findDefinition } from './definitions.ts';
import { type Effect, effectOfCreate, effectOfUpdate } from './effect.ts';
import { type EvaluatedResource, evaluatedResources, type Given } from './evaluated.ts';

/** A change of a resource, as CloudFormation says it, and what it is by the rules of its handler. */
export interface PlannedChange extends ResourceChange {
  /** Only of the resources of this project. */
  effect?: Effect;
  /** The properties that hold until then. */
  old?: EvaluatedResource;
  /** Whether the old one stays where this is replaced: its `UpdateReplacePolicy` is `Retain`. */
  keepsOld?: boolean;
  /** The names of properties whose values no log and no screen shows. */
  sensitive?: readonly string[];
}

export interface Analysis {
  changes: PlannedChange[];
  /** Why nothing can be said of this project's resources. */
  problem?: string;
  /** The ARNs of the functions behind the custom resources, by logical id, as far as they are known. */
  functions: ReadonlyMap<string, string>;
}

type Side = Map<string, EvaluatedResource>;
type Replaced = Given['replaced'];

/**
 * Says of each change what the handlers of this project will do. Only CloudFormation is asked, and no function is invoked: the
 * templates and parameters before and after are compared by the handlers' own rules.
 */
export async function analyse(client: CloudFormationClient, changeSet: ChangeSet, existing?: Stack): Promise<Analysis> {
  const changes = changeSet.changes.flatMap(({ ResourceChange: change }) => (change ? [change] : []));
  try {
    return await analysed(client, changeSet, changes, existing);
  } catch (error) {
    return { changes, problem: (error as Error).message, functions: new Map() };
  }
}

async function analysed(
  client: CloudFormationClient,
  { id, stackId, parameters }: ChangeSet,
  changes: ResourceChange[],
  existing: Stack | undefined,
): Promise<Analysis> {
  const [body, oldBody] = await Promise.all([
    templateOf(client, stackId, id),
    existing && templateOf(client, existing.StackId!),
  ]);
  const stackName = stackId.split('/')[1]!;
  const exports = await exportsOf(client);
  const ids = existing ? await physicalIds(client, stackId) : new Map<string, string>();
  const sideOf = (of: string, values: readonly Parameter[], replaced: Replaced, changed: Given['changed']) =>
    evaluatedResources({ body: of, parameters: values, stackId, stackName, exports, ids, replaced, changed });

  const before: Side = oldBody ? await sideOf(oldBody, existing?.Parameters ?? [], new Map(), new Set()) : new Map();
  const touched = new Set(changes.map(({ LogicalResourceId }) => LogicalResourceId!));
  let replaced: Replaced = new Map(changes.flatMap(replacedByCloudFormation));
  // A replacement makes others of the ids that further resources refer to, which may replace those, too.
  for (;;) {
    const after = await sideOf(body, parameters, replaced, touched);
    const planned = await Promise.all(changes.map((change) => plannedChange(change, before, after)));
    const following = await changesThatFollow(touched, before, await sideOf(body, parameters, replaced, replaced), ids);
    const all = [...planned, ...following];
    const next = new Map([...replaced, ...all.flatMap(replacedByHandler)]);
    if (isDeepStrictEqual(next, replaced)) return { changes: all, functions: functionsIn(after) };
    replaced = next;
  }
}

/**
 * The changes of resources that the change set does not list: CloudFormation does not know that a custom resource is replaced,
 * and so not that those that refer to it change.
 */
async function changesThatFollow(
  listed: ReadonlySet<string>,
  before: Side,
  after: Side,
  ids: ReadonlyMap<string, string>,
): Promise<PlannedChange[]> {
  const others = [...after.values()].filter(({ logicalId }) => before.has(logicalId) && !listed.has(logicalId));
  const planned = await Promise.all(
    others.map(({ logicalId, type }) =>
      plannedChange(
        {
          Action: 'Modify',
          LogicalResourceId: logicalId,
          PhysicalResourceId: ids.get(logicalId),
          ResourceType: type,
        },
        before,
        after,
      ),
    ),
  );
  return planned.filter(({ effect }) => effect !== undefined && effect.outcome !== 'unchanged');
}

/** Of a custom resource, CloudFormation cannot know: only its function does. */
function replacedByCloudFormation(change: ResourceChange): [string, 'surely' | 'maybe'][] {
  const { Action, LogicalResourceId = '', Replacement, ResourceType = '' } = change;
  if (Action === 'Add' || (Replacement === 'True' && !ResourceType.startsWith('Custom::'))) {
    return [[LogicalResourceId, 'surely']];
  }
  return Replacement === 'Conditional' && !ResourceType.startsWith('Custom::') ? [[LogicalResourceId, 'maybe']] : [];
}

function replacedByHandler({ LogicalResourceId = '', effect }: PlannedChange): [string, 'surely' | 'maybe'][] {
  if (effect?.outcome === 'replaced') return [[LogicalResourceId, 'surely']];
  return effect?.outcome === 'may be replaced' ? [[LogicalResourceId, 'maybe']] : [];
}

async function plannedChange(change: ResourceChange, before: Side, after: Side): Promise<PlannedChange> {
  const { Action, LogicalResourceId = '', PhysicalResourceId = '', ResourceType = '' } = change;
  const [old, next] = [before.get(LogicalResourceId), after.get(LogicalResourceId)];
  const definition = await findDefinition(ResourceType);
  if (!definition) return { ...change, old };
  const { sensitive } = definition;
  if (Action === 'Remove') {
    const outcome = isRetained(old) ? 'retained' : 'deleted';
    return { ...change, old, sensitive, effect: { outcome, refused: [], differences: [], detached: [] } };
  }
  if (!next) return { ...change, old };
  const effect = old
    ? effectOfUpdate(definition, PhysicalResourceId, next.properties, old.properties)
    : effectOfCreate(definition, next.properties);
  return { ...change, old, keepsOld: next.replacePolicy === 'Retain', sensitive, effect };
}

/** Whether a resource stays that the template no longer has. `RetainExceptOnCreate` is about a failed creation only. */
export function isRetained(old: EvaluatedResource | undefined): boolean {
  return old?.deletionPolicy.startsWith('Retain') ?? false;
}

function functionsIn(side: Side): Map<string, string> {
  const tokens = [...side.values()].map(({ logicalId, properties }) => [logicalId, properties.ServiceToken] as const);
  return new Map(tokens.filter((each): each is [string, string] => /^arn:[\w-]+:lambda:/.test(String(each[1]))));
}

async function templateOf(client: CloudFormationClient, StackName: string, ChangeSetName?: string): Promise<string> {
  const command = new GetTemplateCommand({ StackName, ChangeSetName, TemplateStage: 'Processed' });
  return (await client.send(command)).TemplateBody ?? '';
}

async function physicalIds(client: CloudFormationClient, StackName: string): Promise<Map<string, string>> {
  const pages = await Array.fromAsync(paginateListStackResources({ client }, { StackName }));
  const all = pages.flatMap(({ StackResourceSummaries = [] }) => StackResourceSummaries);
  return new Map(
    all.flatMap(({ LogicalResourceId, PhysicalResourceId }) =>
      PhysicalResourceId ? [[LogicalResourceId!, PhysicalResourceId]] : [],
    ),
  );
}

/** Where they may not be listed, what a template imports is not known. */
async function exportsOf(client: CloudFormationClient): Promise<Map<string, string>> {
  try {
    const pages = await Array.fromAsync(paginateListExports({ client }, {}));
    return new Map(pages.flatMap(({ Exports = [] }) => Exports.map(({ Name, Value }) => [Name!, Value!])));
  } catch {
    return new Map();
  }
}
