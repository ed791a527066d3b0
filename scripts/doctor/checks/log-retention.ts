import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ask, findEach } from '../ask.ts';
import type { Check } from '../check.ts';
import { mend, warning } from '../finding.ts';

/** Each log group exists and is kept as long as the stack says. */
export const logRetention: Check = {
  name: 'log retention',
  async find(installation) {
    const { logs } = installation.clients;
    const days = installation.parameter('LogRetentionInDays');
    return findEach(installation.of('AWS::Logs::LogGroup'), async ({ physicalId: name }) => {
      const request = logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
      const answer = await ask('logs:DescribeLogGroups', request);
      const group = answer!.logGroups?.find(({ logGroupName }) => logGroupName === name);
      const put = `\`aws logs put-retention-policy --log-group-name ${name} --retention-in-days ${days}\``;
      if (!group) {
        const cure = `\`aws logs create-log-group --log-group-name ${name}\`, then ${put}`;
        return [mend(`${name}: there is no such log group, and its function may not create it`, cure)];
      }
      if (group.retentionInDays === undefined) return [mend(`${name} is kept for ever`, put)];
      if (String(group.retentionInDays) === days) return [];
      return [warning(`${name} is kept for ${group.retentionInDays} days, and the stack says ${days}`, put)];
    });
  },
};
