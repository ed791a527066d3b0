import { type PutParameterRequest, PutParameterRequest$, SSM } from '@aws-sdk/client-ssm';
import { fromApi, type Permission, serve } from '@studio-resources/core';

const ssm = new SSM();
const actions = ['ssm:PutParameter', 'ssm:GetParameter', 'ssm:DeleteParameter'] as const;

export const handler = serve({
  type: 'Custom::SecureParameter',
  schema: fromApi<PutParameterRequest>(PutParameterRequest$).omit('Type', 'Overwrite', 'Tags'),
  immutable: ['Name'],
  sensitive: ['Value'],
  permissions: actions.map((action): Permission => ({ action, resource: 'arn:*:ssm:*:*:parameter/*' })),
  async create(props) {
    await ssm.putParameter({ ...props, Type: 'SecureString' });
    return props.Name;
  },
  read: async (Name) => (await ssm.getParameter({ Name })).Parameter,
  update: async (_, props) => void (await ssm.putParameter({ ...props, Type: 'SecureString', Overwrite: true })),
  delete: async (Name) => void (await ssm.deleteParameter({ Name })),
  attributes: ({ ARN = '', Version = 0 }) => ({ Arn: ARN, Version: String(Version) }),
});
