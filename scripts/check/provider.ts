import { type CollectionTag, parse, type ScalarTag, type YAMLSeq } from 'yaml';

/** A statement of a role, with its intrinsics replaced by what they stand for. */
export interface Statement {
  actions: string[];
  resources: string[];
  condition?: unknown;
}

/** What provider.yaml says of the handlers. */
export interface ProviderTemplate {
  functions: Map<string, ProviderFunction>;
  /** What the waiter's role may do. */
  waiter: Statement[];
  outputs: Set<string>;
}

/** A function by its logical id. */
export interface ProviderFunction {
  name: string;
  /** The artifact's key. */
  key: string;
  /** In seconds. */
  timeout: number;
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

/**
 * Reads provider.yaml. Short intrinsics become plain text: `!Sub` its text, `!Ref X` and `!GetAtt X.Y` `${X}`; of an `!If`
 * what holds if it is true.
 */
export function readProvider(text: string): ProviderTemplate {
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
    const { FunctionName, Code, Timeout, Role, Environment } = Properties as FunctionProperties;
    const role = template.Resources[/\$\{(\w+)\.Arn\}/.exec(Role)![1]!]!;
    functions.set(id, {
      name: FunctionName,
      key: Code.S3Key,
      timeout: Timeout,
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
  Timeout: number;
  Role: string;
  Environment?: { Variables: Record<string, string> };
}

function destination({ Properties }: Declaration): [functionName: string, onFailure: string | undefined] {
  const { FunctionName, DestinationConfig } = Properties as {
    FunctionName: string;
    DestinationConfig?: { OnFailure?: { Destination: string } };
  };
  return [FunctionName, DestinationConfig?.OnFailure?.Destination];
}

function statementsOf({ Properties }: Declaration): Statement[] {
  const { Policies = [] } = Properties as {
    Policies?: { PolicyDocument: { Statement: { Action: unknown; Resource: unknown; Condition?: unknown }[] } }[];
  };
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).map(({ Action, Resource, Condition }) => ({
    actions: [Action].flat() as string[],
    resources: [Resource].flat() as string[],
    ...(Condition ? { condition: Condition } : {}),
  }));
}

const scalar = (tag: string, resolve: (text: string) => unknown): ScalarTag => ({ tag, resolve });
const sequence = (tag: string): CollectionTag => ({ tag, collection: 'seq' });

const intrinsics = [
  scalar('!Ref', (name) => `\${${name}}`),
  scalar('!GetAtt', (name) => `\${${name}}`),
  scalar('!Sub', (text) => text),
  { tag: '!If', collection: 'seq', resolve: (choice) => (choice as YAMLSeq).items[1] } satisfies CollectionTag,
  ...['!Equals', '!Not', '!And', '!Or', '!Join', '!Select', '!Split'].map(sequence),
];
