import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { Tags } from './records.ts';

type Values = string | undefined | (string | undefined)[];

/** Whether a record passes one of EC2's filters: any of its values, in which `*` and `?` stand for any letters. */
export function matches<T>(
  { Name = '', Values = [] }: Filter,
  record: T,
  known: Record<string, (record: T) => Values>,
  tags: Tags,
): boolean {
  const patterns = Values.map(patternOf);
  return valuesOf(Name, record, known, tags).some(
    (value) => value !== undefined && patterns.some((pattern) => pattern.test(value)),
  );
}

function valuesOf<T>(
  name: string,
  record: T,
  known: Record<string, (record: T) => Values>,
  tags: Tags,
): (string | undefined)[] {
  if (name.startsWith('tag:')) return [tags[name.slice('tag:'.length)]];
  if (name === 'tag-key') return Object.keys(tags);
  if (name === 'tag-value') return Object.values(tags);
  const read = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!read) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return [read(record)].flat();
}

/** `\*` and `\?` mean the characters themselves. */
function patternOf(text: string): RegExp {
  const source = text.replace(/\\[*?\\]|[\s\S]/g, (part) => {
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    return (part.length === 2 ? part[1]! : part).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
