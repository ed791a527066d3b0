import { findIntrinsic, isMap } from '../../packages/local/src/cloudformation/template/intrinsics.ts';
import type { ParameterDeclaration } from '../../packages/local/src/cloudformation/template/template.ts';
import type { TemplateFile } from '../templates/files.ts';
import { leastFilledLength, leastItemLength, mostLength, readPattern } from './allowed-pattern.ts';

/** Where a stack may be. The longest partition does not have the longest names of Regions. */
export interface Place {
  partition: string;
  region: string;
}

/** What CloudFormation takes for one parameter, in bytes. */
const longestParameter = 4096;

/** The lengths of AWS's own ids, by what a parameter's type says: the shortest, in a list, and the longest. */
const ids: Record<string, [least: number, most: number]> = {
  'AWS::EC2::SecurityGroup::Id': [11, 20],
  'AWS::EC2::Subnet::Id': [15, 24],
  'AWS::EC2::VPC::Id': [12, 21],
  'AWS::EC2::AvailabilityZone::Name': [9, 20],
};

/** The longest names that the services allow, and CloudFormation generates. */
const names: Record<string, number> = { 'AWS::IAM::Role': 64, 'AWS::Lambda::Function': 64, 'AWS::S3::Bucket': 63 };
const longestName = 128;

const absent = Symbol('AWS::NoValue');

/**
 * What a value of a template may come to at most, in JSON: each parameter at its longest, of each condition the branch
 * that is longer, and names as long as they may be.
 */
export function longest(value: unknown, file: TemplateFile, place: Place): unknown {
  const found = render(value, file, place);
  return found === absent ? undefined : found;
}

function render(value: unknown, file: TemplateFile, place: Place): unknown {
  if (Array.isArray(value)) return value.map((item) => render(item, file, place)).filter((item) => item !== absent);
  if (!isMap(value)) return value;
  const intrinsic = findIntrinsic(value);
  if (intrinsic) return call(intrinsic.name, intrinsic.argument, file, place);
  const entries = Object.entries(value).map(([key, member]) => [key, render(member, file, place)] as const);
  return Object.fromEntries(entries.filter(([, member]) => member !== absent));
}

function call(name: string, argument: unknown, file: TemplateFile, place: Place): unknown {
  const list = Array.isArray(argument) ? argument : [];
  const rendered = (item: unknown) => render(item, file, place);
  switch (name) {
    case 'Ref':
      return reference(String(argument), file, place);
    case 'Fn::If':
      return list.slice(1).map(rendered).sort(byLength).at(-1);
    case 'Fn::Sub': {
      const [text, own = {}] = typeof argument === 'string' ? [argument] : (list as [string, Record<string, unknown>]);
      return substitute(text, own, file, place);
    }
    case 'Fn::Join':
      return [rendered(list[1])].flat().map(String).join(String(list[0]));
    case 'Fn::Split':
      return String(rendered(list[1])).split(String(list[0]));
    case 'Fn::Select':
      return [rendered(list[1])].flat().sort(byLength).at(-1);
    case 'Fn::GetAtt':
      return attribute([argument].flat().join('.'), file, place);
    case 'Fn::FindInMap':
      return leaves(file.template.mappings).sort(byLength).at(-1) ?? '';
    default:
      return 'x'.repeat(longestName);
  }
}

function substitute(text: string, own: Record<string, unknown>, file: TemplateFile, place: Place): string {
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(own, name)) return String(render(own[name], file, place));
    return String(name.includes('.') ? attribute(name, file, place) : reference(name, file, place));
  });
}

function reference(name: string, file: TemplateFile, place: Place): unknown {
  const { partition, region } = place;
  const pseudo: Record<string, unknown> = {
    'AWS::NoValue': absent,
    'AWS::AccountId': '0'.repeat(12),
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::URLSuffix': 'amazonaws.com.cn',
    'AWS::StackName': 'x'.repeat(longestName),
    'AWS::StackId': `arn:${partition}:cloudformation:${region}:${'0'.repeat(12)}:stack/${'x'.repeat(165)}`,
  };
  if (Object.hasOwn(pseudo, name)) return pseudo[name];
  const parameter = file.template.parameters.get(name);
  if (parameter) return longestParameterValue(parameter);
  const resource = file.template.resources.get(name);
  if (resource?.type === 'AWS::IAM::ManagedPolicy')
    return `arn:${partition}:iam::${'0'.repeat(12)}:policy/${'x'.repeat(639)}`;
  return nameOf(name, file, place);
}

/** An ARN for an attribute that is one; text for another. */
function attribute(path: string, file: TemplateFile, place: Place): string {
  const [id = ''] = path.split('.');
  const name = nameOf(id, file, place);
  const { type = '', properties = {} } = file.template.resources.get(id) ?? {};
  if (!/Arn$/.test(path)) return name;
  const { partition, region } = place;
  const account = '0'.repeat(12);
  if (type === 'AWS::S3::Bucket') return `arn:${partition}:s3:::${name}`;
  if (type === 'AWS::IAM::Role') {
    return `arn:${partition}:iam::${account}:role${String(render(properties.Path ?? '/', file, place))}${name}`;
  }
  const kind = type.split('::').at(-1)!.toLowerCase();
  return `arn:${partition}:${type.split('::')[1]?.toLowerCase()}:${region}:${account}:${kind}:${name}`;
}

/** The name that the template gives a resource, or one as long as CloudFormation may generate. */
function nameOf(id: string, file: TemplateFile, place: Place): string {
  const { type = '', properties = {} } = file.template.resources.get(id) ?? {};
  const kind = type.split('::').at(-1)!;
  const given = render(properties[`${kind}Name`] ?? properties.Name ?? absent, file, place);
  return typeof given === 'string' ? given : 'x'.repeat(names[type] ?? longestName);
}

/** In a list, as many of the shortest items as there may be: each has its quotes. */
function longestParameterValue(parameter: ParameterDeclaration): unknown {
  const { type, allowedPattern, allowedValues } = parameter;
  const item = type.replace(/^List<|>$/g, '');
  const [least, most] = ids[item] ?? [];
  const pattern = allowedPattern === undefined ? undefined : readPattern(allowedPattern);
  if (type === 'CommaDelimitedList' || type.startsWith('List<')) {
    const length = least ?? (pattern ? leastFilledLength(pattern) : 1);
    return Array(Math.floor((longestParameter + 1) / (length + 1))).fill('x'.repeat(length));
  }
  if (allowedValues) return [...allowedValues].sort(byLength).at(-1);
  const limit = Math.min(
    parameter.maxLength ?? Number.POSITIVE_INFINITY,
    most ?? Number.POSITIVE_INFINITY,
    pattern ? mostLength(pattern) : Number.POSITIVE_INFINITY,
    longestParameter,
  );
  const itemLength = pattern && leastItemLength(pattern);
  if (!itemLength) return 'x'.repeat(limit);
  const items = Math.ceil(limit / itemLength);
  return Array(items)
    .fill('x'.repeat(itemLength - 1))
    .join();
}

function byLength(a: unknown, b: unknown): number {
  return lengthOf(a) - lengthOf(b);
}

function lengthOf(value: unknown): number {
  return value === absent ? -1 : (JSON.stringify(value) ?? '').length;
}

function leaves(value: unknown): unknown[] {
  if (isMap(value)) return Object.values(value).flatMap(leaves);
  return [value];
}
