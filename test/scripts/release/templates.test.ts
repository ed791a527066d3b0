import { createHash } from 'node:crypto';
import { s3 } from '../../../packages/local/src/services/s3/index.ts';
import { handlerNames } from '../../../scripts/handlers.ts';
import { releasedSources, releaseOf } from '../../../scripts/release/release.ts';
import { templateInRelease } from '../../../scripts/release/templates.ts';
import { seedCodeNames } from '../../../scripts/seed-code.ts';
import { artifacts, templateCloud } from '../../cloudformation/template-cloud.ts';

const body = new TextEncoder().encode('a zip');
const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);

const build = [
  ...handlerNames().map((name) => ({ path: `${name}.zip`, body, isFunction: true })),
  ...seedCodeNames().map((name) => ({ path: `project-templates/${name}.zip`, body, isFunction: false })),
];

const sources = releasedSources();
const { files } = releaseOf({ version: '1.4.0', commit: 'f'.repeat(40), bucketPrefix: 'acme' }, build, sources);
const released = new Map(files.map((file) => [file.path, new TextDecoder().decode(file.body)]));

test('all templates are released but the pipeline for maintainers and what is in seed code', () => {
  const paths = sources.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['provider.yaml', 'examples/studio.yaml', 'service-catalog/portfolio.yaml']),
  );
  expect(paths.filter((path) => /^ci\/|seed-code\/|factory/.test(path))).toEqual([]);
});

test('every released template has its version, and is as it was written but for where the release is', () => {
  for (const { path, text } of sources) {
    const before = text.split('\n');
    const after = released.get(path)!.split('\n');
    const added = after.filter((line) => !before.includes(line));
    expect({ path, version: added.filter((line) => /^ +Version: 1\.4\.0$/.test(line)).length }).toEqual({
      path,
      version: 1,
    });
    const others = added.filter((line) => {
      return (
        !/^ +Version: 1\.4\.0$|^ +Default: '(acme-\{Region\}|studio-resources\/1\.4\.0)'$/.test(line) &&
        !line.includes(`-${digest}.zip`)
      );
    });
    expect({ path, others }).toEqual({
      path,
      others: /^Metadata:$/m.test(text) ? [] : ['Metadata:', '  StudioResources:'],
    });
  }
});

test('every zip that a template names is in the release, by its digest', () => {
  for (const [path, text] of released) {
    if (!path.endsWith('.yaml')) continue;
    const named = [...text.matchAll(/\$\{ArtifactPrefix\}\/([^']+\.zip)/g)].map(([, zip]) => zip!);
    for (const zip of named) expect(released.has(zip)).toBe(true);
  }
  const provider = released.get('provider.yaml')!;
  for (const name of handlerNames().filter((each) => each !== 'home-seed')) {
    expect(provider).toContain(`/${name}-${digest}.zip`);
  }
});

test('CloudFormation takes every released template', async () => {
  const cloud = await templateCloud();
  try {
    for (const [path, text] of released) {
      if (!path.endsWith('.yaml')) continue;
      const object = { Bucket: artifacts.ArtifactBucket, Key: path };
      await cloud.invoke(s3, 'PutObject', { ...object, Body: new TextEncoder().encode(text) });
      const TemplateURL = `https://${object.Bucket}.s3.amazonaws.com/${path}`;
      const { Parameters = [] } = await cloud.call('ValidateTemplate', { TemplateURL });
      const bucket = Parameters.find(({ ParameterKey }) => ParameterKey === 'ArtifactBucket');
      expect({ path, is: bucket?.DefaultValue }).toEqual({ path, is: bucket && 'acme-{Region}' });
    }
  } finally {
    cloud.lambda.close();
  }
});

const template = (...parameters: string[]) => `AWSTemplateFormatVersion: '2010-09-09'
# A comment
Parameters:
${parameters.map((line) => `  ${line}\n`).join('')}Resources: {}
`;
const placed = {
  version: '1.4.0',
  bucket: 'acme-{Region}',
  prefix: 'studio-resources/1.4.0',
  zips: new Map<string, string>(),
};

test('a default that is there is replaced', () => {
  const text = template('ArtifactBucket:', "  Default: ''", '  Type: String');
  expect(templateInRelease('a.yaml', text, placed)).toBe(
    `AWSTemplateFormatVersion: '2010-09-09'\nMetadata:\n  StudioResources:\n    Version: 1.4.0\n${text
      .slice(text.indexOf('#'))
      .replace("''", "'acme-{Region}'")}`,
  );
});

test('metadata of others stay beside the version', () => {
  const text = template('Any: { Type: String }').replace('# A comment', 'Metadata:\n  Team:\n    Name: vision');
  expect(templateInRelease('a.yaml', text, placed)).toContain(
    'Metadata:\n  StudioResources:\n    Version: 1.4.0\n  Team:\n    Name: vision\n',
  );
});

test('a zip that the build does not have is an error', () => {
  const text = `${template('Any: { Type: String }')}Outputs: { Zip: { Value: !Sub '\${ArtifactPrefix}/gone.zip' } }\n`;
  expect(() => templateInRelease('a.yaml', text, placed)).toThrow(
    'Releasing a.yaml: it names gone.zip, and the build has no such zip; run npm run build',
  );
});
