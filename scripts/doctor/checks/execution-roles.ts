import { GetRoleCommand, type Role } from '@aws-sdk/client-iam';
import { ask, findEach } from '../ask.ts';
import type { Check } from '../check.ts';
import { type Finding, mend, warning } from '../finding.ts';

const service = 'sagemaker.amazonaws.com';

/** Each role that ExecutionRoleArns names exists and trusts SageMaker, and no pattern there is for every role. */
export const executionRoles: Check = {
  name: 'execution roles',
  async find(installation) {
    const { iam } = installation.clients;
    return findEach(installation.parameter('ExecutionRoleArns').split(','), async (arn) => {
      if (/(^|:role\/)\*+$/.test(arn)) {
        const cure =
          'Update the stack with ExecutionRoleArns that name roles, or a pattern such as arn:aws:iam::*:role/studio-*';
        return [warning(`ExecutionRoleArns has ${arn}: a template can give Studio every role of the account`, cure)];
      }
      if (/[*?]/.test(arn)) return [];
      // IAM passes no role of another account: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
      if (arn.split(':')[4] !== installation.account) {
        return [mend(`${arn} belongs to another account, and can never be passed`, named(installation.account))];
      }
      const request = iam.send(new GetRoleCommand({ RoleName: arn.split('/').at(-1)! }));
      const role = (await ask('iam:GetRole', request, /^NoSuchEntity/))?.Role;
      return role ? problemsOf(role, arn) : [mend(`${arn}: there is no such role`, named(installation.account))];
    });
  },
};

function named(account: string): string {
  return `Create the role, or update the stack with ExecutionRoleArns of roles in ${account}`;
}

function problemsOf({ RoleName, Arn, AssumeRolePolicyDocument = '' }: Role, arn: string): Finding[] {
  if (Arn !== arn) {
    return [
      mend(`${arn}: the role of that name is ${Arn}`, `Update the stack with ${Arn} among the ExecutionRoleArns`),
    ];
  }
  if (trusts(decodeURIComponent(AssumeRolePolicyDocument))) return [];
  const cure = `Allow ${service} sts:AssumeRole in the trust policy of ${RoleName}`;
  return [mend(`${arn} does not trust ${service}, so Studio cannot use it`, cure)];
}

interface Statement {
  Effect: string;
  Principal?: string | Record<string, string | string[]>;
  Action?: string | string[];
}

/** Whether a trust policy lets SageMaker assume the role, conditions aside. */
function trusts(document: string): boolean {
  const { Statement: statements } = JSON.parse(document) as { Statement: Statement | Statement[] };
  return [statements].flat().some(({ Effect, Principal, Action }) => {
    const services = typeof Principal === 'object' ? [Principal.Service ?? []].flat() : [];
    const actions = [Action ?? []].flat();
    return (
      Effect === 'Allow' &&
      services.includes(service) &&
      actions.some((action) => /^(sts:(AssumeRole|\*)|\*)$/i.test(action))
    );
  });
}
