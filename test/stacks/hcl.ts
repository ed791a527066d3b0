import { getExpressionAst, parse } from '@cdktf/hcl2json';

/** What names stand for in expressions: `{ var: { DomainId: 'd-…' } }`. */
export type Scope = Readonly<Record<string, unknown>>;

export type Arguments = Record<string, unknown>;

/** The blocks of a configuration by their labels. Each may occur several times. */
export interface Configuration {
  variable?: Record<string, Arguments[]>;
  locals?: Arguments[];
  module?: Record<string, Arguments[]>;
  resource?: Record<string, Record<string, Arguments[]>>;
  output?: Record<string, Arguments[]>;
}

/** A node of the syntax tree that HCL's own parser makes of an expression. */
interface Node {
  type: string;
  meta: Record<string, string> & { traversal: { segment: string }[] };
  children: Node[];
  range: { start: { byte: number }; end: { byte: number } };
}

/** Parses a file of HCL with HashiCorp's parser. Rejects with the line of what is wrong. */
export async function parseHcl(path: string, text: string): Promise<Configuration> {
  return (await parse(path, text)) as Configuration;
}

/** The value of an argument as `parseHcl` gives it, in which texts may contain expressions. */
export async function argumentValue(argument: unknown, scope: Scope): Promise<unknown> {
  if (Array.isArray(argument)) return Promise.all(argument.map((each) => argumentValue(each, scope)));
  if (typeof argument === 'object' && argument !== null) {
    const entries = Object.entries(argument).map(
      async ([name, each]) => [name, await argumentValue(each, scope)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }
  if (typeof argument !== 'string' || !/[$%]\{/.test(argument)) return argument;
  const [, whole] = /^\$\{([\s\S]*)\}$/.exec(argument) ?? [];
  const text = whole ?? JSON.stringify(argument);
  return evaluate((await getExpressionAst('expression', text)) as unknown as Node, Buffer.from(text), scope);
}

/** The functions of Terraform that the modules and pages call. */
const functions: Readonly<Record<string, (...values: never[]) => unknown>> = {
  contains: (items: unknown[], value: unknown) => items.includes(value),
  join: (separator: string, items: string[]) => items.join(separator),
  jsondecode: (text: string) => JSON.parse(text),
  // Terraform refuses a value that is unknown or that JSON has no form of.
  jsonencode: (value: unknown) => JSON.stringify(value),
  lookup: (values: Record<string, unknown>, name: string, otherwise: unknown) => values[name] ?? otherwise,
  tostring: (value: unknown) => (value === null ? null : String(value)),
};

function evaluate(node: Node, source: Buffer, scope: Scope): unknown {
  const { type, meta, children } = node;
  const value = (child: Node | undefined) => evaluate(child!, source, scope);
  switch (type) {
    case 'literalValue':
      return meta.type === 'string' ? meta.value : JSON.parse(meta.value!);
    case 'template': {
      const parts = children.map(value);
      return parts.length === 1 ? parts[0] : parts.join('');
    }
    case 'tuple':
      return children.map(value);
    case 'object':
      return Object.fromEntries(
        children.flatMap((key, index) =>
          index % 2 === 0 ? [[textOf(key, source), value(children[index + 1])] as const] : [],
        ),
      );
    case 'conditional':
      return value(children[0]) ? value(children[1]) : value(children[2]);
    case 'binaryOp': {
      const isEqual = value(children[0]) === value(children[1]);
      if (meta.operator === 'equal') return isEqual;
      if (meta.operator === 'notEqual') return !isEqual;
      break;
    }
    case 'function': {
      const call = functions[meta.name!] as ((...values: unknown[]) => unknown) | undefined;
      if (!call) throw new Error(`Evaluating ${source}: this test does not know the function ${meta.name}`);
      return call(...children.map(value));
    }
    case 'scopeTraversal':
      return follow(scope, meta.traversal, source);
    case 'relativeTraversal':
      return follow(value(children[0]), meta.traversal, source);
    case 'for':
      return forObject(node, source, scope);
  }
  throw new Error(`Evaluating ${source}: this test does not know ${type} ${meta.operator ?? ''}`);
}

/** `{ for name, value in object : name => value if condition }`. */
function forObject({ meta, children }: Node, source: Buffer, scope: Scope): Record<string, unknown> {
  const [collection, key, value, condition] = children;
  const entries = Object.entries(evaluate(collection!, source, scope) as object).flatMap(([name, each]) => {
    const inner = { ...scope, [meta.keyVar!]: name, [meta.valVar!]: each };
    if (condition && !evaluate(condition, source, inner)) return [];
    return [[String(evaluate(key!, source, inner)), evaluate(value!, source, inner)] as const];
  });
  return Object.fromEntries(entries);
}

function follow(from: unknown, traversal: readonly { segment: string }[], source: Buffer): unknown {
  return traversal.reduce((value, { segment }) => {
    const name = segment.replaceAll('"', '');
    if (!Object.hasOwn(Object(value), name)) throw new Error(`Evaluating ${source}: there is no ${name}`);
    return (value as Record<string, unknown>)[name];
  }, from);
}

/** A member's name, which may be in quotes. */
function textOf({ range }: Node, source: Buffer): string {
  return source.subarray(range.start.byte, range.end.byte).toString().replaceAll('"', '');
}
