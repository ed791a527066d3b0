import { base, bucket } from '../base.ts';
import { created, resource } from '../make.ts';
import type { Mistake, Subject } from '../mistake.ts';

const seedCode = (changes: Record<string, unknown>) =>
  created(
    resource('SeedCode', { SourceBucket: bucket, SourceKey: 'starter.zip', DestinationBucket: bucket, ...changes }),
  );

const homeSeed =
  (changes: Record<string, unknown>): Mistake['make'] =>
  (world) =>
    created(
      resource('HomeSeed', {
        ServiceToken: world.base.HomeSeedToken,
        DomainId: base('DomainId'),
        Source: `s3://${bucket}/starter.zip`,
        ...changes,
      }),
    )(world);

const setup = (changes: Record<string, unknown>) =>
  created(
    resource('StudioSetup', { DomainId: base('DomainId'), UserProfileName: 'ada', Commands: ['true'], ...changes }),
  );

const share = (changes: Record<string, unknown>) =>
  created({ ...resource('ResourceShareAcceptance', { ServiceTimeout: 60, ...changes }) });

const projects = (changes: Record<string, unknown>) => created(resource('StudioProjects', changes));

const missingKey = { came: 'no object with that key', cure: /upload it first, or correct the key/ };
const missingBucket = { came: 'no such bucket', cure: /create it, or give the name/ };

