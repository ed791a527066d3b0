import { findIntrinsic, isMap } from '../../packages/local/src/cloudformation/template/intrinsics.ts';
import { subArgument, subParts } from '../../packages/local/src/cloudformation/template/sub.ts';
import type { ParameterDeclaration, Template } from '../../packages/local/src/cloudformation/template/template.ts';

/** The keys of a condition that tell whose a bucket is: AWS's global one, and S3's own. */
const accountKeys = ['aws:resourceaccount', 's3:resourceaccount'];

/**
 * The names with wildcards that a statement's resources have for buckets, also by a parameter that takes them. Another
 * account can own a bucket of such a name, unless the statement limits the account.
 */
export function wildcardBucketsOf(statement: Record<string, unknown>, template: Template): string[] {
  if (isOfOwnAccount(statement.Condition)) return [];
  const arns = [statement.Resource ?? '*'].flat().flatMap((each) => textsOf(each, template));
  const names = arns.map((arn) => (arn === '*' ? '*' : (/^arn:[^:]*:s3:[^:]*:[^:]*:([^/]*)/.exec(arn)?.[1] ?? '')));
  return [...new Set(names)].filter((name) => /[*?]/.test(name));
}

function isOfOwnAccount(condition: unknown): boolean {
  const equal = isMap(condition) && isMap(condition.StringEquals) ? Object.entries(condition.StringEquals) : [];
  return equal.some(([key, value]) => {
    const account = findIntrinsic(value)?.name === 'Ref' ? findIntrinsic(value)!.argument : value;
    const isOwn = account === 'AWS::AccountId' || account === '${aws:PrincipalAccount}';
    return accountKeys.includes(key.toLowerCase()) && isOwn;
  });
}

/** What a value can be as a text, where `*` stands for a parameter that takes wildcards, and nothing for what has none. */
function textsOf(value: unknown, template: Template): string[] {
  const call = findIntrinsic(value);
  if (!call) return [String(value)];
  const { name, argument } = call;
  if (name === 'Fn::If') return (argument as unknown[]).slice(1).flatMap((each) => textsOf(each, template));
  if (name === 'Fn::Sub') {
    const { text, variables } = subArgument(argument);
    const parts = subParts(text).map((part) => {
      if ('text' in part) return part.text;
      return part.variable in variables
        ? textOf(variables[part.variable], template)
        : ofParameter(part.variable, template);
    });
    return [parts.join('')];
  }
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown];
    return [
      [parts]
        .flat()
        .map((each) => textOf(each, template))
        .join(separator),
    ];
  }
  return [textOf(value, template)];
}

/** Of a value that is a part of another. */
function textOf(value: unknown, template: Template): string {
  const call = findIntrinsic(value);
  if (call?.name === 'Ref') return ofParameter(String(call.argument), template);
  if (call?.name === 'Fn::GetAtt') return '';
  if (call?.name === 'Fn::Sub' || call?.name === 'Fn::Join') return textsOf(value, template).join('');
  if (Array.isArray(value)) return value.map((each) => textOf(each, template)).join('');
  if (isMap(value)) return textOf(Object.values(value), template);
  return String(value);
}

function ofParameter(name: string, { parameters }: Template): string {
  const parameter = parameters.get(name);
  return parameter && takesWildcards(parameter) ? '*' : '';
}

/** Whether the parameter's values may contain `*` or `?`. */
function takesWildcards({ type, allowedPattern, allowedValues }: ParameterDeclaration): boolean {
  if (allowedValues) return allowedValues.some((value) => /[*?]/.test(String(value)));
  if (!/^(String|CommaDelimitedList)$/.test(type)) return false;
  if (allowedPattern === undefined) return true;
  const classes = /\[(\^?)((?:\\.|[^\]\\])*)\]/g;
  const inClass = [...allowedPattern.matchAll(classes)].some(([, not, members = '']) => {
    return /[*?]|\\[SWD]/.test(members) !== (not === '^');
  });
  return inClass || /\\[SWD*?]|(?<!\\)\./.test(allowedPattern.replace(classes, ''));
}
