import { GetFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { ask, findEach } from '../ask.ts';
import type { Check } from '../check.ts';
import { mend, warning } from '../finding.ts';

/** Each function may run as often at once as the stack says. One with none reserved for it never runs. */
export const concurrency: Check = {
  name: 'concurrency',
  async find(installation) {
    const { functions, stack } = installation;
    const { lambda } = installation.clients;
    const wanted = installation.parameter('ReservedConcurrency');
    return findEach(functions, async ({ physicalId: FunctionName, logicalId }) => {
      const request = lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      const answer = await ask('lambda:GetFunctionConcurrency', request, /^ResourceNotFound/);
      const reserved = answer?.ReservedConcurrentExecutions;
      const expected = wanted === '' || logicalId === 'Responder' ? undefined : Number(wanted);
      if (!answer || reserved === expected) return [];
      const cure =
        expected === undefined
          ? `\`aws lambda delete-function-concurrency --function-name ${FunctionName}\``
          : `\`aws lambda put-function-concurrency --function-name ${FunctionName} --reserved-concurrent-executions ${expected}\``;
      if (reserved === 0) return [mend(`${FunctionName} never runs: its reserved concurrency is 0`, cure)];
      const what = `${FunctionName} has a reserved concurrency of ${reserved ?? 'nothing'}, and ${stack.StackName} says ${expected ?? 'nothing'}`;
      return [warning(what, cure)];
    });
  },
};
