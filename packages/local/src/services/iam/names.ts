import { invalidMember } from '../../iam/constraint.ts';

const namePattern = '[\\w+=,.@-]+';

/** Throws `ValidationError` unless the name has the form and the length that IAM asks of that member. */
export function checkName(member: string, name: string, longest: number): void {
  if (!new RegExp(`^${namePattern}$`).test(name)) {
    throw invalidMember(member, name, `Member must satisfy regular expression pattern: ${namePattern}`);
  }
  if (name.length > longest) {
    throw invalidMember(member, name, `Member must have length less than or equal to ${longest}`);
  }
}

/** Throws `ValidationError` unless the path begins and ends with a slash. */
export function checkPath(path: string): void {
  if (!/^(\/|\/[\x21-\x7e]+\/)$/.test(path)) {
    throw invalidMember(
      'path',
      path,
      String.raw`Member must satisfy regular expression pattern: (\u002F)|(\u002F[\u0021-\u007E]+\u002F)`,
    );
  }
  if (path.length > 512) throw invalidMember('path', path, 'Member must have length less than or equal to 512');
}
