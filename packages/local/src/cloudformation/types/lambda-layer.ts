import type * as Lambda from '@aws-sdk/client-lambda';
import { lambdaClient } from './lambda-function.ts';
import { nativeType } from './native-type.ts';
import { list, optional, required, struct, text } from './property.ts';
import { undefinedIfNotFound } from './service-client.ts';

const content = struct({
  S3Bucket: required(text),
  S3Key: required(text),
  S3ObjectVersion: optional(text),
});

/** Every change publishes another version, and deletes the one before. */
const layerVersion = nativeType({
  type: 'AWS::Lambda::LayerVersion',
  properties: {
    CompatibleArchitectures: optional(list(text), 'replaces'),
    CompatibleRuntimes: optional(list(text), 'replaces'),
    Content: required(content, 'replaces'),
    Description: optional(text, 'replaces'),
    LayerName: optional(text, 'replaces'),
    LicenseInfo: optional(text, 'replaces'),
  },
  async create({ LayerName, CompatibleRuntimes, CompatibleArchitectures, ...values }, context) {
    const { LayerVersionArn } = await lambdaClient(context)('PublishLayerVersion', {
      ...values,
      LayerName: LayerName ?? context.inventName(64),
      CompatibleRuntimes: CompatibleRuntimes as Lambda.Runtime[] | undefined,
      CompatibleArchitectures: CompatibleArchitectures as Lambda.Architecture[] | undefined,
    });
    return { physicalId: LayerVersionArn!, attributes: { LayerVersionArn } };
  },
  async delete(arn, _, context) {
    const [, LayerName, version] = /^(.*):(\d+)$/.exec(arn) ?? [];
    if (LayerName === undefined) return;
    const VersionNumber = Number(version);
    await undefinedIfNotFound(lambdaClient(context)('DeleteLayerVersion', { LayerName, VersionNumber }));
  },
  imports: {
    identifier: ['LayerVersionArn'],
    async find({ LayerVersionArn: Arn = '' }, caller) {
      const found = await undefinedIfNotFound(lambdaClient(caller)('GetLayerVersionByArn', { Arn }));
      return found && { physicalId: Arn, attributes: { LayerVersionArn: Arn } };
    },
  },
});

export const layerTypes = [layerVersion];
