import type * as EventBridge from '@aws-sdk/client-eventbridge';
import type { ResourceContext } from '../resources/resource-type.ts';
import { nativeType, tagChanges } from './native-type.ts';
import { asIn, document, list, optional, tags, text } from './property.ts';
import { serviceClient, undefinedIfNotFound } from './service-client.ts';

const eventsClient = (context: ResourceContext) => serviceClient<typeof EventBridge>(context, 'eventbridge');

const rule = nativeType({
  type: 'AWS::Events::Rule',
  properties: {
    Description: optional(text),
    EventBusName: optional(text, 'replaces'),
    EventPattern: optional(document),
    Name: optional(text, 'replaces'),
    RoleArn: optional(text),
    ScheduleExpression: optional(text),
    State: optional(text),
    Tags: optional(tags),
    Targets: optional(list(asIn<EventBridge.Target>())),
  },
  async create({ Targets = [], State, ...values }, context) {
    const events = eventsClient(context);
    const Name = values.Name ?? context.inventName(64);
    const Tags = values.Tags?.length ? values.Tags : undefined;
    const put = { ...values, Name, Tags, State: State as EventBridge.RuleState | undefined };
    const { RuleArn } = await events('PutRule', put);
    context.initiated(Name);
    if (Targets.length > 0) await events('PutTargets', { Rule: Name, Targets });
    return { physicalId: Name, attributes: { Arn: RuleArn } };
  },
  async update({ physicalId: Name, values: { Targets = [], State, Tags, ...values }, old }, context) {
    const events = eventsClient(context);
    const { RuleArn } = await events('PutRule', { ...values, Name, State: State as EventBridge.RuleState | undefined });
    const { set, gone: untagged } = tagChanges(Tags, old.Tags);
    if (untagged.length > 0) await events('UntagResource', { ResourceARN: RuleArn, TagKeys: untagged });
    if (set.length > 0) await events('TagResource', { ResourceARN: RuleArn, Tags: set });
    const gone = (old.Targets ?? []).map(({ Id }) => Id!).filter((id) => !Targets.some(({ Id }) => Id === id));
    if (gone.length > 0) await events('RemoveTargets', { Rule: Name, Ids: gone });
    if (Targets.length > 0) await events('PutTargets', { Rule: Name, Targets });
    return { physicalId: Name, attributes: { Arn: RuleArn } };
  },
  async delete(Name, _, context) {
    const events = eventsClient(context);
    const { Targets = [] } = (await undefinedIfNotFound(events('ListTargetsByRule', { Rule: Name }))) ?? {};
    if (Targets.length > 0)
      await undefinedIfNotFound(events('RemoveTargets', { Rule: Name, Ids: Targets.map(({ Id }) => Id!) }));
    await undefinedIfNotFound(events('DeleteRule', { Name }));
  },
});

export const eventTypes = [rule];
