/** The JSON of a policy, as people write it. */
export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: StatementDocument | readonly StatementDocument[];
}

type OneOrMany = string | readonly string[];

export interface StatementDocument {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action?: OneOrMany;
  NotAction?: OneOrMany;
  Resource?: OneOrMany;
  NotResource?: OneOrMany;
  Principal?: '*' | Readonly<Record<string, OneOrMany>>;
  NotPrincipal?: '*' | Readonly<Record<string, OneOrMany>>;
  Condition?: Readonly<Record<string, Readonly<Record<string, ConditionValue | readonly ConditionValue[]>>>>;
}

export type ConditionValue = string | number | boolean;

/** A list that a request must match, or must not match. */
export interface Elements {
  not: boolean;
  values: string[];
}

/** Who a statement of a resource's policy is about: `AWS`, `Service` and so on, with their values. */
export interface PrincipalElement {
  not: boolean;
  values: [type: string, value: string][];
}

/** One condition: all of them must hold, each for one of its values. */
export interface Condition {
  operator: string;
  key: string;
  values: string[];
}

export interface Statement {
  effect: 'Allow' | 'Deny';
  actions?: Elements;
  resources?: Elements;
  principals?: PrincipalElement;
  conditions: Condition[];
}

/** A policy, read. */
export interface Policy {
  /** `${aws:username}` and its like are replaced only from version 2012-10-17 on. */
  variables: boolean;
  statements: Statement[];
}

/** What was read: every call asks for the policies of its principal. */
const read = new Map<string, Policy>();

/** Reads a policy that has passed `checkPolicy`, or that AWS wrote. Callers do not change it. */
export function readPolicy(policy: string | PolicyDocument): Policy {
  if (typeof policy !== 'string') return readDocument(policy);
  const known = read.get(policy) ?? readDocument(JSON.parse(policy) as PolicyDocument);
  read.set(policy, known);
  return known;
}

function readDocument(document: PolicyDocument): Policy {
  return {
    variables: document.Version === '2012-10-17',
    statements: [document.Statement].flat().map(readStatement),
  };
}

function readStatement(statement: StatementDocument): Statement {
  return {
    effect: statement.Effect,
    actions: elements(statement.Action, statement.NotAction),
    resources: elements(statement.Resource, statement.NotResource),
    principals: principals(statement.Principal, statement.NotPrincipal),
    conditions: Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values: [values].flat().map(String) })),
    ),
  };
}

function elements(is: OneOrMany | undefined, isNot: OneOrMany | undefined): Elements | undefined {
  if (is !== undefined) return { not: false, values: [is].flat() };
  return isNot === undefined ? undefined : { not: true, values: [isNot].flat() };
}

function principals(
  is: StatementDocument['Principal'],
  isNot: StatementDocument['NotPrincipal'],
): PrincipalElement | undefined {
  const element = is ?? isNot;
  if (element === undefined) return undefined;
  const entries = Object.entries(typeof element === 'string' ? { AWS: element } : element);
  const values = entries.flatMap(([type, value]) => [value].flat().map((one): [string, string] => [type, one]));
  return { not: is === undefined, values };
}
