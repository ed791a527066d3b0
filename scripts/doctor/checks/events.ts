import { DescribeRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetAliasCommand } from '@aws-sdk/client-lambda';
import { ask, findEach } from '../ask.ts';
import type { Check } from '../check.ts';
import { mend, warning } from '../finding.ts';

/** The rules of the stack are on, and the aliases that they invoke exist. */
export const events: Check = {
  name: 'events of new servers',
  async find(installation) {
    const { eventbridge, lambda } = installation.clients;
    const aliases = await findEach(installation.of('AWS::Lambda::Alias'), async ({ physicalId }) => {
      // arn:aws:lambda:…:function:studio-resources-studio-setup:events
      const [FunctionName = '', Name = ''] = physicalId.split(':').slice(-2);
      const alias = lambda.send(new GetAliasCommand({ FunctionName, Name }));
      if (await ask('lambda:GetAlias', alias, /^ResourceNotFound/)) return [];
      const cure = 'Update the stack without SetupCommands and SetupCommandsS3Uri, then with them again';
      return [mend(`${FunctionName}: its alias ${Name} does not exist, which the rule for new servers invokes`, cure)];
    });
    const rules = await findEach(installation.of('AWS::Events::Rule'), async ({ physicalId: Name }) => {
      const rule = await ask(
        'events:DescribeRule',
        eventbridge.send(new DescribeRuleCommand({ Name })),
        /^ResourceNotFound/,
      );
      if (!rule) {
        const cure = 'Update the stack without SetupCommands and SetupCommandsS3Uri, then with them again';
        return [mend(`${Name}: the rule does not exist, so new servers are not set up`, cure)];
      }
      if (rule.State !== 'DISABLED') return [];
      return [
        warning(`${Name}: the rule is off, so new servers are not set up`, `\`aws events enable-rule --name ${Name}\``),
      ];
    });
    return [...aliases, ...rules];
  },
};
