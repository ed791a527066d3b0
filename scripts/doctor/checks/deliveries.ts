import { GetFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
import { ask, findEach } from '../ask.ts';
import type { Check } from '../check.ts';
import { mend } from '../finding.ts';

/** What a function fails to respond to goes to the responder: without that, a stack hangs for up to an hour. */
export const deliveries: Check = {
  name: 'on-failure destinations',
  async find(installation) {
    const { lambda } = installation.clients;
    const responder = installation.output('Responder');
    return findEach(installation.resourceFunctions, async ({ physicalId: FunctionName }) => {
      if (!(await installation.configurationOf(FunctionName))) return [];
      const request = new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' });
      const config = await ask('lambda:GetFunctionEventInvokeConfig', lambda.send(request), /^ResourceNotFound/);
      const destination = config?.DestinationConfig?.OnFailure?.Destination;
      if (destination === responder) return [];
      const what = `${FunctionName}: its on-failure destination is ${destination ?? 'missing'}, and not the responder. A stack hangs where it crashes`;
      const to = `'{"OnFailure":{"Destination":"${responder}"}}'`;
      const settings = '--maximum-retry-attempts 0 --maximum-event-age-in-seconds 1800';
      const cure = `\`aws lambda put-function-event-invoke-config --function-name ${FunctionName} --qualifier '$LATEST' ${settings} --destination-config ${to}\``;
      return [mend(what, cure)];
    });
  },
};
