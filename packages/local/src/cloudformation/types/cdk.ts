import { requestId } from '../../request-id.ts';
import { nativeType } from './native-type.ts';
import { optional, text } from './property.ts';

/**
 * What `cdk synth` puts into templates by default: which constructs they are from. CloudFormation creates nothing for it.
 * https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html
 */
const metadata = nativeType({
  type: 'AWS::CDK::Metadata',
  properties: { Analytics: optional(text) },
  create: async (_, { cloud }) => ({ physicalId: requestId(cloud.store), attributes: {} }),
  update: async ({ physicalId }) => ({ physicalId, attributes: {} }),
  async delete() {},
});

export const cdkTypes = [metadata];
