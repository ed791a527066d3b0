import { readFileSync } from 'node:fs';
import type { Rule } from './rule.ts';

/** What the schema file says of a value; the part of JSON Schema that it uses. */
interface Schema {
  $ref?: string;
  type?: 'string' | 'number' | 'integer' | 'boolean';
  const?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
}

interface RuleSchema {
  properties: Record<string, Schema>;
  required: string[];
}

interface File {
  properties: { rules: { items: { oneOf: { $ref: string }[] } } };
  $defs: Record<string, Schema & Partial<RuleSchema>>;
}

const file = JSON.parse(readFileSync(new URL('../../faults.schema.json', import.meta.url), 'utf8')) as File;

function resolve<S extends Schema>(schema: S): S {
  return schema.$ref === undefined ? schema : (file.$defs[schema.$ref.split('/').at(-1)!] as S);
}

const ruleSchemas = file.properties.rules.items.oneOf.map((one) => resolve(one as RuleSchema & Schema));

/** Checks what a faults file holds against its schema. Throws an Error that gives the path and what is right there. */
export function checkFaults(value: unknown): Rule[] {
  if (!isObject(value)) throw invalidRule('the file', 'takes an object with the member rules', value);
  for (const name of Object.keys(value)) {
    if (name !== 'rules' && name !== '$schema') throw unknownMember(name, ['rules', '$schema']);
  }
  const { rules } = value;
  if (!Array.isArray(rules)) throw invalidRule('rules', 'takes a list of rules', rules);
  for (const [index, rule] of rules.entries()) checkRule(`rules[${index}]`, rule);
  return rules as Rule[];
}

function checkRule(path: string, rule: unknown): void {
  if (!isObject(rule)) throw invalidRule(path, 'takes an object with the members on and fault', rule);
  const onSuch = choose(ruleSchemas, path, 'on', rule.on);
  const { properties, required } = choose(onSuch, path, 'fault', rule.fault)[0]!;
  for (const [name, value] of Object.entries(rule)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!schema) throw unknownMember(`${path}.${name}`, Object.keys(properties));
    checkValue(`${path}.${name}`, value, resolve(schema));
  }
  for (const name of required) {
    if (!(name in rule)) throw new Error(`${path}.${name} is missing: it ${takes(resolve(properties[name]!))}`);
  }
}

/** The schemas whose member of that name takes this value. */
function choose(among: RuleSchema[], path: string, name: string, value: unknown): RuleSchema[] {
  const fitting = among.filter(({ properties }) => accepted(properties[name]!).some((one) => one === value));
  if (fitting.length > 0) return fitting;
  const all = [...new Set(among.flatMap(({ properties }) => accepted(properties[name]!)))];
  throw invalidRule(`${path}.${name}`, takes({ enum: all }), value);
}

function checkValue(path: string, value: unknown, schema: Schema): void {
  const { type, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  const values = accepted(schema);
  const isRight =
    values.length > 0
      ? values.some((one) => one === value)
      : type === 'integer' || type === 'number'
        ? typeof value === 'number' && value >= minimum && value <= maximum && (type === 'number' || value % 1 === 0)
        : typeof value === type;
  if (!isRight) throw invalidRule(path, takes(schema), value);
}

/** The only values that a schema takes; none where it takes any of a type. */
function accepted({ const: only, enum: several = [] }: Schema): string[] {
  return only === undefined ? several : [only];
}

function takes(schema: Schema): string {
  const values = accepted(schema);
  if (values.length > 0) return `takes ${values.join(', ')}`;
  const { type, minimum, maximum } = schema;
  const what = { string: 'a text', boolean: 'true or false', number: 'a number', integer: 'a whole number' }[type!];
  const most = maximum === undefined ? '' : ` to ${maximum}`;
  return `takes ${what}${minimum === undefined ? '' : ` from ${minimum}${most}`}`;
}

function invalidRule(path: string, what: string, value: unknown): Error {
  return new Error(`${path} ${what}, not ${value === undefined ? 'nothing' : JSON.stringify(value)}`);
}

function unknownMember(path: string, known: string[]): Error {
  return new Error(`${path} is unknown. There are: ${known.join(', ')}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
