import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { handler, studioUserProfileFleet } from '../../handlers/studio-user-profile-fleet.ts';
import { awsError } from './fake-things.ts';
import { type MockWorld, mockWorld } from './mock-world.ts';

const DomainId = 'd-studio';
const uri = 's3://studio-resources-members/team.csv';

let own: MockWorld;
let bucket: ReturnType<typeof mockClient>;

beforeEach(() => {
  own = mockWorld('UserProfile', handler, studioUserProfileFleet);
  own.studio.domains.set(DomainId, { members: { DomainId, Status: 'InService' } });
  bucket = mockClient(S3Client);
});
afterEach(async () => {
  bucket.restore();
  await own.close();
});

/** What S3 has, by version; without one, the newest. */
function put(versions: Record<string, string | Uint8Array>): void {
  const newest = Object.keys(versions).at(-1)!;
  bucket.on(GetObjectCommand).callsFake(({ VersionId = newest }: { VersionId?: string }) => {
    const content = versions[VersionId];
    if (content === undefined) throw awsError('NoSuchVersion', 'The specified version does not exist.');
    const bytes = Buffer.from(content);
    return {
      Body: { transformToByteArray: async () => bytes },
      ContentLength: bytes.length,
      VersionId,
      ETag: `"${VersionId}"`,
    };
  });
}

const create = (more: Record<string, unknown> = {}) =>
  own.send({ RequestType: 'Create', ResourceProperties: { DomainId, MembersS3Uri: uri, ...more } });
const createFrom = (text: string, more: Record<string, unknown> = {}) => {
  put({ one: text });
  return create(more);
};
const names = async () => (await own.existing()).map((id) => id.split('/')[1]).sort();
const look = (name: string) => own.look(`${DomainId}/${name}`);
const calls = () => own.studio.mutations.map(({ operation }) => operation);

describe('a CSV file', () => {
  test('says who has which user, settings and tags; an empty cell says nothing, and neither does an empty line', async () => {
    const answer = await createFrom(
      [
        '\uFEFFUserProfileName,SingleSignOnUserValue,UserSettings,Tags,Tag:team',
        'ann,ann@example.com,"{""SecurityGroups"": [""sg-1""]}","[{""Key"": ""tier"", ""Value"": ""one""}]",red',
        '',
        'bob,,,,',
      ].join('\r\n'),
    );
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '2', FailedCount: '0' } });
    expect(await look('ann')).toMatchObject({
      SingleSignOnUserValue: 'ann@example.com',
      UserSettings: { SecurityGroups: ['sg-1'] },
      Tags: { tier: 'one', team: 'red' },
    });
    expect((await look('bob')).SingleSignOnUserValue).toBeUndefined();
  });

  test('has bad lines told by their numbers, and the others made', async () => {
    const answer = await createFrom(
      [
        'UserProfileName,UserSettings,Tag:note',
        'ann,,"two',
        'lines"',
        'al ice,,',
        'bob,{,',
        'cem,"{""ExecutionRol"": ""x""}",',
        'dan',
        'ANN,,',
        ',,note',
        'eve,,',
      ].join('\n'),
    );
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { MemberCount: '8', FailedCount: '6' } });
    expect(answer.Data!.Failed!.split('; line ')).toEqual([
      'line 4 al ice: UserProfileName: expected a name of 1 to 63 letters, digits and hyphens, beginning and ending with a letter or a digit, got "al ice"',
      '5 bob: UserSettings: expected JSON, got "{"',
      '6 cem: UserSettings.ExecutionRol: unknown property; did you mean ExecutionRole?',
      '7 dan: expected 3 cells, as in the first line; got 1',
      '8 ANN: that is the name of line 2 already, whatever its case',
      '9: UserProfileName: required, but missing',
    ]);
    expect(await names()).toEqual(['ann', 'eve']);
  });

  test('with a bad line is refused with AllOrNothing before anything is done', async () => {
    const answer = await createFrom('UserProfileName\nann\nal ice\n', { AllOrNothing: 'true' });
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(`Reading ${uri}: line 3 al ice: UserProfileName: expected a name`);
    expect(answer.Reason).toContain('AllOrNothing is set, so nothing is done');
    expect(calls()).toEqual([]);
  });

  test.each([
    [
      'an unknown column',
      'UserProfileNme\nann',
      'line 1: UserProfileNme: unknown column; did you mean UserProfileName?',
    ],
    ['no names', 'Tag:team\nred', 'line 1: UserProfileName: required, but missing; the columns are UserProfileName, '],
    ['a column twice', 'UserProfileName,Tag:a,Tag:a\nann,b,c', 'line 1: there are two columns Tag:a; give each once'],
    ['nothing', '', 'it is empty; its first line has to name the columns, such as UserProfileName'],
    ['an open quote', 'UserProfileName\n"ann', 'it is no CSV: '],
    [
      'too many members',
      `UserProfileName\n${Array.from({ length: 1001 }, (_, n) => `user-${n}`).join('\n')}`,
      'it has 1001 members, and at most 1000 are taken',
    ],
  ])('with %s is refused as a whole, and nothing is done', async (_, text, reason) => {
    const answer = await createFrom(text);
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(`Reading ${uri}: ${reason}`);
    expect(calls()).toEqual([]);
  });
});

