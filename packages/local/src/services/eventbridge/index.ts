import * as EventBridge from '@aws-sdk/client-eventbridge';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import { type Access, type Call, service } from '../../service.ts';
import { problemWithPattern } from './pattern.ts';
import { checkBus, getRule, type Operations, type RuleRecord, rulesOf } from './records.ts';

const mostTargets = 5;

function arnOf(name: string | undefined, call: Call): string {
  return regionalArn('events', `rule/${name ?? ''}`, call);
}

function onRule({ Name, Rule }: { Name?: string; Rule?: string }, call: Call): Access[] {
  return [{ resource: arnOf(Name ?? Rule, call) }];
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
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(Name)) {
      throw new AwsError('ValidationException', `Rule name ${Name} is not 1 to 64 of the characters . - _ A-Z a-z 0-9`);
    }
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
    for (const { Id, Arn, ...more } of Targets) {
      const [unknown] = Object.keys(more).filter((name) => more[name as keyof typeof more] !== undefined);
      if (unknown || !/^arn:[^:]+:lambda:/.test(Arn ?? '')) {
        const message = `Target ${Id}: the local cloud brings whole events to functions, and knows no ${unknown ?? Arn}.`;
        throw new AwsError('ValidationException', message);
      }
    }
    rule.targets = [...all.values()];
    return { FailedEntryCount: 0, FailedEntries: [] };
  },

  ListTargetsByRule: ({ Rule, EventBusName }, call) => ({ Targets: getRule(Rule, EventBusName, call).targets }),

  RemoveTargets({ Rule, EventBusName, Ids = [] }, call) {
    const rule = getRule(Rule, EventBusName, call);
    rule.targets = rule.targets.filter(({ Id }) => !Ids.includes(Id));
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
};

/** EventBridge: rules on the default bus that bring events to functions. `trail.ts` has the events. */
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
  },
  tagsOf: (arn, call) => rulesOf(call).get(arn.split('/').at(-1) ?? '')?.tags,
});
