import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { pascalCase } from '../../handlers.ts';
import { ask, findEach } from '../ask.ts';
import type { Check } from '../check.ts';
import { type Finding, mend } from '../finding.ts';
import type { Installation } from '../installation.ts';

/** Templates find each function: by an export, and by an SSM parameter, whose value is its ARN. */
export const serviceTokens: Check = {
  name: 'exports and parameters',
  async find(installation) {
    const { ssm } = installation.clients;
    const exported = installation.resourceFunctions.flatMap((one) => exportOf(installation, one.logicalId));
    const named = installation
      .of('AWS::SSM::Parameter')
      .filter(({ physicalId }) => /\/service-tokens\//.test(physicalId));
    const parameters = await findEach(named, async ({ physicalId: Name }) => {
      const arn = arnOf(installation, pascalCase(Name.split('/').at(-1)!));
      const request = ssm.send(new GetParameterCommand({ Name }));
      const answer = await ask('ssm:GetParameter', request, /^ParameterNotFound/);
      const value = answer?.Parameter?.Value;
      if (value === arn) return [];
      const cure = `\`aws ssm put-parameter --name ${Name} --type String --overwrite --value ${arn}\``;
      return [mend(answer ? `${Name} names ${value}, and not ${arn}` : `${Name}: there is no such parameter`, cure)];
    });
    return [...exported, ...parameters];
  },
};

function exportOf(installation: Installation, logicalId: string): Finding[] {
  const output = installation.stack.Outputs?.find(({ OutputKey }) => OutputKey === `${logicalId}ServiceToken`);
  const arn = arnOf(installation, logicalId);
  if (output?.ExportName !== undefined && output.OutputValue === arn) return [];
  const what = output
    ? `${logicalId}ServiceToken is ${output.OutputValue}${output.ExportName ? '' : ', not exported'}, and not ${arn}`
    : `${logicalId}ServiceToken: the stack has no such output, so no template can import it`;
  return [mend(what, 'Update the stack with the template of its release')];
}

function arnOf({ stack, region, account, functions }: Installation, logicalId: string): string | undefined {
  const name = functions.find((one) => one.logicalId === logicalId)?.physicalId;
  return `arn:${stack.StackId!.split(':')[1]}:lambda:${region}:${account}:function:${name}`;
}
