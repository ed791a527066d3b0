import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { type ResourceContext, ResourceFailure } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { flag, number, optional, struct, tags, text } from './property.ts';
import { serviceClient, undefinedIfNotFound } from './service-client.ts';

const secretsClient = (context: ResourceContext) => serviceClient<typeof SecretsManager>(context, 'secrets-manager');

const generated = struct({
  ExcludeCharacters: optional(text),
  ExcludeLowercase: optional(flag),
  ExcludeNumbers: optional(flag),
  ExcludePunctuation: optional(flag),
  ExcludeUppercase: optional(flag),
  GenerateStringKey: optional(text),
  IncludeSpace: optional(flag),
  PasswordLength: optional(number),
  RequireEachIncludedType: optional(flag),
  SecretStringTemplate: optional(text),
});

interface Valued {
  GenerateSecretString?: ReturnType<typeof generated>;
  SecretString?: string;
}

const secret = nativeType({
  type: 'AWS::SecretsManager::Secret',
  properties: {
    Description: optional(text),
    GenerateSecretString: optional(generated),
    KmsKeyId: optional(text),
    Name: optional(text, 'replaces'),
    SecretString: optional(text),
    Tags: optional(tags),
  },
  async create({ Name: given, Description, KmsKeyId, Tags = [], ...values }, context) {
    const Name = given ?? context.inventName(512);
    const SecretString = await secretString(values, context);
    const { ARN } = await secretsClient(context)('CreateSecret', {
      Name,
      Description,
      KmsKeyId,
      SecretString,
      Tags: Tags.length > 0 ? Tags : undefined,
    });
    return secretResource(ARN!);
  },
  async update({ physicalId: SecretId, values, old, changed }, context) {
    const secrets = secretsClient(context);
    const anew = changed.has('SecretString') || changed.has('GenerateSecretString');
    if (anew || changed.has('Description') || changed.has('KmsKeyId')) {
      await secrets('UpdateSecret', {
        SecretId,
        Description: values.Description ?? '',
        KmsKeyId: values.KmsKeyId ?? (changed.has('KmsKeyId') ? 'alias/aws/secretsmanager' : undefined),
        // A change of how it is generated makes another one.
        SecretString: anew ? await secretString(values, context) : undefined,
      });
    }
    const { set, gone } = tagChanges(values.Tags, old.Tags);
    if (gone.length > 0) await secrets('UntagResource', { SecretId, TagKeys: gone });
    if (set.length > 0) await secrets('TagResource', { SecretId, Tags: set });
    return secretResource(SecretId);
  },
  async delete(SecretId, _, context) {
    // Its name is free at once.
    await undefinedIfNotFound(secretsClient(context)('DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true }));
  },
});

function secretResource(arn: string) {
  return { physicalId: arn, attributes: { Id: arn } };
}

async function secretString({ GenerateSecretString: generate, SecretString }: Valued, context: ResourceContext) {
  if (!generate) return SecretString;
  if (SecretString !== undefined) {
    throw new ResourceFailure('You can specify either SecretString or GenerateSecretString, but not both.');
  }
  const { GenerateStringKey, SecretStringTemplate, ...options } = generate;
  if ((GenerateStringKey === undefined) !== (SecretStringTemplate === undefined)) {
    throw new ResourceFailure('You must specify both SecretStringTemplate and GenerateStringKey, or neither.');
  }
  const { RandomPassword } = await secretsClient(context)('GetRandomPassword', options);
  if (GenerateStringKey === undefined || SecretStringTemplate === undefined) return RandomPassword;
  return JSON.stringify({ ...templateOf(SecretStringTemplate), [GenerateStringKey]: RandomPassword });
}

function templateOf(text: string): object {
  try {
    const template: unknown = JSON.parse(text);
    if (typeof template === 'object' && template !== null && !Array.isArray(template)) return template;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ResourceFailure('SecretStringTemplate must be a JSON structure.');
}

export const secretTypes = [secret];
