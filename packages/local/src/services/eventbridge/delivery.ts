import { AwsError } from '../../errors.ts';
import { type Principal, servicePrincipal } from '../../principal.ts';
import type { Cloud } from '../../service.ts';
import { assumeAsService } from '../sts.ts';
import { inputOf } from './input.ts';
import type { BusEvent, RuleRecord } from './records.ts';
import { kindOf, type TargetKind } from './target.ts';

type TargetRecord = RuleRecord['targets'][number];

const events = 'events.amazonaws.com';

/** The call that each kind of target is. */
const calls: Record<TargetKind, (arn: string, input: string) => { service: string; operation: string; input: object }> =
  {
    codebuild: (arn, input) => ({
      service: 'codebuild',
      operation: 'StartBuild',
      input: { ...overrides(input, /Override$|^sourceVersion$/), projectName: arn.split('/').at(-1) },
    }),
    codepipeline: (arn, input) => ({
      service: 'codepipeline',
      operation: 'StartPipelineExecution',
      input: { ...overrides(input, /^(variables|sourceRevisions)$/), name: arn.split(':').at(-1) },
    }),
    lambda: (arn, input) => ({
      service: 'lambda',
      operation: 'Invoke',
      input: { FunctionName: arn, InvocationType: 'Event', Payload: new TextEncoder().encode(input) },
    }),
    sns: (arn, input) => ({
      service: 'sns',
      operation: 'Publish',
      input: { TopicArn: arn, Message: textOf(input) },
    }),
    states: (arn, input) => ({
      service: 'sfn',
      operation: 'StartExecution',
      input: { stateMachineArn: arn, input },
    }),
  };

/** Brings an event to a target, with the rights of the target's role or, without one, as EventBridge itself. */
export async function deliver(
  target: TargetRecord,
  event: BusEvent,
  rule: RuleRecord['shown'],
  cloud: Cloud,
): Promise<void> {
  const { service, operation, input } = calls[kindOf(target.Arn)!](target.Arn, inputOf(target, event, rule));
  try {
    const principal = principalFor(target, event, rule.Arn, cloud);
    const { region } = event;
    await cloud.call({ service, operation, input: input as Record<string, unknown>, principal, region });
  } catch (error) {
    // A target that is gone, or that does not let EventBridge in, misses the event.
    if (!(error instanceof AwsError)) throw error;
  }
}

function principalFor(
  { RoleArn }: TargetRecord,
  { id, account }: BusEvent,
  sourceArn: string,
  cloud: Cloud,
): Principal {
  if (RoleArn === undefined) return servicePrincipal(events, account, sourceArn);
  return assumeAsService(cloud, RoleArn, events, id.replaceAll('-', ''), { sourceArn }).principal;
}

/** What of the input says how to start; the rest, as of an event that is brought as it is, is passed over. */
function overrides(input: string, names: RegExp): object {
  try {
    const given: unknown = JSON.parse(input);
    if (typeof given !== 'object' || given === null) return {};
    return Object.fromEntries(Object.entries(given).filter(([name]) => names.test(name)));
  } catch {
    return {};
  }
}

/** A message that is a JSON text is sent as that text. */
function textOf(input: string): string {
  try {
    const value: unknown = JSON.parse(input);
    return typeof value === 'string' ? value : input;
  } catch {
    return input;
  }
}
