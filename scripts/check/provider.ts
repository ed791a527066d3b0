import { type CollectionTag, parse, type ScalarTag } from 'yaml';

/** A statement of a role, with its intrinsics replaced by what they stand for. */
export interface Statement {
  actions: string[];
  resources: string[];
  condition?: unknown;
}

/** What provider.yaml says of the handlers. */
export interface ProviderTemplate {
  /** By logical id: the artifact's key, the timeout in seconds, and the statements of the function's role. */
  functions: Map<string, { key: string; timeout: number; statements: Statement[] }>;
  outputs: Set<string>;
}

interface Declaration {
  Type: string;
  Properties: unknown;
}

/** Reads provider.yaml. Short intrinsics become plain text: `!Sub` its text, `!Ref X` and `!GetAtt X.Y` `${X}`. */
export function readProvider(text: string): ProviderTemplate {
  const template = parse(text, { customTags: intrinsics, logLevel: 'error' }) as {
    Resources: Record<string, Declaration>;
    Outputs: Record<string, unknown>;
  };
  const functions: ProviderTemplate['functions'] = new Map();
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const { Code, Timeout, Role } = Properties as { Code: { S3Key: string }; Timeout: number; Role: string };
    const role = template.Resources[/\$\{(\w+)\.Arn\}/.exec(Role)![1]!]!;
    functions.set(id, { key: Code.S3Key, timeout: Timeout, statements: statementsOf(role) });
  }
  return { functions, outputs: new Set(Object.keys(template.Outputs)) };
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
  ...['!If', '!Equals', '!Not', '!And', '!Or', '!Join', '!Select', '!Split'].map(sequence),
];
