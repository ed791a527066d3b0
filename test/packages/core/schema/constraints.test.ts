import {
  type CreateDomainRequest,
  CreateDomainRequest$,
  CreateTrialComponentRequest$,
} from '@aws-sdk/client-sagemaker';
import { type Constraints, fromConstrainedApi, type Schema } from '@studio-resources/core';

function issuesOf<T extends object>(schema: Schema<T>, value: unknown): string[] {
  const { issues = [] } = schema['~standard'].validate(value);
  return issues.map(({ path = [], message }) => `${path.join('.')}: ${message}`);
}

describe("a service's constraints", () => {
  const Name: Constraints = { pattern: '^[a-z]+$', min: 2, max: 4 };
  const constraints: Constraints = {
    members: {
      DomainName: Name,
      AuthMode: { values: ['IAM', 'SSO'] },
      KmsKeyId: { pattern: '^k+$', words: 'the id of a key' },
      SubnetIds: { max: 2, item: Name },
      DefaultUserSettings: {
        members: {
          JupyterLabAppSettings: {
            members: {
              AppLifecycleManagement: {
                members: { IdleSettings: { members: { IdleTimeoutInMinutes: { min: 60, max: 90 } } } },
              },
            },
          },
        },
      },
      Tags: { item: { members: { Key: Name } } },
    },
  };
  const schema = fromConstrainedApi<CreateDomainRequest>({ shape: CreateDomainRequest$, constraints });
  const given = (changes: object) => ({ DomainName: 'abc', AuthMode: 'IAM', DefaultUserSettings: {}, ...changes });
  const idle = (IdleTimeoutInMinutes: unknown) => ({
    DefaultUserSettings: {
      JupyterLabAppSettings: { AppLifecycleManagement: { IdleSettings: { IdleTimeoutInMinutes } } },
    },
  });

  test.each([
    [{ DomainName: 'a' }, 'DomainName: expected at least 2 characters, got "a"'],
    [{ DomainName: 'abcde' }, 'DomainName: expected at most 4 characters, got "abcde"'],
    [{ DomainName: 'a-b' }, 'DomainName: expected a text that matches ^[a-z]+$, got "a-b"'],
    [{ KmsKeyId: 'door' }, 'KmsKeyId: expected the id of a key, got "door"'],
    [{ AuthMode: 'iam' }, 'AuthMode: expected one of IAM, SSO, got "iam"'],
    [{ SubnetIds: 'ab,cd,ef' }, 'SubnetIds: expected at most 2 items, got "ab,cd,ef"'],
    [{ SubnetIds: ['ab', 'C'] }, 'SubnetIds.1: expected at least 2 characters, got "C"'],
    [{ Tags: [{ Key: 'K1', Value: '' }] }, 'Tags.0.Key: expected a text that matches ^[a-z]+$, got "K1"'],
    [idle('30'), expect.stringMatching(/IdleTimeoutInMinutes: expected at least 60, got "30"$/)],
    [idle(91), expect.stringMatching(/IdleTimeoutInMinutes: expected at most 90, got 91$/)],
  ])('refuse %j', (changes, issue) => {
    expect(issuesOf(schema, given(changes))).toEqual([issue]);
  });

  test('take what keeps to them', () => {
    const changes = { SubnetIds: ['ab', 'cd'], Tags: [{ Key: 'key', Value: 'K1' }], ...idle('60') };
    expect(issuesOf(schema, given(changes))).toEqual([]);
  });

  test('are told together with all that is wrong', () => {
    expect(issuesOf(schema, given({ DomainName: 'A', AuthMode: 'iam', DomainNam: 'x' }))).toHaveLength(3);
  });

  test('are asked of a text that the API counts in characters', () => {
    const emoji = fromConstrainedApi({
      shape: CreateDomainRequest$,
      constraints: { members: { DomainName: { max: 2 } } },
    });
    expect(issuesOf(emoji, given({ DomainName: '👩👩' }))).toEqual([]);
  });

  test('are asked of a map by the number of its entries, and of each value', () => {
    const members = { Parameters: { max: 1 }, TrialComponentName: { max: 5 } };
    const trial = fromConstrainedApi({ shape: CreateTrialComponentRequest$, constraints: { members } });
    const Parameters = { a: { StringValue: 'a' }, b: { StringValue: 'b' } };
    expect(issuesOf(trial, { TrialComponentName: 'a', Parameters })).toEqual([
      'Parameters: expected at most 1 entries, got an object',
    ]);
  });
});
