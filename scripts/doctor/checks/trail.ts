import {
  type CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  type GetEventSelectorsCommandOutput,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { type EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { ask, UnansweredError } from '../ask.ts';
import type { Check } from '../check.ts';
import { mend } from '../finding.ts';

/**
 * Where a rule of this provider, of home-seed.yaml or of jupyter-setup.yaml waits for calls, a trail logs them: EventBridge
 * gets no others. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const trail: Check = {
  name: 'trail of management events',
  async find({ clients: { cloudtrail, eventbridge }, namePrefix, region }) {
    const rules = await rulesThatNeedIt(eventbridge, namePrefix);
    if (rules.length === 0) return [];
    const described = await ask('cloudtrail:DescribeTrails', cloudtrail.send(new DescribeTrailsCommand({})));
    let unanswered: UnansweredError | undefined;
    for (const { TrailARN = '' } of described!.trailList ?? []) {
      try {
        if (await logsChanges(cloudtrail, TrailARN)) return [];
      } catch (error) {
        // Another trail may do.
        if (!(error instanceof UnansweredError)) throw error;
        unanswered = error;
      }
    }
    if (unanswered) return [unanswered.finding];
    const what = `No trail in ${region} logs management events that write, and these rules get none: ${rules.join(', ')}`;
    return [mend(what, 'Create a trail of management events (read and write, or write), or start the logging of one')];
  },
};

async function rulesThatNeedIt(client: EventBridgeClient, namePrefix: string): Promise<string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const request = new ListRulesCommand({ NamePrefix: `${namePrefix}-`, NextToken });
    const page = (await ask('events:ListRules', client.send(request)))!;
    const wanted = (page.Rules ?? []).filter(
      ({ State, EventPattern = '' }) => State !== 'DISABLED' && EventPattern.includes('via CloudTrail'),
    );
    names.push(...wanted.map(({ Name }) => Name!));
    NextToken = page.NextToken;
  } while (NextToken);
  // `team-` begins `team-two-studio-setup`, too, which is another provider's.
  const ours = new RegExp(`^${namePrefix}-(studio-setup|home-seed)(-d-.*)?$`);
  return names.filter((name) => ours.test(name));
}

async function logsChanges(client: CloudTrailClient, arn: string): Promise<boolean> {
  const status = await ask('cloudtrail:GetTrailStatus', client.send(new GetTrailStatusCommand({ Name: arn })));
  if (!status!.IsLogging) return false;
  const request = new GetEventSelectorsCommand({ TrailName: arn });
  return selectsChanges((await ask('cloudtrail:GetEventSelectors', client.send(request)))!);
}

/** Whether calls of SageMaker that change something are among the events. */
function selectsChanges({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsCommandOutput): boolean {
  const event: Record<string, string> = {
    eventCategory: 'Management',
    readOnly: 'false',
    eventSource: 'sagemaker.amazonaws.com',
  };
  return (
    EventSelectors.some((one) => one.IncludeManagementEvents && one.ReadWriteType !== 'ReadOnly') ||
    AdvancedEventSelectors.some(({ FieldSelectors = [] }) =>
      FieldSelectors.every(({ Field = '', Equals, NotEquals }) => {
        const value = event[Field];
        return value !== undefined && (Equals?.includes(value) ?? true) && !NotEquals?.includes(value);
      }),
    )
  );
}
