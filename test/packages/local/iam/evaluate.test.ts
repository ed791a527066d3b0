import fc from 'fast-check';
import { evaluate, evaluateResourcePolicy } from '../../../../packages/local/src/iam/evaluate.ts';
import { matchesArn, matchesText } from '../../../../packages/local/src/iam/match.ts';
import {
  type Policy,
  type PolicyDocument,
  readPolicy,
  type StatementDocument,
} from '../../../../packages/local/src/iam/policy.ts';

const domain = 'arn:aws:sagemaker:eu-west-1:111122223333:domain/d-1';

const actions = fc.constantFrom('sagemaker:CreateDomain', 'sagemaker:DeleteDomain', 'iam:PassRole', 's3:GetObject');
const actionPatterns = fc.constantFrom('*', 'sagemaker:*', 'SageMaker:*Domain', 'iam:PassRole', 's3:Get?bject');
const resources = fc.constantFrom('*', domain, 'arn:aws:s3:::data/a/b', 'arn:aws:iam::111122223333:role/Handler');
const resourcePatterns = fc.constantFrom('*', 'arn:aws:sagemaker:*:*:domain/*', 'arn:aws:s3:::data/*', 'arn:aws:iam');
const conditions = fc.constantFrom<StatementDocument['Condition']>(
  undefined,
  { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
  { StringNotLike: { 'aws:PrincipalTag/team': 'a*' } },
  { Null: { 'aws:PrincipalTag/team': 'true' } },
);
const statementOf = (effects: fc.Arbitrary<'Allow' | 'Deny'>): fc.Arbitrary<StatementDocument> =>
  fc
    .record({
      Effect: effects,
      action: fc.tuple(
        fc.constantFrom('Action', 'NotAction'),
        fc.array(actionPatterns, { minLength: 1, maxLength: 3 }),
      ),
      resource: fc.tuple(
        fc.constantFrom('Resource', 'NotResource'),
        fc.array(resourcePatterns, { minLength: 1, maxLength: 3 }),
      ),
      Condition: conditions,
    })
    .map(({ action, resource, ...rest }) => ({ ...rest, [action[0]]: action[1], [resource[0]]: resource[1] }));

const effect = fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Deny');
const policyOf = (effects: fc.Arbitrary<'Allow' | 'Deny'>): fc.Arbitrary<Policy> =>
  fc.array(statementOf(effects), { maxLength: 4 }).map((Statement) => readPolicy({ Version: '2012-10-17', Statement }));
const policies = fc.array(policyOf(effect), { maxLength: 4 });
const requests = fc.record({
  action: actions,
  resource: resources,
  context: fc.constantFrom<Record<string, string>>(
    {},
    { 'aws:RequestedRegion': 'eu-west-1' },
    { 'aws:PrincipalTag/team': 'alpha' },
  ),
});

describe('any policies', () => {
  test('have the same result in any order', () => {
    fc.assert(
      fc.property(policies, requests, fc.nat(), (all, request, turn) => {
        const moved = [...all.slice(turn % (all.length || 1)), ...all.slice(0, turn % (all.length || 1))].reverse();
        expect(evaluate(moved, request)).toBe(evaluate(all, request));
      }),
    );
  });

  test('have the same result as one policy with all their statements', () => {
    fc.assert(
      fc.property(policies, requests, (all, request) => {
        const one = { variables: true, statements: all.flatMap(({ statements }) => statements) };
        expect(evaluate([one], request)).toBe(evaluate(all, request));
      }),
    );
  });

  test('deny if one of them has a matching deny', () => {
    fc.assert(
      fc.property(policies, requests, (all, request) => {
        const deny = readPolicy({ Statement: { Effect: 'Deny', Action: request.action, Resource: '*' } });
        expect(evaluate([...all, deny], request)).toBe('explicit deny');
      }),
    );
  });

  test('never allow less with one more allow, and never more with one more deny', () => {
    const rank = { 'explicit deny': 0, 'implicit deny': 1, allow: 2 };
    fc.assert(
      fc.property(
        policies,
        policyOf(fc.constant('Allow')),
        policyOf(fc.constant('Deny')),
        requests,
        (all, allow, deny, request) => {
          const before = rank[evaluate(all, request)];
          expect(rank[evaluate([...all, allow], request)]).toBeGreaterThanOrEqual(before);
          expect(rank[evaluate([...all, deny], request)]).toBeLessThanOrEqual(before);
        },
      ),
    );
  });

  test('allow nothing when none of them allows anything', () => {
    fc.assert(
      fc.property(fc.array(policyOf(fc.constant('Deny'))), requests, (all, request) => {
        expect(evaluate(all, request)).not.toBe('allow');
      }),
    );
  });
});

test('Action and NotAction, and Resource and NotResource, are opposites', () => {
  fc.assert(
    fc.property(actionPatterns, resourcePatterns, requests, (action, resource, request) => {
      const decide = (statement: Omit<StatementDocument, 'Effect'>) =>
        evaluate([readPolicy({ Statement: { Effect: 'Allow', ...statement } })], request);
      expect(decide({ Action: action, Resource: '*' })).not.toBe(decide({ NotAction: action, Resource: '*' }));
      expect(decide({ Action: '*', Resource: resource })).not.toBe(decide({ Action: '*', NotResource: resource }));
    }),
  );
});

describe('patterns', () => {
  test('a pattern without wildcards matches only itself', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(!/[*?]/.test(a));
        expect(matchesText(a, b, undefined)).toBe(a === b);
      }),
    );
  });

  test('an asterisk matches any text, a question mark one character', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (start, middle, end) => {
        fc.pre(!/[*?$]/.test(start + end));
        expect(matchesText(`${start}*${end}`, start + middle + end, undefined)).toBe(true);
        expect(matchesText(`${start}?${end}`, `${start}x${end}`, undefined)).toBe(true);
        expect(matchesText(`${start}?${end}`, start + end, undefined)).toBe(false);
      }),
    );
  });

  test.each([
    ['arn:aws:sagemaker:*:*:domain/*', domain, true],
    ['arn:aws:sagemaker', domain, true],
    ['arn:aws:sagemaker:eu-west-1', domain, true],
    ['arn:aws:s3', domain, false],
    ['arn:*', domain, true],
    ['arn:aws:*:domain/*', domain, false],
    [
      'arn:aws:logs:*:*:log-group:/aws/lambda/*:*',
      'arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f:log-stream:',
      true,
    ],
    ['arn:aws:s3:::data/*', 'arn:aws:s3:::data/a/b:c', true],
    ['arn:aws:s3:::data/?', 'arn:aws:s3:::data/ab', false],
    ['arn:aws:sagemaker:*:*:domain/*', '*', false],
    ['*', '*', true],
  ])('the ARN pattern %s against %s: %s', (pattern, arn, expected) => {
    expect(matchesArn(pattern, arn, undefined)).toBe(expected);
  });
});

