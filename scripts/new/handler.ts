import type { Names } from './names.ts';

/** A resource that works: a text in SSM, to be replaced with what the new one is about. */
export function handler({ name, id, exported }: Names): string {
  return `import {
  DeleteParameterCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  type Parameter,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { type Permission, type PropsOf, properties, type Resource, serve, string } from '@studio-resources/core';
import { ownershipTags } from '@studio-resources/sagemaker/tags';

const ssm = new SSMClient();
const root = '/studio-resources/${name}/';
const actions = ['PutParameter', 'AddTagsToResource', 'ListTagsForResource', 'GetParameter', 'DeleteParameter'] as const;

const schema = properties({
  /** A name that no other one has in the account and Region. */
  Name: string(),
  /** What it says. */
  Text: string(),
});

type Props = PropsOf<typeof schema>;

/** A text that is kept under a name. */
export const ${exported}: Resource<Props, Parameter> = {
  type: 'Custom::${id}',
  schema,
  immutable: ['Name'],
  nameProperties: ['Name'],
  permissions: actions.map((action): Permission => ({ action: \`ssm:\${action}\`, resource: \`arn:*:ssm:*:*:parameter\${root}*\` })),
  ownsId: (id) => id.startsWith(root),

  async find({ Name }, ctx) {
    try {
      const ofParameter = { ResourceType: 'Parameter', ResourceId: idOf(Name) } as const;
      const { TagList = [] } = await ssm.send(new ListTagsForResourceCommand(ofParameter));
      const isOurs = ownershipTags(ctx).every((own) => TagList.some(({ Key, Value }) => Key === own.Key && Value === own.Value));
      return isOurs ? idOf(Name) : undefined;
    } catch (error) {
      if ((error as Error).name === 'InvalidResourceId') return undefined;
      throw error;
    }
  },

  async create({ Name, Text }, ctx) {
    const Tags = ownershipTags(ctx) as { Key: string; Value: string }[];
    await ssm.send(new PutParameterCommand({ Name: idOf(Name), Value: Text, Type: 'String', Tags }));
    return idOf(Name);
  },

  read: async (id) => (await ssm.send(new GetParameterCommand({ Name: id }))).Parameter,

  async update(id, { Text }) {
    await ssm.send(new PutParameterCommand({ Name: id, Value: Text, Overwrite: true }));
  },

  async delete(id) {
    await ssm.send(new DeleteParameterCommand({ Name: id }));
    return undefined;
  },

  attributes: ({ Name = '', ARN = '', Version = '' }) => ({ Name, Arn: ARN, Version: String(Version) }),
};

export const handler = serve(${exported});

function idOf(name: string): string {
  return \`\${root}\${name}\`;
}
`;
}
