import type { Scope } from '../../../../packages/local/src/cloudformation/template/evaluate.ts';

/** What a template's values refer to: parameters, a mapping, conditions, and resources that exist. */
export const scope: Scope = {
  parameters: new Map<string, string | string[]>([
    ['Env', 'prod'],
    ['Ids', ['a', 'b']],
  ]),
  mappings: new Map([['M', new Map([['eu-west-1', new Map<string, unknown>([['Size', 3]])]])]]),
  conditions: new Map([
    ['Always', true],
    ['Never', false],
  ]),
  pseudo: {
    ...{ accountId: '012345678901', region: 'eu-west-1', partition: 'aws', stackId: 'arn:stack', stackName: 'demo' },
    ...{ urlSuffix: 'amazonaws.com', notificationArns: ['arn:topic'] },
  },
  ref: (logicalId) => `${logicalId.toLowerCase()}-1`,
  getAtt: (logicalId, attribute) => (attribute === 'List' ? ['x', 'y'] : `${logicalId}:${attribute}`),
  importValue: async (name) => `imported ${name}`,
  dynamic: async (service, key) => `<${service} ${key}>`,
  azs: async (region) => [`${region}a`, `${region}b`],
};
