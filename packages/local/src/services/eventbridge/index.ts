import * as EventBridge from '@aws-sdk/client-eventbridge';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { type Access, type Call, service } from '../../service.ts';
import { put } from './bus.ts';
import { problemWithPattern } from './pattern.ts';
import { checkBus, getRule, type Operations, type RuleRecord, rulesOf } from './records.ts';
import { checkTarget } from './target.ts';

const mostTargets = 5;

function detailOf(text: string): Record<string, unknown> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null ? (detail as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function arnOf(name: string | undefined, call: Call): string {
  return regionalArn('events', `rule/${name ?? ''}`, call);
}

function onRule({ Name, Rule }: { Name?: string; Rule?: string }, call: Call): Access[] {
  return [{ resource: arnOf(Name ?? Rule, call) }];
}

function onTagged({ ResourceARN = '' }: { ResourceARN?: string }): Access[] {
  return [{ resource: ResourceARN }];
}

function patternOf(text: string | undefined): void {
  const invalid = (reason: string) =>
    new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
  let pattern: unknown;
  try {
    pattern = JSON.parse(text ?? '');
  } catch {
    throw invalid('it is not JSON');
  }
  const problem = problemWithPattern(pattern);
  if (problem) throw invalid(problem);
}

function enable(State: 'ENABLED' | 'DISABLED') {
  return ({ Name, EventBusName }: { Name?: string; EventBusName?: string }, call: Call) => {
    getRule(Name, EventBusName, call).shown.State = State;
    return {};
  };
}

const operations: Operations = {
  PutRule({ Name = '', EventBusName, EventPattern, ScheduleExpression, Tags = [], ...rest }, call) {
    checkBus(EventBusName);
    if (ScheduleExpression) throw new AwsError('ValidationException', 'The local cloud has no schedules.');
    patternOf(EventPattern);
    const before: RuleRecord | undefined = rulesOf(call).get(Name);
    const Arn = arnOf(Name, call);
    rulesOf(call).set(Name, {
      shown: { State: 'ENABLED', ...rest, Name, Arn, EventPattern, EventBusName: 'default' },
      targets: before?.targets ?? [],
      // An update of a rule leaves its tags.
      tags: before?.tags ?? Object.fromEntries(Tags.map(({ Key, Value }) => [Key!, Value!])),
    });
    return { RuleArn: Arn };
  },

  DescribeRule: ({ Name, EventBusName }, call) => ({ ...getRule(Name, EventBusName, call).shown }),

  ListRules({ NamePrefix = '', EventBusName }, call) {
    checkBus(EventBusName);
    return {
      Rules: [...rulesOf(call).values()].map(({ shown }) => shown).filter((one) => one.Name.startsWith(NamePrefix)),
    };
  },

  EnableRule: enable('ENABLED'),
  DisableRule: enable('DISABLED'),

  DeleteRule({ Name, EventBusName }, call) {
    checkBus(EventBusName);
    const rule = rulesOf(call).get(Name ?? '');
    if (rule && rule.targets.length > 0) {
      throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
    }
    rulesOf(call).delete(Name ?? '');
    return {};
  },

  PutTargets({ Rule, EventBusName, Targets = [] }, call) {
    const rule = getRule(Rule, EventBusName, call);
    const all = new Map([...rule.targets, ...Targets].map((one) => [one.Id!, one as RuleRecord['targets'][number]]));
    if (all.size > mostTargets) {
      throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    }
    for (const target of Targets) checkTarget(target);
    rule.targets = [...all.values()];
    return { FailedEntryCount: 0, FailedEntries: [] };
  },

  ListTargetsByRule: ({ Rule, EventBusName }, call) => ({ Targets: getRule(Rule, EventBusName, call).targets }),

  PutEvents({ Entries = [] }, call) {
    const results = Entries.map(({ EventBusName, Source = '', DetailType = '', Detail = '', Resources = [] }) => {
      checkBus(EventBusName);
      const detail = detailOf(Detail);
      if (!Source || Source.startsWith('aws.') || !DetailType || !detail) {
        const ErrorMessage =
          'Source, which does not begin with aws., DetailType and Detail, a JSON object, are required.';
        return { ErrorCode: detail ? 'InvalidArgument' : 'MalformedDetail', ErrorMessage };
      }
      const { account, region } = call;
      const EventId = put(call.cloud, {
        source: Source,
        detailType: DetailType,
        account,
        region,
        resources: Resources,
        detail,
      });
      return { EventId };
    });
    return { FailedEntryCount: results.filter((one) => 'ErrorCode' in one).length, Entries: results };
  },

  RemoveTargets({ Rule, EventBusName, Ids = [] }, call) {
    const rule = getRule(Rule, EventBusName, call);
    rule.targets = rule.targets.filter(({ Id }) => !Ids.includes(Id));
    return { FailedEntryCount: 0, FailedEntries: [] };
  },

  TagResource({ ResourceARN = '', Tags = [] }, call) {
    const { tags } = getRule(nameIn(ResourceARN), undefined, call);
    for (const { Key = '', Value = '' } of Tags) tags[Key] = Value;
    return {};
  },

  UntagResource({ ResourceARN = '', TagKeys = [] }, call) {
    const { tags } = getRule(nameIn(ResourceARN), undefined, call);
    for (const key of TagKeys) delete tags[key];
    return {};
  },

  ListTagsForResource({ ResourceARN = '' }, call) {
    const { tags } = getRule(nameIn(ResourceARN), undefined, call);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** EventBridge: rules on the default bus, and what they bring events to. */
export const eventbridge = service('eventbridge', 'events', EventBridge, {
  operations,
  access: {
    PutRule: onRule,
    DescribeRule: onRule,
    EnableRule: onRule,
    DisableRule: onRule,
    DeleteRule: onRule,
    PutTargets: onRule,
    ListTargetsByRule: onRule,
    RemoveTargets: onRule,
    ListRules: (_, call) => [{ resource: arnOf('*', call) }],
    PutEvents: ({ Entries = [] }, call) =>
      Entries.map(({ Source = '', DetailType = '' }) => ({
        resource: regionalArn('events', 'event-bus/default', call),
        context: { 'events:source': Source, 'events:detail-type': DetailType },
      })),
    TagResource: onTagged,
    UntagResource: onTagged,
    ListTagsForResource: onTagged,
  },
  passedRoles(operation, { RoleArn, Targets = [] }) {
    if (operation === 'PutRule') return typeof RoleArn === 'string' ? [RoleArn] : [];
    const targets = Targets as EventBridge.Target[];
    return targets.flatMap((target) => target.RoleArn ?? []);
  },
  tagsOf: (arn, call) => rulesOf(call).get(nameIn(arn))?.tags,
});
