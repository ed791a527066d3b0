import { readFileSync } from 'node:fs';
import { type AuthorizationDetails, managedPolicyLines } from '../../scripts/managed-policies/lines.ts';

const policy = (PolicyName: string, more: Partial<AuthorizationDetails['Policies'][number]> = {}) => ({
  PolicyName,
  Path: '/',
  Arn: `arn:aws:iam::aws:policy/${PolicyName}`,
  DefaultVersionId: 'v2',
  CreateDate: '2020-01-01T00:00:00+00:00',
  UpdateDate: '2026-02-12T17:58:32+00:00',
  PolicyVersionList: [
    { VersionId: 'v1', Document: { Statement: [] } },
    {
      VersionId: 'v2',
      Document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    },
  ],
  ...more,
});

test("AWS's policies are written in order, each in its default version; an account's own are left out", () => {
  const own = policy('Mine', { Arn: 'arn:aws:iam::111122223333:policy/Mine' });
  const lines = managedPolicyLines({ Policies: [policy('B'), own, policy('A', { Path: '/service-role/' })] });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ name: 'A', path: '/service-role/' }),
    {
      name: 'B',
      path: '/',
      versionId: 'v2',
      created: '2020-01-01T00:00:00.000Z',
      updated: '2026-02-12T17:58:32.000Z',
      document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
    },
  ]);
});

test('a document that is URL-encoded, as the API has it, is decoded', () => {
  const Document = encodeURIComponent('{"Version":"2012-10-17","Statement":[]}');
  const [line] = managedPolicyLines({
    Policies: [policy('A', { PolicyVersionList: [{ VersionId: 'v2', Document }] })],
  });
  expect(JSON.parse(line!).document).toEqual({ Version: '2012-10-17', Statement: [] });
});

test.each([
  [{ Policies: [] }, 'the file has none'],
  [{ Policies: [policy('A', { PolicyVersionList: [] })] }, 'A: its version v2 is missing'],
])('a file that lacks what is needed is an error', (details, message) => {
  expect(() => managedPolicyLines(details)).toThrow(message);
});

test('what the local cloud has was written by this script', () => {
  const text = readFileSync(new URL('../../packages/local/data/managed-policies.jsonl', import.meta.url), 'utf8');
  const Policies = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ name, path, versionId, created, updated, document }) =>
      policy(name, {
        Path: path,
        Arn: `arn:aws:iam::aws:policy${path}${name}`,
        DefaultVersionId: versionId,
        CreateDate: created,
        UpdateDate: updated,
        PolicyVersionList: [{ VersionId: versionId, Document: document }],
      }),
    );
  expect(`${managedPolicyLines({ Policies: Policies.toReversed() }).join('\n')}\n`).toBe(text);
});
