import { type CollectionTag, isScalar, isSeq, parse, Scalar, type ScalarTag, type YAMLMap, YAMLSeq } from 'yaml';

/** What installs handlers. A function that mounts a file system is not for every account, and so not in the first. */
export const installing = ['provider.yaml', 'home-seed.yaml'];

/** A statement of a role, with its intrinsics replaced by what they stand for. */
export interface Statement {
  actions: string[];
  resources: string[];
  condition?: unknown;
}

/** What a template says of the handlers that it installs: provider.yaml, or another beside it. */
export interface ProviderTemplate {
  functions: Map<string, ProviderFunction>;
  /** What the waiter's role may do. */
  waiter: Statement[];
  outputs: Set<string>;
}

/** A function by its logical id. */
export interface ProviderFunction {
  /** The template that has it: `provider.yaml`. */
  template: string;
  name: string;
  /** The artifact's key. */
  key: string;
  variables: Record<string, string>;
  /** The statements of its role. */
  statements: Statement[];
  /** Where Lambda sends an event on which the function failed. */
  onFailure?: string;
}

interface Declaration {
  Type: string;
  Properties: unknown;
}

/** All that the templates install. The waiter is that of the first. */
export function readTemplates(templates: readonly { name: string; text: string }[]): ProviderTemplate {
  const all = templates.map(({ name, text }) => readProvider(text, name));
  return {
    functions: new Map(all.flatMap(({ functions }) => [...functions])),
    waiter: all[0]?.waiter ?? [],
    outputs: new Set(all.flatMap(({ outputs }) => [...outputs])),
  };
}

/**
 * Reads a template such as provider.yaml. Short intrinsics become plain text: `!Sub` its text, `!Ref X`, `!GetAtt X` and `!ImportValue X` `${X}`; of an `!If`
 * what holds if it is true.
 */
export function readProvider(text: string, name = 'provider.yaml'): ProviderTemplate {
  const template = parse(text, { customTags: intrinsics, logLevel: 'error' }) as {
    Resources: Record<string, Declaration>;
    Outputs: Record<string, unknown>;
  };
  const resources = Object.entries(template.Resources);
  const destinations = new Map(
    resources.filter(([, { Type }]) => Type === 'AWS::Lambda::EventInvokeConfig').map(([, each]) => destination(each)),
  );
  const functions: ProviderTemplate['functions'] = new Map();
  for (const [id, { Type, Properties }] of resources) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const { FunctionName, Code, Role, Environment } = Properties as FunctionProperties;
    const role = template.Resources[/\$\{(\w+)\.Arn\}/.exec(Role)![1]!]!;
    functions.set(id, {
      template: name,
      name: FunctionName,
      key: Code.S3Key,
      variables: Environment?.Variables ?? {},
      statements: statementsOf(role),
      onFailure: destinations.get(`\${${id}}`),
    });
  }
  const { WaiterRole } = template.Resources;
  return {
    functions,
    waiter: WaiterRole ? statementsOf(WaiterRole) : [],
    outputs: new Set(Object.keys(template.Outputs)),
  };
}

interface FunctionProperties {
  FunctionName: string;
  Code: { S3Key: string };
  Role: string;
  Environment?: { Variables: Record<string, string> };
}

/** A policy, which may also be given as its JSON. */
interface Document {
  Statement: { Action: unknown; Resource: unknown; Condition?: unknown }[];
}

function destination({ Properties }: Declaration): [functionName: string, onFailure: string | undefined] {
  const { FunctionName, DestinationConfig } = Properties as {
    FunctionName: string;
    DestinationConfig?: { OnFailure?: { Destination: string } };
  };
  return [FunctionName, DestinationConfig?.OnFailure?.Destination];
}

function statementsOf({ Properties }: Declaration): Statement[] {
  const { Policies = [] } = Properties as { Policies?: { PolicyDocument: Document | string }[] };
  const documents = Policies.map(({ PolicyDocument: each }) =>
    typeof each === 'string' ? (JSON.parse(each) as Document) : each,
  );
  return documents
    .flatMap(({ Statement }) => Statement)
    .map(({ Action, Resource, Condition }) => ({
      actions: [Action].flat() as string[],
      resources: [Resource].flat() as string[],
      ...(Condition ? { condition: Condition } : {}),
    }));
}

const scalar = (tag: string, resolve: (text: string) => unknown): ScalarTag => ({ tag, resolve });
const sequence = (tag: string): CollectionTag => ({ tag, collection: 'seq' });

/** Of a name that depends on the provider's prefix, that of the default one: `${StudioResourcesWaiter}`. */
function defaultImport(map: YAMLMap): string {
  const [, name] = (map.get('Fn::If') as YAMLSeq).items as Scalar<string>[];
  return `\${${name!.value}}`;
}

/** What the text itself names; a parameter in it counts as one. */
function splitText({ items }: YAMLSeq): YAMLSeq {
  const [delimiter, text] = (items as Scalar<string>[]).map(({ value }) => value);
  const parts = new YAMLSeq();
  parts.items = text!.split(delimiter!).map((part) => new Scalar(part));
  return parts;
}

/** The texts in one, where all of them are known. */
function joinedText(join: YAMLSeq): unknown {
  const [delimiter, list] = join.items as [Scalar<string>, YAMLSeq | string];
  if (!isSeq(list) || !list.items.every((each) => isScalar(each))) return join;
  return list.items.map(({ value }) => value).join(delimiter.value);
}

/** How the short forms of intrinsics are read: as what they stand for. */
export const intrinsics = [
  scalar('!Ref', (name) => `\${${name}}`),
  scalar('!GetAtt', (name) => `\${${name}}`),
  scalar('!ImportValue', (name) => `\${${name}}`),
  { tag: '!ImportValue', collection: 'map', resolve: (map) => defaultImport(map as YAMLMap) } satisfies CollectionTag,
  scalar('!Sub', (text) => text),
  // Its own variables stay as they are named.
  { tag: '!Sub', collection: 'seq', resolve: (sub) => (sub as YAMLSeq).items[0] } satisfies CollectionTag,
  { tag: '!If', collection: 'seq', resolve: (choice) => (choice as YAMLSeq).items[1] } satisfies CollectionTag,
  ...['!Equals', '!Not', '!And', '!Or', '!Select'].map(sequence),
  { tag: '!Join', collection: 'seq', resolve: (join) => joinedText(join as YAMLSeq) } satisfies CollectionTag,
  { tag: '!Split', collection: 'seq', resolve: (split) => splitText(split as YAMLSeq) } satisfies CollectionTag,
];
