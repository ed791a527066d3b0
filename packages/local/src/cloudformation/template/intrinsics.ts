/** A map with string keys, and not a list. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface Intrinsic {
  /** `Ref`, `Fn::Sub`, …; `Condition` only where a boolean is expected. */
  name: string;
  argument: unknown;
}

/** The function call that a value is: a map whose only member is `Ref` or starts with `Fn::`. */
export function findIntrinsic(value: unknown): Intrinsic | undefined {
  if (!isMap(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return undefined;
  return name === 'Ref' || /^fn::/i.test(name) ? { name, argument: value[name] } : undefined;
}

/** The same where a boolean is expected: `{ Condition: name }` counts as well. */
export function findBoolean(value: unknown): Intrinsic | undefined {
  if (isMap(value) && Object.keys(value).length === 1 && 'Condition' in value) {
    return { name: 'Condition', argument: value.Condition };
  }
  return findIntrinsic(value);
}

export const BOOLEAN_FUNCTIONS = ['Fn::And', 'Fn::Equals', 'Fn::Not', 'Fn::Or'];

export const RULE_FUNCTIONS = [
  ...['Fn::Contains', 'Fn::EachMemberEquals', 'Fn::EachMemberIn', 'Fn::RefAll', 'Fn::ValueOf', 'Fn::ValueOfAll'],
];

/** In the order in which CloudFormation lists them when it meets one that it does not know. */
export const SUPPORTED_FUNCTIONS = [
  ...['Fn::Base64', 'Fn::GetAtt', 'Fn::GetAZs', 'Fn::ImportValue', 'Fn::Join', 'Fn::Split', 'Fn::FindInMap'],
  ...['Fn::Select', 'Ref', 'Fn::Equals', 'Fn::If', 'Fn::Not', 'Condition', 'Fn::And', 'Fn::Or', ...RULE_FUNCTIONS],
  ...['Fn::Sub', 'Fn::Cidr'],
];

/** What the transform `AWS::LanguageExtensions` adds. */
export const LANGUAGE_EXTENSIONS = ['Fn::Length', 'Fn::ToJsonString'];

export const PSEUDO_PARAMETERS = new Set([
  ...['AWS::AccountId', 'AWS::NoValue', 'AWS::NotificationARNs', 'AWS::Partition', 'AWS::Region', 'AWS::StackId'],
  ...['AWS::StackName', 'AWS::URLSuffix'],
]);
