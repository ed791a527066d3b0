import { AwsError } from '../../errors.ts';
import { type Pattern, patternProblem, type Rule, rulesIn } from '../../events/rules.ts';
import type { ResourceContext } from '../resources/resource-type.ts';
import { partitionOf } from '../stack.ts';
import { nativeType } from './native-type.ts';
import { asIn, document, list, optional, required, struct, text, type ValuesOf } from './property.ts';

const properties = {
  Description: optional(text),
  EventPattern: required(document),
  Name: optional(text, 'replaces'),
  State: optional(text),
  Targets: optional(list(struct({ Arn: required(text), Id: required(text), RetryPolicy: optional(asIn<object>()) }))),
};

/** Rules of the default bus, on events; those on a schedule are not here, nor is EventBridge's own API. */
const rule = nativeType({
  type: 'AWS::Events::Rule',
  properties,
  async create(values, context) {
    const name = values.Name ?? context.inventName(64);
    if (rulesIn(context.cloud.store, context).has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Rule ${name} already exists.`);
    }
    return put(name, values, context);
  },
  update: async ({ physicalId, values }, context) => put(physicalId, values, context),
  async delete(name, _, context) {
    rulesIn(context.cloud.store, context).delete(name);
  },
});

function put(name: string, values: ValuesOf<typeof properties>, context: ResourceContext) {
  const { account, region, cloud } = context;
  const pattern: unknown = JSON.parse(values.EventPattern);
  const problem = patternProblem(pattern);
  if (problem !== undefined) {
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${problem}`);
  }
  const made: Rule = {
    name,
    arn: `arn:${partitionOf(region)}:events:${region}:${account}:rule/${name}`,
    isEnabled: values.State !== 'DISABLED',
    pattern: pattern as Pattern,
    targets: (values.Targets ?? []).map(({ Id, Arn }) => ({ Id, Arn })),
  };
  rulesIn(cloud.store, { account, region }).set(name, made);
  return { physicalId: name, attributes: { Arn: made.arn } };
}

export const eventsTypes = [rule];
