import { type Context, valuesOf } from './context.ts';

/** What the variables of a pattern stand for; undefined where the policy's version knows no variables. */
export type Variables = Context | undefined;

/** Does the text match a pattern of `*` and `?`, letter for letter otherwise? */
export function matchesText(pattern: string, text: string, variables: Variables): boolean {
  if (!/[*?$]/.test(pattern)) return pattern === text;
  return expression(pattern, variables, false)?.test(text) ?? false;
}

/** Does the action match, whatever its case? */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesText(pattern.toLowerCase(), action.toLowerCase(), undefined);
}

/**
 * Does the ARN match, part by part? A pattern's wildcard stays within one of the first five parts, and parts left
 * out at its end match anything. `*` alone matches whatever there is; nothing else matches a call that is about no
 * resource, which is written `*` as well.
 */
export function matchesArn(pattern: string, arn: string, variables: Variables): boolean {
  if (pattern === '*' || pattern === arn) return true;
  if (arn === '*') return false;
  return expression(pattern, variables, true)?.test(arn) ?? false;
}

/** The text with its variables replaced; undefined if one of them stands for nothing. */
export function replaceVariables(text: string, variables: Variables): string | undefined {
  if (!variables) return text;
  let result = '';
  for (const part of partsOf(text)) {
    const value = isVariable(part) ? variableValue(part, variables) : part;
    if (value === undefined) return undefined;
    result += value;
  }
  return result;
}

/** Patterns without variables, made into expressions; those of ARNs apart. */
const texts = new Map<string, RegExp>();
const arns = new Map<string, RegExp>();

function expression(pattern: string, variables: Variables, arn: boolean): RegExp | undefined {
  if (variables && pattern.includes('${')) return makeExpression(pattern, variables, arn);
  const known = arn ? arns : texts;
  const made = known.get(pattern) ?? makeExpression(pattern, undefined, arn)!;
  known.set(pattern, made);
  return made;
}

function makeExpression(pattern: string, variables: Variables, arn: boolean): RegExp | undefined {
  let source = '';
  let colons = 0;
  for (const part of variables ? partsOf(pattern) : [pattern]) {
    const value = variables && isVariable(part) ? variableValue(part, variables) : undefined;
    if (variables && isVariable(part)) {
      if (value === undefined) return undefined;
      source += escapeRegExp(value);
      colons += value.split(':').length - 1;
      continue;
    }
    for (const character of part) {
      if (character === ':') colons += 1;
      const within = arn && colons < 5 ? '[^:]' : '.';
      if (character === '*') source += `${within}*`;
      else if (character === '?') source += within;
      else source += escapeRegExp(character);
    }
  }
  if (arn && colons < 5) source += `${':[^:]*'.repeat(4 - colons)}:.*`;
  return new RegExp(`^${source}$`, 's');
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function partsOf(text: string): string[] {
  return text.split(/(\$\{[^}]*\})/);
}

function isVariable(part: string): boolean {
  return part.startsWith('${') && part.endsWith('}');
}

/** `${*}`, `${?}` and `${$}` are the characters themselves; `${key, 'text'}` has a default. */
function variableValue(variable: string, context: Context): string | undefined {
  const [, name = '', fallback] = /^\$\{\s*([^,]*?)\s*(?:,\s*'(.*)'\s*)?\}$/s.exec(variable) ?? [];
  if (name === '*' || name === '?' || name === '$') return name;
  const values = valuesOf(context, name);
  return values?.length === 1 ? values[0] : fallback;
}