test('a file of JSON lines says the same, and its bad lines are told by their numbers', async () => {
  const lines = [
    JSON.stringify({ UserProfileName: 'ann', Tags: [{ Key: 'team', Value: 'red' }] }),
    '',
    '{"UserProfileName": ',
    '["bob"]',
    JSON.stringify({ UserProfileName: 'cem', UserSettings: { SecurityGroups: 'sg-1' } }),
  ];
  const answer = await createFrom(lines.join('\n'), { MembersS3Uri: 's3://studio-resources-members/team.jsonl' });
  expect(answer.Data).toMatchObject({
    MemberCount: '4',
    Failed: 'line 3: expected a JSON object, got "{\\"UserProfileName\\":"; line 4: expected a JSON object, got a list',
  });
  expect((await look('ann')).Tags).toMatchObject({ team: 'red' });
  expect((await look('cem')).UserSettings).toEqual({ SecurityGroups: ['sg-1'] });
});

test('a file that is missing, too large, no text, or of a bucket that may not be read is named in the reason', async () => {
  const reason = async () => (await create()).Reason;
  bucket.on(GetObjectCommand).rejects(awsError('NoSuchKey', 'The specified key does not exist.'));
  expect(await reason()).toContain(`Reading ${uri}: NoSuchKey: The specified key does not exist.`);
  bucket.on(GetObjectCommand).rejects(awsError('AccessDenied', 'Access Denied'));
  expect(await reason()).toContain("the provider's parameter MembersBuckets has to name the bucket");
  bucket.on(GetObjectCommand).resolves({ ContentLength: 6_000_000 });
  expect(await reason()).toContain(`Reading ${uri}: it has 6000000 bytes, and at most 5242880 are taken`);
  put({ one: Buffer.from([0x50, 0x4b, 0xff, 0xfe]) });
  expect(await reason()).toContain(`Reading ${uri}: it is no text in UTF-8; save it as such`);
  expect(calls()).toEqual([]);
});

test('a hiccup of S3 is waited out', async () => {
  put({ one: 'UserProfileName\nann' });
  bucket
    .on(GetObjectCommand)
    .rejectsOnce(awsError('ServiceUnavailable', 'Please try again'))
    .callsFake(() => ({
      Body: { transformToByteArray: async () => Buffer.from('UserProfileName\nann') },
      ContentLength: 19,
    }));
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
});

describe('an update', () => {
  const properties = (version: string, more: Record<string, unknown> = {}) => ({
    DomainId,
    MembersS3Uri: uri,
    MembersS3VersionId: version,
    ...more,
  });
  let id: string;
  const update = (to: Record<string, unknown>, from: Record<string, unknown>) =>
    own.send({ RequestType: 'Update', PhysicalResourceId: id, ResourceProperties: to, OldResourceProperties: from });

  beforeEach(async () => {
    put({
      one: 'UserProfileName,Tag:team\nann,red\nbob,red\ncem,red',
      two: 'UserProfileName,Tag:team\nann,red\nbob,\ndan,',
      bad: 'UserProfileName,Tag:team\nann,red\nbob,red,red\ndan,',
      worse: 'UserProfileName,Tag:team\nann,red\n,blue',
    });
    id = (await create(properties('one'))).PhysicalResourceId;
  });

  test('to another version brings the profiles to it, and back to the first one is as before', async () => {
    expect(await update(properties('two'), properties('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(await names()).toEqual(['ann', 'bob', 'dan']);
    expect((await look('bob')).Tags).not.toHaveProperty('team');
    expect(await update(properties('one'), properties('two'))).toMatchObject({ Status: 'SUCCESS' });
    expect(await names()).toEqual(['ann', 'bob', 'cem']);
    expect((await look('bob')).Tags).toMatchObject({ team: 'red' });
  });

  test('to a version with a bad line keeps the profile of who is named there', async () => {
    const answer = await update(properties('bad'), properties('one'));
    expect(answer.Data!.Failed).toBe('line 3 bob: expected 2 cells, as in the first line; got 3');
    expect(await names()).toEqual(['ann', 'bob', 'dan']);
  });

  test('to a version with a line of nobody removes nobody: it may be anybody', async () => {
    expect(await update(properties('worse'), properties('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect(await names()).toEqual(['ann', 'bob', 'cem']);
  });

  test('from a version that is gone succeeds, and a warning says what it could not know', async () => {
    put({ two: 'UserProfileName,Tag:team\nann,blue' });
    expect(await update(properties('two'), properties('one'))).toMatchObject({ Status: 'SUCCESS' });
    expect((await look('ann')).Tags).toMatchObject({ team: 'blue' });
    expect(own.log()).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: expect.stringMatching(/^The members before the update cannot be read/),
      }),
    );
  });

  test('of nothing but the file, in a bucket without versions, is one content throughout', async () => {
    const asked: (string | undefined)[] = [];
    bucket.on(GetObjectCommand).callsFake(({ IfMatch }: { IfMatch?: string }) => {
      asked.push(IfMatch);
      const bytes = Buffer.from('UserProfileName\nann');
      return { Body: { transformToByteArray: async () => bytes }, ContentLength: bytes.length, ETag: '"e"' };
    });
    expect(await create({ MembersS3Uri: 's3://studio-resources-members/other.csv' })).toMatchObject({
      Status: 'SUCCESS',
    });
    expect(asked).toEqual([undefined]);
  });
});

test('a Delete needs no file', async () => {
  const { PhysicalResourceId } = await createFrom('UserProfileName\nann');
  bucket.on(GetObjectCommand).rejects(awsError('NoSuchKey', 'The specified key does not exist.'));
  const ResourceProperties = { DomainId, MembersS3Uri: uri };
  expect(await own.send({ RequestType: 'Delete', PhysicalResourceId, ResourceProperties })).toMatchObject({
    Status: 'SUCCESS',
  });
  expect(await names()).toEqual([]);
});
