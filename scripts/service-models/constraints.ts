import { javaPattern } from '../../packages/local/src/protocols/java-pattern.ts';
import type { ServiceModel, Shape } from '../../packages/local/src/protocols/service-model.ts';

interface Reference {
  shape: string;
}

/** Of a shape in a `service-2.json`, what is read here. */
export interface ModelShape {
  type: string;
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  sensitive?: boolean;
  members?: Record<string, Reference>;
  member?: Reference;
  key?: Reference;
  value?: Reference;
}

/** AWS's model of a service, as the `aws` command line carries it. */
export interface AwsModel {
  operations: Record<string, { input?: Reference }>;
  shapes: Record<string, ModelShape>;
}

/**
 * What the local cloud keeps of a service's model: the constraints on the input of these operations. `documented` are
 * values that enums have besides, by shape.
 */
export function serviceModelOf(
  model: AwsModel,
  operations: Iterable<string>,
  documented: Readonly<Record<string, readonly string[]>> = {},
): ServiceModel {
  const constrained = constrainedShapes(model.shapes);
  const reached = new Set<string>();
  const reach = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const one of references(model.shapes[name]!)) if (constrained.has(one)) reach(one);
  };
  const inputs: [string, string][] = [];
  for (const operation of [...operations].sort()) {
    const input = model.operations[operation]?.input?.shape;
    if (input === undefined || !constrained.has(input)) continue;
    inputs.push([operation, input]);
    reach(input);
  }
  const shapes = [...reached].sort().map((name) => {
    const shape = shapeOf(model.shapes[name]!, constrained);
    return [name, shape.enum ? { ...shape, enum: [...shape.enum, ...(documented[name] ?? [])] } : shape] as const;
  });
  const patterns = new Set(shapes.flatMap(([, { pattern }]) => (pattern === undefined ? [] : [pattern])));
  return {
    operations: Object.fromEntries(inputs),
    unconverted: [...patterns].filter((one) => !isConvertible(one)),
    shapes: Object.fromEntries(shapes),
  };
}

/** A line for each operation and each shape, so that differences are read easily. */
export function serviceModelText({ operations, unconverted, shapes }: ServiceModel): string {
  const lines = (entries: object) => {
    const each = Object.entries(entries).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
    return `{\n${each.join(',\n')}\n}`;
  };
  return `{"operations":${lines(operations)},\n"unconverted":${JSON.stringify(unconverted)},\n"shapes":${lines(shapes)}}\n`;
}

/** The shapes with a constraint of their own, or in something that they consist of. */
function constrainedShapes(shapes: AwsModel['shapes']): Set<string> {
  const found = new Set(Object.keys(shapes).filter((name) => isConstrained(shapes[name]!)));
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const [name, shape] of Object.entries(shapes))
      if (references(shape).some((one) => found.has(one))) found.add(name);
  }
  return found;
}

function isConstrained(shape: ModelShape): boolean {
  const { min, max, pattern, enum: values, number } = ownConstraints(shape);
  // Nothing has a negative length.
  const isBound = number !== undefined || (min ?? 0) > 0;
  return isBound || [max, pattern, values].some((one) => one !== undefined);
}

function references({ members = {}, member, key, value }: ModelShape): string[] {
  return [...Object.values(members), member, key, value].flatMap((one) => (one ? [one.shape] : []));
}

const numbers: Record<string, Shape['number']> = {
  integer: 'integer',
  long: 'integer',
  float: 'float',
  double: 'float',
};

function ownConstraints({ type, min, max, pattern, enum: values }: ModelShape): Shape {
  const number = numbers[type];
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(pattern !== undefined && { pattern }),
    ...(values !== undefined && { enum: values }),
    ...(number && (min ?? max) !== undefined && { number }),
  };
}

function shapeOf(shape: ModelShape, constrained: ReadonlySet<string>): Shape {
  const members = Object.entries(shape.members ?? {}).filter(([, one]) => constrained.has(one.shape));
  const named = (one: Reference | undefined) => (one && constrained.has(one.shape) ? one.shape : undefined);
  const [item, key, value] = [shape.member, shape.key, shape.value].map(named);
  return {
    ...ownConstraints(shape),
    ...(shape.sensitive && { sensitive: true as const }),
    ...(members.length > 0 && { members: Object.fromEntries(members.map(([name, one]) => [name, one.shape])) }),
    ...(item && { item }),
    ...(key && { key }),
    ...(value && { value }),
  };
}

function isConvertible(pattern: string): boolean {
  try {
    javaPattern(pattern);
    return true;
  } catch {
    return false;
  }
}
