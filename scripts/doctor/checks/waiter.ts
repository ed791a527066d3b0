import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { ask, findEach } from '../ask.ts';
import type { Check } from '../check.ts';
import { mend } from '../finding.ts';

/** The waiter works, and the secret that seals its states exists. The secret is not read. */
export const waiter: Check = {
  name: 'waiter and its key',
  async find(installation) {
    const { secrets, sfn } = installation.clients;
    const again = 'Delete the stack and create it again once no request is under way';
    const machines = await findEach(installation.of('AWS::StepFunctions::StateMachine'), async ({ physicalId }) => {
      const request = sfn.send(new DescribeStateMachineCommand({ stateMachineArn: physicalId }));
      const machine = await ask('states:DescribeStateMachine', request, /^StateMachineDoesNotExist/);
      if (machine?.status === 'ACTIVE') return [];
      const what = machine ? `is ${machine.status}` : 'does not exist';
      return [mend(`${physicalId} ${what}: functions poll by themselves, and long requests fail`, again)];
    });
    const keys = await findEach(installation.of('AWS::SecretsManager::Secret'), async ({ physicalId: SecretId }) => {
      const request = secrets.send(new DescribeSecretCommand({ SecretId }));
      const secret = await ask('secretsmanager:DescribeSecret', request, /^ResourceNotFound/);
      if (secret && !secret.DeletedDate) return [];
      if (!secret) return [mend(`${SecretId}: the waiter's key does not exist, and long requests fail`, again)];
      const cure = `\`aws secretsmanager restore-secret --secret-id ${SecretId}\``;
      return [mend(`${SecretId}: the waiter's key is to be deleted, and long requests fail`, cure)];
    });
    return [...machines, ...keys];
  },
};
