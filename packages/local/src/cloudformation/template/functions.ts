import { AwsError } from '../../errors.ts';
import { cidrBlocks } from './cidr.ts';
import { SHAPES } from './shapes.ts';

/** The functions whose result depends on nothing but their argument, which is evaluated before. */
export const PURE_FUNCTIONS = new Map<string, (argument: unknown) => unknown>([
  ['Fn::Base64', (value) => Buffer.from(text('Fn::Base64', value)).toString('base64')],
  ['Fn::Join', join],
  ['Fn::Split', split],
  ['Fn::Select', select],
  ['Fn::Cidr', cidr],
  ['Fn::Length', (value) => list('Fn::Length', value).length],
  ['Fn::ToJsonString', (value) => JSON.stringify(value)],
]);

/** The error of a call whose argument turns out to be wrong only once it is evaluated. */
export function wrongArgument(name: string): AwsError {
  return new AwsError('ValidationError', SHAPES.get(name)?.text ?? `Template error: ${name} has a wrong argument`);
}

/** A scalar as text. */
export function text(name: string, value: unknown): string {
  if (value === undefined || value === null || typeof value === 'object') throw wrongArgument(name);
  return String(value);
}

export function list(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw wrongArgument(name);
  return value;
}

function join(argument: unknown): string {
  const [delimiter, items] = list('Fn::Join', argument);
  return list('Fn::Join', items)
    .map((item) => text('Fn::Join', item))
    .join(text('Fn::Join', delimiter));
}

function split(argument: unknown): string[] {
  const [delimiter, source] = list('Fn::Split', argument);
  return text('Fn::Split', source).split(text('Fn::Split', delimiter));
}

function select(argument: unknown): unknown {
  const [index, items] = list('Fn::Select', argument);
  const position = text('Fn::Select', index);
  if (!/^\d+$/.test(position)) throw wrongArgument('Fn::Select');
  const item = list('Fn::Select', items)[Number(position)];
  if (item === undefined) {
    throw new AwsError(
      'ValidationError',
      `Template error: Fn::Select cannot select nonexistent value at index ${position}`,
    );
  }
  return item;
}

function cidr(argument: unknown): string[] {
  const [block, count, bits] = list('Fn::Cidr', argument);
  const numeric = (value: unknown) => Number(text('Fn::Cidr', value));
  return cidrBlocks(text('Fn::Cidr', block), numeric(count), bits === undefined ? undefined : numeric(bits));
}
