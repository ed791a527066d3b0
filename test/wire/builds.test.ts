import { unzipSync } from 'fflate';
import { error } from '../packages/local/studio.ts';
import { logging, onBucket, type PipelineCloud, pipelineCloud } from './pipeline-cloud.ts';

type Ssm = typeof import('@aws-sdk/client-ssm');
type Secrets = typeof import('@aws-sdk/client-secrets-manager');

let cloud: PipelineCloud;
let serviceRole: string;

beforeAll(async () => {
  cloud = pipelineCloud();
  await cloud.bucket('made');
  serviceRole = await cloud.role(
    'builder',
    'codebuild.amazonaws.com',
    logging,
    onBucket('made', 's3:GetObject', 's3:PutObject'),
    { Effect: 'Allow', Action: ['ssm:GetParameters', 'secretsmanager:GetSecretValue'], Resource: '*' },
  );
});
afterAll(() => cloud.close());

const environment = {
  type: 'LINUX_CONTAINER',
  image: 'aws/codebuild/standard:7.0',
  computeType: 'BUILD_GENERAL1_SMALL',
} as const;

/** A project of a buildspec alone. */
async function project(name: string, lines: string, more: object = {}): Promise<void> {
  const buildspec = `version: 0.2\n${lines}`;
  await cloud.codebuild('CreateProject', {
    name,
    source: { type: 'NO_SOURCE', buildspec },
    artifacts: { type: 'NO_ARTIFACTS' },
    environment,
    serviceRole,
    ...more,
  });
}

async function build(projectName: string, more: object = {}) {
  const started = await cloud.codebuild('StartBuild', { projectName, ...more });
  return cloud.built(started.build!.id!);
}

/** What commands wrote, without what CodeBuild itself did. */
const written = (log: string[]) => log.filter((line) => !line.startsWith('[Container]'));
const phase = (phases: { phaseType?: string; phaseStatus?: string }[] = [], name: string) =>
  phases.find(({ phaseType }) => phaseType === name)?.phaseStatus;

test('the commands of a build run in one shell, as its role, and give the variables that are exported', async () => {
  await project(
    'shell',
    `env:
  exported-variables: [VERSION, NOTHING]
phases:
  install:
    commands: ['mkdir -p deeper && cd deeper', 'greet() { echo "hello $1"; }']
  pre_build:
    commands: ['export VERSION=7']
  build:
    commands:
      - 'basename "$PWD"'
      - greet "build $CODEBUILD_BUILD_NUMBER"
      - |
        for i in 1 2; do
          echo "line $i"
        done
      - echo "$AWS_REGION $WHO \${AWS_ACCESS_KEY_ID:0:4}"
    finally: [echo at last]
`,
  );
  const environmentVariablesOverride = [{ name: 'WHO', value: 'me' }];
  const { status, build: made, log } = await build('shell', { environmentVariablesOverride });
  expect(written(log)).toEqual(['deeper', 'hello build 1', 'line 1', 'line 2', 'eu-west-1 me ASIA', 'at last']);
  expect(status).toBe('SUCCEEDED');
  expect(made.exportedEnvironmentVariables).toEqual([
    { name: 'VERSION', value: '7' },
    { name: 'NOTHING', value: '' },
  ]);
  expect(made.phases!.map(({ phaseType }) => phaseType)).toEqual([
    'SUBMITTED',
    'QUEUED',
    'PROVISIONING',
    'DOWNLOAD_SOURCE',
    'INSTALL',
    'PRE_BUILD',
    'BUILD',
    'POST_BUILD',
    'UPLOAD_ARTIFACTS',
    'FINALIZING',
    'COMPLETED',
  ]);
});

test('a build that fails runs its finally commands and its post_build, which can see the failure', async () => {
  await project(
    'failing',
    `phases:
  build:
    commands: [echo before, 'no-such-command --now', echo never]
    finally: [echo cleaned]
  post_build:
    commands: [echo "succeeding $CODEBUILD_BUILD_SUCCEEDING"]
`,
  );
  const { status, build: made, log } = await build('failing');
  expect(status).toBe('FAILED');
  expect(written(log)).toEqual([
    'before',
    expect.stringContaining('no-such-command: command not found'),
    'cleaned',
    'succeeding 0',
  ]);
  expect(phase(made.phases, 'BUILD')).toBe('FAILED');
  expect(phase(made.phases, 'POST_BUILD')).toBe('SUCCEEDED');
  expect(made.phases!.find(({ phaseType }) => phaseType === 'BUILD')!.contexts).toMatchObject([
    { statusCode: 'COMMAND_EXECUTION_ERROR', message: expect.stringContaining('exit status 127') },
  ]);
});

test('a failure before the build phase ends the build, also by exiting the shell', async () => {
  await project(
    'early',
    `phases:
  install:
    commands: [exit 3]
    finally: ['echo left']
  build:
    commands: [echo never]
`,
  );
  const { status, build: made, log } = await build('early');
  expect(status).toBe('FAILED');
  expect(written(log)).toEqual(['left']);
  expect(phase(made.phases, 'BUILD')).toBeUndefined();
});

