import { AwsError } from '../errors.ts';
import { isOperator } from './conditions.ts';

/** What a policy is for: the rights of an identity, who may assume a role, or who may use a resource. */
export type PolicyUse = 'identity' | 'trust' | 'resource';

type Element = Record<string, unknown>;

const statementMembers = new Set([
  ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource'],
  ...['Principal', 'NotPrincipal', 'Condition'],
]);

const notJson: Record<PolicyUse, string> = {
  identity: 'Syntax errors in policy.',
  trust: 'This policy contains invalid Json',
  resource: "Policies must be valid JSON and the first byte must be '{'",
};

/** Throws `MalformedPolicyDocument`, as IAM words it, unless the text is a policy. */
export function checkPolicy(text: string, use: PolicyUse): void {
  const policy = parse(text, use);
  if (!isObject(policy) || Object.keys(policy).some((key) => !['Version', 'Id', 'Statement'].includes(key))) {
    throw malformed('Syntax errors in policy.');
  }
  const { Version: version = '2008-10-17' } = policy;
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed(
      use === 'trust'
        ? 'The policy must contain a valid version string'
        : 'Policy document must be version 2012-10-17 or greater.',
    );
  }
  const statements = [policy.Statement].flat();
  if (statements.length === 0 || !statements.every(isObject)) throw malformed('Syntax errors in policy.');
  for (const statement of statements as Element[]) checkStatement(statement, use);
  const sids = (statements as Element[]).map(({ Sid }) => Sid).filter((sid) => sid !== undefined && sid !== '');
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
}

function parse(text: string, use: PolicyUse): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(notJson[use]);
  }
}

function checkStatement(statement: Element, use: PolicyUse): void {
  const { Effect: effect, Sid: sid = '' } = statement;
  const unknown = Object.keys(statement).some((key) => !statementMembers.has(key));
  const both = ['Action', 'Resource', 'Principal'].some((key) => key in statement && `Not${key}` in statement);
  if (unknown || both || (effect !== 'Allow' && effect !== 'Deny')) throw malformed('Syntax errors in policy.');
  // Only IAM is so strict: the default policy of a KMS key has a statement id with spaces.
  if (typeof sid !== 'string' || (use !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid))) {
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  const actions = strings(statement, 'Action') ?? strings(statement, 'NotAction');
  if (!actions?.length) throw malformed('Policy statement must contain actions.');
  actions.forEach(checkAction);
  if (use === 'identity') checkNoPrincipal(statement);
  else checkPrincipals(statement);
  if (use === 'trust') checkTrust(statement, actions);
  else checkResources(statement);
  checkConditions(statement.Condition);
}

function checkAction(action: string): void {
  if (action === '*') return;
  const [vendor = '', name, ...more] = action.split(':');
  if (name === undefined) {
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  if (more.length > 0) throw malformed('Actions/Condition can contain only one colon.');
  if (!/^[A-Za-z0-9-]+$/.test(vendor)) throw malformed(`Vendor ${vendor} is not valid`);
}

function checkTrust(statement: Element, actions: string[]): void {
  for (const field of ['Resource', 'NotResource']) {
    if (field in statement) throw malformed(`Has prohibited field ${field}`);
  }
  if (!actions.every((action) => /^(sts:.*|\*)$/i.test(action))) {
    throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
}

function checkNoPrincipal(statement: Element): void {
  if ('Principal' in statement || 'NotPrincipal' in statement) {
    throw malformed('Policy document should not specify a principal.');
  }
}

function checkPrincipals(statement: Element): void {
  const { Principal: principal = statement.NotPrincipal } = statement;
  if (principal === undefined) throw malformed('Missing required field Principal');
  if (principal === '*') return;
  if (!isObject(principal)) throw malformed('Syntax errors in policy.');
  for (const type of Object.keys(principal)) {
    const values = strings(principal, type);
    if (!['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(type) || !values?.length) {
      throw malformed('Syntax errors in policy.');
    }
    for (const value of values) checkPrincipal(type, value);
  }
}

function checkPrincipal(type: string, value: string): void {
  const patterns: Record<string, RegExp> = {
    AWS: /^(\*|\d{12}|A(RO|ID)A[A-Z0-9]+|arn:[^:]+:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/.+))$/,
    Service: /^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)$/,
  };
  if (patterns[type]?.test(value) === false) throw invalidPrincipal(type, value);
}

/** The error for a principal that is not well formed, or does not exist. */
export function invalidPrincipal(type: string, value: string): AwsError {
  return malformed(`Invalid principal in policy: "${type === 'Service' ? 'SERVICE' : type}":"${value}"`);
}

function checkResources(statement: Element): void {
  const resources = strings(statement, 'Resource') ?? strings(statement, 'NotResource');
  if (!resources?.length) throw malformed('Policy statement must contain resources.');
  for (const resource of resources) {
    if (resource !== '*' && !/^arn:[^:]*(:|\*)/.test(resource)) {
      throw malformed(`Resource ${resource} must be in ARN format or "*".`);
    }
  }
}

function checkConditions(conditions: unknown): void {
  if (conditions === undefined) return;
  if (!isObject(conditions)) throw malformed('Syntax errors in policy.');
  for (const [operator, keys] of Object.entries(conditions)) {
    if (!isOperator(operator)) throw malformed(`Condition operator ${operator} is invalid.`);
    if (!isObject(keys)) throw malformed('Syntax errors in policy.');
    for (const [key, value] of Object.entries(keys)) {
      if (!key.includes(':')) {
        throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
      }
      if (![value].flat().every((one) => ['string', 'number', 'boolean'].includes(typeof one))) {
        throw malformed('Syntax errors in policy.');
      }
    }
  }
}

function strings(element: Element, key: string): string[] | undefined {
  const value = element[key];
  if (value === undefined) return undefined;
  const values = [value].flat();
  if (!values.every((one) => typeof one === 'string')) throw malformed('Syntax errors in policy.');
  return values;
}

function isObject(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', message);
}