describe('policy variables', () => {
  const context = { 'aws:PrincipalTag/team': 'a*b', 'aws:username': 'ana', 'aws:TagKeys': ['x', 'y'] };
  const decide = (resource: string, pattern: string, version?: string) => {
    const document: PolicyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: pattern } };
    const policy = readPolicy(version ? { Version: version, ...document } : document);
    return evaluate([policy], { action: 's3:GetObject', resource, context });
  };

  test.each([
    ['arn:aws:s3:::data/ana/x', `arn:aws:s3:::data/\${aws:username}/*`, 'allow'],
    ['arn:aws:s3:::data/ana/x', `arn:aws:s3:::data/\${AWS:UserName}/*`, 'allow'],
    ['arn:aws:s3:::data/bob/x', `arn:aws:s3:::data/\${aws:username}/*`, 'implicit deny'],
    ['arn:aws:s3:::data/a*b', `arn:aws:s3:::data/\${aws:PrincipalTag/team}`, 'allow'],
    ['arn:aws:s3:::data/axb', `arn:aws:s3:::data/\${aws:PrincipalTag/team}`, 'implicit deny'],
    ['arn:aws:s3:::data/none', `arn:aws:s3:::data/\${aws:PrincipalTag/unknown, 'none'}`, 'allow'],
    ['arn:aws:s3:::data/', `arn:aws:s3:::data/\${aws:PrincipalTag/unknown}`, 'implicit deny'],
    ['arn:aws:s3:::data/x', `arn:aws:s3:::data/\${aws:TagKeys}`, 'implicit deny'],
    ['arn:aws:s3:::data/*', `arn:aws:s3:::data/\${*}`, 'allow'],
    ['arn:aws:s3:::data/x', `arn:aws:s3:::data/\${*}`, 'implicit deny'],
    ['arn:aws:s3:::data/$', `arn:aws:s3:::data/\${$}`, 'allow'],
  ])('%s against %s: %s', (resource, pattern, expected) => {
    expect(decide(resource, pattern, '2012-10-17')).toBe(expected);
  });

  test('are plain text in a policy of the old version, or without a version', () => {
    expect(decide('arn:aws:s3:::data/ana', `arn:aws:s3:::data/\${aws:username}`, '2008-10-17')).toBe('implicit deny');
    expect(decide('arn:aws:s3:::data/ana', `arn:aws:s3:::data/\${aws:username}`)).toBe('implicit deny');
    expect(decide(`arn:aws:s3:::data/\${aws:username}`, `arn:aws:s3:::data/\${aws:username}`)).toBe('allow');
  });
});

