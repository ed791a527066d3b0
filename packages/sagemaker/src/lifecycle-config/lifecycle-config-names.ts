import { createHash } from 'node:crypto';
import type { Context } from '@studio-resources/core';
import { isStudioName } from '../user-profile/user-profile.ts';

/** What makes a lifecycle configuration what it is: none of it can be changed. */
export interface LifecycleScript {
  Name: string;
  AppType: string;
  Content: string;
}

type Owner = Pick<Context, 'stackId' | 'logicalResourceId'>;

/** The most characters of base64 that SageMaker takes. */
const longest = 16_384;

const endings = /-[0-9a-f]{8}-[0-9a-f]{8}$/;

/** The longest `Name`: SageMaker's own 63 characters, less the two hashes. */
const longestName = 63 - '-12345678-12345678'.length;

/**
 * The name in SageMaker. It carries a hash of the script, as another script takes another name, and one of the resource
 * that it belongs to: so two stacks never meet, and its other versions can be listed.
 */
export function lifecycleConfigName({ Name, AppType, Content }: LifecycleScript, owner: Owner): string {
  return `${Name}${ownerMark(owner)}${hash(AppType, Content)}`;
}

/** What the names of one resource's lifecycle configurations have in common, and no other's have. */
export function ownerMark({ stackId, logicalResourceId }: Owner): string {
  return `-${hash(stackId, logicalResourceId)}-`;
}

export function isLifecycleConfigName(name: string): boolean {
  return endings.test(name) && isStudioName(name);
}

/** What is wrong with a name; undefined where nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name.length <= longestName && isStudioName(name)) return undefined;
  return `expected 1 to ${longestName} letters, digits and hyphens, beginning and ending with a letter or a digit; got ${name.length} characters`;
}

/** The script as Linux takes it: with the ends of lines that it knows, and no mark of the byte order. */
export function normalised(content: string): string {
  return content.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
}

/** What is wrong with a script, normalised; undefined where nothing is. */
export function contentProblem(content: string): string | undefined {
  if (content.trim() === '') return 'expected a script, got nothing';
  const { length } = encoded(content);
  if (length <= longest) return undefined;
  const bytes = Buffer.byteLength(content);
  return (
    `has ${bytes} bytes, which are ${length} characters in base64, ${length - longest} more than the ${longest} that ` +
    `SageMaker takes; it can have ${(longest / 4) * 3} bytes. Let it download the rest from S3`
  );
}

export function encoded(content: string): string {
  return Buffer.from(content).toString('base64');
}

function hash(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 8);
}
