import * as sagemaker from '@aws-sdk/client-sagemaker';
import { NormalizedSchema } from '@smithy/core/schema';
import type { Type } from '@studio-resources/core';
import { handlerNames } from '../../scripts/handlers.ts';
import { definitionOf } from '../../scripts/reference/definition.ts';

/** Names of what may hold a secret: what is run, its environment, and what gives access. */
const suspicious =
  /command|script(?!ion)|content$|environment|entrypoint|arguments|token|secret|password|credential|apikey|privatekey|url$/i;

/** Paths that have such a name and hold no secret, each with the reason. */
const excused: Record<string, string> = {
  CommandsS3Uri: 'the address of an object, which only those read who have the right to',
  CommandsSha256: 'a digest',
  'RStudioServerProDomainSettings.RStudioConnectUrl': 'the address of a server, to which users sign in themselves',
  'RStudioServerProDomainSettings.RStudioPackageManagerUrl': 'the address of a server',
  'CodeRepositories.RepositoryUrl': 'the address of a repository; SageMaker keeps its credentials in Secrets Manager',
  'IdentityProviderOAuthSettings.SecretArn': 'the ARN of a secret, and not its value',
  'UnifiedStudioSettings.EnvironmentId': 'the id of an environment of DataZone',
};

/** The paths of all members of a structure of the API, below a property. */
function pathsOf(schema: NormalizedSchema, path: string, seen: readonly string[] = []): string[] {
  if (schema.isListSchema() || schema.isMapSchema()) return pathsOf(schema.getValueSchema(), path, seen);
  const name = schema.getName(true) ?? path;
  if (!schema.isStructSchema() || seen.includes(name)) return [path];
  return [
    path,
    ...[...schema.structIterator()].flatMap(([member, of]) => pathsOf(of, `${path}.${member}`, [...seen, name])),
  ];
}

function pathsBelow(name: string, { words, members }: Type<unknown>): string[] {
  const structure = words.replace(/^(list|map) of /, '');
  const schema = (sagemaker as Record<string, unknown>)[`${structure}$`];
  const own = [...(members ?? [])].flatMap(([member, of]) => pathsBelow(`${name}.${member}`, of));
  return schema ? pathsOf(NormalizedSchema.of(schema as never), name) : [name, ...own];
}

const definitions = await Promise.all(
  handlerNames()
    .filter((name) => name !== 'responder')
    .map(definitionOf),
);

test.each(definitions.map((each) => [each.type, each] as const))(
  'a property of %s that may hold a secret is sensitive',
  (_, { types, sensitive }) => {
    const open = [...types]
      .filter(([name]) => !sensitive.includes(name))
      .flatMap(([name, type]) => pathsBelow(name, type))
      .filter((path) => suspicious.test(path.split('.').at(-1)!))
      .filter((path) => !Object.keys(excused).some((each) => path === each || path.endsWith(`.${each}`)));
    expect(open).toEqual([]);
  },
);

test('commands, scripts and the environments of containers are sensitive', () => {
  expect(Object.fromEntries(definitions.map(({ type, sensitive }) => [type, sensitive]))).toMatchObject({
    'Custom::StudioSetup': ['Commands'],
    'Custom::StudioLifecycleConfig': ['Content'],
    'Custom::StudioImage': expect.arrayContaining(['JupyterLabAppImageConfig']),
  });
});