export const content: Subject = {
  title: 'Seed code, homes, setups, shares and Projects',
  mistakes: [
    {
      mistake: 'Seed code: a bucket that does not exist',
      make: seedCode({ SourceBucket: 'studio-resources-missing' }),
      property: /SourceBucket|s3:\/\/studio-resources-missing\/starter\.zip/,
      ...missingBucket,
    },
    {
      mistake: 'Seed code: a key that does not exist',
      make: seedCode({ SourceKey: 'stater.zip' }),
      property: /SourceKey|s3:\/\/studio-resources-files\/stater\.zip/,
      ...missingKey,
    },
    {
      mistake: 'Seed code: an empty folder',
      make: seedCode({ SourceKey: undefined, SourcePrefix: 'seeds/' }),
      property: /SourcePrefix|s3:\/\/studio-resources-files\/seeds\//,
      came: /nothing in it/,
      cure: /upload the files first, or correct the prefix/,
    },
    {
      mistake: 'Seed code: a file that is no zip',
      make: seedCode({ SourceKey: 'notes.txt' }),
      property: 'notes.txt',
      came: /not a zip/,
      cure: /has to be the key of a zip/,
    },
    {
      mistake: 'Seed code: a bucket that the provider may not read',
      make: seedCode({ SourceBucket: 'someone-elses' }),
      property: 's3://someone-elses/starter.zip',
      came: /AccessDenied|not authorized/,
      cure: /SeedCodeBuckets/,
    },
    {
      mistake: 'Seed code: a destination that does not exist',
      make: seedCode({ DestinationBucket: 'studio-resources-missing' }),
      property: /DestinationBucket|Writing s3:\/\/studio-resources-missing/,
      ...missingBucket,
    },
    {
      mistake: 'Seed code: no source',
      make: seedCode({ SourceKey: undefined }),
      property: 'SourceKey',
      came: 'missing',
      cure: /or give SourcePrefix/,
    },
    {
      mistake: 'Home seed: a bucket that does not exist',
      make: homeSeed({ Source: 's3://studio-resources-missing/starter.zip' }),
      property: /s3:\/\/studio-resources-missing\/starter\.zip/,
      ...missingBucket,
    },
    {
      mistake: 'Home seed: a key that does not exist',
      make: homeSeed({ Source: `s3://${bucket}/stater.zip` }),
      property: 's3://studio-resources-files/stater.zip',
      ...missingKey,
    },
    {
      mistake: 'Home seed: a file that is no zip',
      make: homeSeed({ Source: `s3://${bucket}/notes.txt` }),
      property: 'notes.txt',
      came: /it is not a zip/,
      cure: /Source has to name one/,
    },
    {
      mistake: 'Home seed: the ServiceToken of another domain',
      make: homeSeed({ DomainId: base('SsoDomainId') }),
      property: 'ServiceToken',
      came: /d-[a-z0-9]+/,
      cure: /Install home-seed\.yaml for/,
    },
    {
      mistake: 'Home seed: a path out of the home',
      make: homeSeed({ Destination: '../grace' }),
      property: 'Destination',
      came: /\.\./,
      cure: /such as examples\/first/,
    },
    {
      mistake: 'Home seed: an https address',
      make: homeSeed({ Source: 'https://example.com/starter.zip' }),
      property: 'Source',
      came: 'https://example.com/starter.zip',
      cure: /such as s3:/,
    },
    {
      mistake: 'Setup: a domain with SSO',
      make: setup({ DomainId: base('SsoDomainId') }),
      property: 'AuthMode',
      came: 'SSO',
      cure: /Use a domain with AuthMode IAM/,
    },
    {
      mistake: 'Setup: a user profile that does not exist',
      make: setup({ UserProfileName: 'absent' }),
      property: 'user profile',
      came: 'absent',
      cure: /create it first/,
    },
    {
      mistake: 'Setup: a server that does not run',
      make: setup({}),
      property: 'JupyterServer of ada',
      came: /not run/,
      cure: /StartApp/,
    },
    {
      mistake: 'Setup: on the local cloud, without --jupyter',
      make: setup({ StartApp: true }),
      property: '--jupyter',
      came: 'has no Jupyter server',
      cure: /start it with --jupyter/,
    },
    {
      mistake: 'Setup: no commands',
      make: setup({ Commands: undefined }),
      property: 'Commands',
      came: 'missing',
      cure: /or give CommandsS3Uri/,
    },
    {
      mistake: 'Setup: a blank command',
      make: setup({ Commands: ['true', ' '] }),
      property: 'Commands[1]',
      came: '" "',
      cure: 'expected a command for the shell',
    },
    {
      mistake: 'Setup: a script in S3 without its hash',
      make: setup({ Commands: undefined, CommandsS3Uri: `s3://${bucket}/setup.sh` }),
      property: 'CommandsS3Uri',
      came: 'setup.sh',
      cure: /expected the SHA-256 of the object in its key.*or give CommandsSha256/,
    },
    {
      mistake: 'Share: the account’s own',
      make: share({ OwningAccountId: { Ref: 'AWS::AccountId' }, ResourceShareName: 'models' }),
      property: 'OwningAccountId',
      came: /\d{12}/,
      cure: /share of this account itself, which has nothing to accept/,
    },
    {
      mistake: 'Share: an owner that the provider does not accept from',
      make: share({ OwningAccountId: '111122223333', ResourceShareName: 'models' }),
      property: /[aA]ccount/,
      came: '111122223333',
      cure: /ShareOwnerAccountIds/,
    },
    {
      mistake: 'Share: only its name',
      make: share({ ResourceShareName: 'models' }),
      property: 'OwningAccountId',
      came: 'missing',
      cure: /or give ResourceShareArn/,
    },
    {
      mistake: 'Projects: the name of a role',
      make: projects({ ExecutionRoles: ['studio-analyst'] }),
      property: 'ExecutionRoles[0]',
      came: 'studio-analyst',
      cure: /expected the ARN of an IAM role/,
    },
    {
      mistake: 'Projects: a role that does not exist',
      make: projects({ ExecutionRoles: [{ 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/studio-absent' }] }),
      property: /[rR]ole/,
      came: 'studio-absent',
      cure: /Create it first/,
    },
    {
      mistake: 'Projects: a domain that does not exist',
      make: projects({ DomainId: 'd-000000000000' }),
      property: 'DomainId',
      came: 'd-000000000000',
      cure: /give the id of one that exists/,
    },
    {
      mistake: 'Contents: the name of a domain',
      make: created(resource('StudioContents', { DomainId: 'research' })),
      property: 'DomainId',
      came: 'research',
      cure: /such as d-/,
    },
  ],
};
