import { findBoolean, findIntrinsic, isMap } from './intrinsics.ts';
import { splitAttribute } from './short-tags.ts';
import { subArgument, subParts } from './sub.ts';

/** A name that a value uses, which something else in the template must define. */
export interface Reference {
  kind: 'value' | 'attribute' | 'condition' | 'mapping';
  name: string;
  /** The function that names it. */
  from: string;
  path: string;
  /** Of kind `attribute`, when the template writes it as text. */
  attribute?: string;
  /** It stands within the name of an import. */
  imported?: true;
}

/** Which branches of each `Fn::If` to look into: both, those that the conditions choose, or none. */
export type Branches = 'all' | 'none' | ReadonlyMap<string, boolean>;

/** The resource and the attribute of a `Fn::GetAtt`; the attribute may be a function. */
export function attributeTarget(argument: unknown): { name: unknown; attribute: unknown } {
  const parts: unknown[] = Array.isArray(argument) ? argument : splitAttribute(String(argument));
  return { name: parts[0], attribute: parts[1] };
}

/** Every name that `value`, found at `path`, uses. The shapes of its functions are checked before. */
export function* references(value: unknown, path: string, branches: Branches): Generator<Reference> {
  const call = findIntrinsic(value);
  if (call) {
    yield* callReferences(call.name, call.argument, `${path}/${call.name}`, branches);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* references(item, `${path}/${index}`, branches);
  } else if (isMap(value)) {
    for (const [key, member] of Object.entries(value)) yield* references(member, `${path}/${key}`, branches);
  }
}

function* callReferences(name: string, argument: unknown, path: string, branches: Branches): Generator<Reference> {
  switch (name) {
    case 'Ref':
      yield { kind: 'value', name: String(argument), from: name, path };
      return;
    case 'Fn::GetAtt': {
      const target = attributeTarget(argument);
      const attribute = typeof target.attribute === 'string' ? target.attribute : undefined;
      yield { kind: 'attribute', name: String(target.name), attribute, from: name, path };
      if (attribute === undefined) yield* references(target.attribute, path, branches);
      return;
    }
    case 'Fn::Sub':
      yield* subReferences(argument, path, branches);
      return;
    case 'Fn::If': {
      const [condition, yes, no] = argument as unknown[];
      yield { kind: 'condition', name: String(condition), from: name, path };
      if (branches === 'none') return;
      const chosen = branches === 'all' ? undefined : branches.get(String(condition));
      if (chosen !== false) yield* references(yes, `${path}/1`, branches);
      if (chosen !== true) yield* references(no, `${path}/2`, branches);
      return;
    }
    case 'Fn::FindInMap': {
      const [mapping] = argument as unknown[];
      if (typeof mapping === 'string') yield { kind: 'mapping', name: mapping, from: name, path };
      yield* references(argument, path, branches);
      return;
    }
    case 'Fn::ImportValue':
      for (const reference of references(argument, path, branches)) yield { ...reference, imported: true };
      return;
    case 'Fn::ValueOf':
      yield { kind: 'value', name: String((argument as unknown[])[0]), from: name, path };
      return;
    case 'Fn::And':
    case 'Fn::Or':
    case 'Fn::Not':
      for (const [index, item] of (argument as unknown[]).entries()) {
        yield* conditionReferences(item, `${path}/${index}`, branches);
      }
      return;
    default:
      yield* references(argument, path, branches);
  }
}

/** The same where a boolean is expected, so that `{ Condition: name }` is a name too. */
export function* conditionReferences(value: unknown, path: string, branches: Branches): Generator<Reference> {
  const call = findBoolean(value);
  if (call?.name === 'Condition') yield { kind: 'condition', name: String(call.argument), from: 'Condition', path };
  else yield* references(value, path, branches);
}

function* subReferences(argument: unknown, path: string, branches: Branches): Generator<Reference> {
  const { text, variables } = subArgument(argument);
  for (const part of subParts(text)) {
    if (!('variable' in part) || Object.hasOwn(variables, part.variable)) continue;
    const [name, attribute] = splitAttribute(part.variable) as [string, string?];
    yield { kind: attribute === undefined ? 'value' : 'attribute', name, attribute, from: 'Fn::Sub', path };
  }
  yield* references(variables, `${path}/1`, branches);
}