test('parameters and secrets are read as the role, and the log does not show them', async () => {
  await cloud.door<Ssm>('ssm')('PutParameter', { Name: '/build/token', Value: 'parameter-1', Type: 'SecureString' });
  const SecretString = JSON.stringify({ password: 'keep-quiet' });
  await cloud.door<Secrets>('secrets-manager')('CreateSecret', { Name: 'registry', SecretString });
  await project(
    'secrets',
    `env:
  parameter-store: { TOKEN: /build/token }
  secrets-manager: { PASSWORD: 'registry:password' }
phases:
  build:
    commands: ['echo "\${#TOKEN} $TOKEN $PASSWORD"']
`,
  );
  const { status, log } = await build('secrets');
  expect(written(log)).toEqual(['11 *** ***']);
  expect(status).toBe('SUCCEEDED');
  const value = 'registry:user';
  const override = [{ name: 'PASSWORD', value, type: 'SECRETS_MANAGER' }];
  const lacking = await build('secrets', { environmentVariablesOverride: override });
  expect(lacking.status).toBe('FAILED');
  expect(lacking.log.join()).toContain('The secret registry is no JSON with the key user');
});

test('the source is unpacked, and the files that were made are zipped with their modes', async () => {
  await cloud.putZip('made', 'source.zip', {
    'buildspec.yml':
      'version: 0.2\nphases: { build: { commands: [bash make.sh] } }\nartifacts: { files: ["out/**/*"], exclude-paths: ["**/*.log"] }\n',
    'make.sh': 'mkdir -p out/in\necho a > out/in/a.txt\nchmod +x out/in/a.txt\ntouch out/x.log\n',
  });
  await project('zip', '', {
    source: { type: 'S3', location: 'made/source.zip' },
    artifacts: { type: 'S3', location: 'made', name: 'made.zip', packaging: 'ZIP' },
  });
  const { status, build: made } = await build('zip');
  expect(status).toBe('SUCCEEDED');
  expect(made.artifacts!.location).toBe('arn:aws:s3:::made/made.zip');
  const { Body } = await cloud.s3('GetObject', { Bucket: 'made', Key: 'made.zip' });
  expect(Object.keys(unzipSync(Body!))).toEqual(['out/in/a.txt']);
  // The upper half of the entry's external attributes, which is all that is 0o100755 in so small a zip.
  expect(Buffer.from(Body!).readUInt32LE(Buffer.from(Body!).indexOf('PK\x01\x02') + 38) >>> 16).toBe(0o100755);
  await cloud.putZip('made', 'source.zip', {
    'buildspec.yml': 'version: 0.2\nphases: { build: { commands: [true] } }\nartifacts: { files: [nothing] }\n',
  });
  const nothing = await build('zip');
  expect(nothing.status).toBe('FAILED');
  expect(nothing.build.phases!.find(({ phaseStatus }) => phaseStatus === 'FAILED')).toMatchObject({
    phaseType: 'UPLOAD_ARTIFACTS',
    contexts: [{ message: 'no matching artifact paths found: nothing' }],
  });
});

test('a build is stopped, and one that takes too long runs out of time', async () => {
  const hold = cloud.letTimePassDuringBuilds();
  await project('long', 'phases: { build: { commands: [sleep 600] } }\n', { timeoutInMinutes: 5 });
  const started = await cloud.codebuild('StartBuild', { projectName: 'long' });
  await cloud.codebuild('StopBuild', { id: started.build!.id! });
  expect((await cloud.built(started.build!.id!)).status).toBe('STOPPED');
  expect((await build('long')).status).toBe('TIMED_OUT');
  hold();
  expect((await cloud.codebuild('ListBuildsForProject', { projectName: 'long' })).ids).toHaveLength(2);
});

test('a role that may not write the log, or that does not trust CodeBuild, builds nothing', async () => {
  const mute = await cloud.role('mute', 'codebuild.amazonaws.com');
  await project('mute', 'phases: { build: { commands: [true] } }\n', { serviceRole: mute });
  const { status, build: made } = await build('mute');
  expect(status).toBe('FAILED');
  expect(made.phases!.find(({ phaseType }) => phaseType === 'PROVISIONING')!.contexts).toMatchObject([
    { statusCode: 'ACCESS_DENIED', message: expect.stringContaining('does not allow AWS CodeBuild to create') },
  ]);
  const other = await cloud.role('other', 'lambda.amazonaws.com');
  await expect(project('other', 'phases: { build: { commands: [true] } }\n', { serviceRole: other })).rejects.toEqual(
    error('InvalidInputException', 'CodeBuild is not authorized to perform: sts:AssumeRole'),
  );
});

test.each([
  ['version: 0.1\nphases: { build: { commands: [a] } }\n', 'the local cloud runs version 0.2'],
  ['version: 0.2\nphases: { bild: { commands: [a] } }\n', 'unknown key bild in phases'],
  ['version: 0.2\nphases: { build: { commands: [echo a: b] } }\n', 'quote it'],
  ['version: 0.2\nphases: [build]\n', 'phases must be a mapping'],
  ['version: 0.2\n', 'at least one of the phases'],
  ['version: 0.2\nphases: {\n', 'YAML_FILE_ERROR'],
])('the buildspec %j is refused', async (buildspec, message) => {
  const made = project('wrong', '', { source: { type: 'NO_SOURCE', buildspec } });
  await expect(made).rejects.toEqual(error('InvalidInputException', message));
});

test('a project is changed, listed and deleted', async () => {
  await project('changing', 'phases: { build: { commands: [true] } }\n', { tags: [{ key: 'team', value: 'red' }] });
  await cloud.codebuild('UpdateProject', { name: 'changing', description: 'other' });
  const { projects, projectsNotFound } = await cloud.codebuild('BatchGetProjects', { names: ['changing', 'no'] });
  expect(projects).toMatchObject([{ name: 'changing', description: 'other', tags: [{ key: 'team', value: 'red' }] }]);
  expect(projectsNotFound).toEqual(['no']);
  await cloud.codebuild('DeleteProject', { name: 'changing' });
  await expect(cloud.codebuild('StartBuild', { projectName: 'changing' })).rejects.toEqual(
    error('ResourceNotFoundException'),
  );
});