describe('the principals of a resource policy', () => {
  const session = 'arn:aws:sts::111122223333:assumed-role/Handler/session';
  const roleArn = 'arn:aws:iam::111122223333:role/Handler';
  const role = { account: '111122223333', name: session, roleArn };
  const lambda = { account: '111122223333', name: 'lambda.amazonaws.com', isService: true };

  test.each([
    [{ Principal: '*' }, role, 'direct'],
    [{ Principal: { AWS: '*' } }, role, 'direct'],
    [{ Principal: { AWS: '111122223333' } }, role, 'account'],
    [{ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }, role, 'account'],
    [{ Principal: { AWS: ['arn:aws:iam::111122223333:root', roleArn] } }, role, 'role'],
    [{ Principal: { AWS: [roleArn, session] } }, role, 'direct'],
    [{ Principal: { AWS: session } }, role, 'direct'],
    [{ Principal: { AWS: 'arn:aws:iam::111122223333:role/Other' } }, role, 'implicit deny'],
    [{ Principal: { Service: 'lambda.amazonaws.com' } }, role, 'implicit deny'],
    [{ Principal: { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] } }, lambda, 'direct'],
    [{ Principal: { AWS: '111122223333' } }, lambda, 'implicit deny'],
    [{ NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/Other' } }, role, 'direct'],
    [{ NotPrincipal: { AWS: roleArn } }, role, 'implicit deny'],
  ] as const)('%j: %#', (element, principal, expected) => {
    const policy = readPolicy({ Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', ...element } });
    const request = { action: 'sts:AssumeRole', resource: 'arn:aws:iam::111122223333:role/X', context: {}, principal };
    expect(evaluateResourcePolicy(policy, request)).toBe(expected);
  });

  test('a deny that names the principal wins over an allow', () => {
    const policy = readPolicy({
      Statement: [
        { Effect: 'Allow', Action: '*', Principal: '*' },
        { Effect: 'Deny', Action: '*', Principal: { AWS: session } },
      ],
    });
    const request = { action: 'sts:AssumeRole', resource: '*', context: {}, principal: role };
    expect(evaluateResourcePolicy(policy, request)).toBe('explicit deny');
  });

  test('a statement with principals never applies without a principal', () => {
    const policy = readPolicy({ Statement: { Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' } });
    expect(evaluate([policy], { action: 's3:GetObject', resource: '*', context: {} })).toBe('implicit deny');
  });
});
