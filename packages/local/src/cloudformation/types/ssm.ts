import type * as SSM from '@aws-sdk/client-ssm';
import type { ResourceContext } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { mapOf, optional, required, text } from './property.ts';
import { serviceClient, undefinedIfNotFound } from './service-client.ts';

const ssmClient = (context: ResourceContext) => serviceClient<typeof SSM>(context, 'ssm');

const parameter = nativeType({
  type: 'AWS::SSM::Parameter',
  stackTagsProperty: { property: 'Tags', as: 'map' },
  properties: {
    Name: optional(text, 'replaces'),
    Type: required(text),
    Value: required(text),
    AllowedPattern: optional(text),
    DataType: optional(text),
    Description: optional(text),
    Policies: optional(text),
    Tier: optional(text),
    Tags: optional(mapOf(text)),
  },
  async create({ Name = '', Tags = {}, ...values }, context) {
    const name = Name || `CFN-${context.inventName(200)}`;
    const tags = tagList(Tags);
    await ssmClient(context)('PutParameter', {
      ...settings(values),
      Name: name,
      Tags: tags.length > 0 ? tags : undefined,
    });
    return { physicalId: name, attributes: { Type: values.Type, Value: values.Value } };
  },
  async update({ physicalId, values: { Name: _, Tags = {}, ...values }, old }, context) {
    const ssm = ssmClient(context);
    await ssm('PutParameter', { ...settings(values), Name: physicalId, Overwrite: true });
    const { set, gone } = tagChanges(tagList(Tags), tagList(old.Tags ?? {}));
    const target = { ResourceType: 'Parameter', ResourceId: physicalId } as const;
    if (gone.length > 0) await ssm('RemoveTagsFromResource', { ...target, TagKeys: gone });
    if (set.length > 0) await ssm('AddTagsToResource', { ...target, Tags: set });
    return { physicalId, attributes: { Type: values.Type, Value: values.Value } };
  },
  async delete(Name, _, context) {
    await undefinedIfNotFound(ssmClient(context)('DeleteParameter', { Name }));
  },
});

interface Settings {
  Type: string;
  Value: string;
  Tier?: string;
}

function settings<S extends Settings>({ Type, Tier, ...more }: S) {
  return { ...more, Type: Type as SSM.ParameterType, Tier: Tier as SSM.ParameterTier | undefined };
}

function tagList(tags: Record<string, string>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export const ssmTypes = [parameter];
