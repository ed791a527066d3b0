import { advice } from './advice.ts';

/** What to do about what the service says of a value. Without a text, the service says it itself. */
const cures: readonly [RegExp, string][] = [
  [/please ensure/i, ''],
  [/\b(does|do) not belong\b/i, ': give those that belong together'],
  [/\b(does|do) not exist\b|\bnot found\b|\b(cannot|unable to) find\b/i, ': give one of this account and Region'],
];

/**
 * The message of a service about a value that does not exist, or does not fit, with the member that has the value, by its
 * path: SageMaker names the VPC, and not the property. The same message where `input` has no such value.
 */
export function withMember(message: string, input: unknown): string {
  const cure = cures.find(([problem]) => problem.test(message))?.[1];
  if (cure === undefined) return message;
  const quoted = membersIn(message, input).filter((path) => !message.includes(path));
  // What is in a domain is named with its domain.
  const others = quoted.filter((path) => path !== 'DomainId');
  const members = others.length > 0 ? others : quoted;
  if (members.length === 0) return message;
  const says = members.length === 1 ? 'has it' : 'have them';
  return `${message.replace(/\.$/, '')}; ${members.join(' and ')} ${says}${cure}`;
}

/** The paths of the texts in `input` that the message has as whole words, in the order of `input`. */
function membersIn(message: string, input: unknown, path = ''): string[] {
  if (typeof input === 'string') {
    const at = message.indexOf(input);
    if (input.length < 2 || at < 0) return [];
    const around = `${message[at - 1] ?? ' '}${message[at + input.length] ?? ' '}`;
    return /[\w-]/.test(around) ? [] : [path];
  }
  if (Array.isArray(input)) return input.flatMap((each, index) => membersIn(message, each, `${path}[${index}]`));
  if (typeof input !== 'object' || input === null) return [];
  return Object.entries(input).flatMap(([key, each]) => membersIn(message, each, path === '' ? key : `${path}.${key}`));
}

/** Names the member in the errors of calls. */
export const memberAdvice = advice('memberAdvice', withMember);
