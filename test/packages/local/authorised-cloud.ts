import { createCloud } from '../../../packages/local/src/create-cloud.ts';
import type { FaultPlan } from '../../../packages/local/src/faults/rule.ts';
import { authorise } from '../../../packages/local/src/iam/authorise.ts';
import { accountPrincipal, type Principal } from '../../../packages/local/src/principal.ts';
import type { Cloud, Input, OperationName, Output, Service } from '../../../packages/local/src/service.ts';
import { iam } from '../../../packages/local/src/services/iam/index.ts';
import { sts } from '../../../packages/local/src/services/sts.ts';
import { Store } from '../../../packages/local/src/store.ts';
import { reach } from './reach.ts';
import { VirtualClock } from './virtual-clock.ts';

export const account = '111122223333';
export const root = accountPrincipal(account);

/** A cloud with IAM, STS and these services, where every call is authorised. */
export class AuthorisedCloud {
  readonly clock = new VirtualClock();
  readonly store = new Store();
  readonly cloud: Cloud & { close(): void };

  constructor(services: Service[] = [], endpoint = 'http://127.0.0.1', faults?: FaultPlan, jupyter?: string) {
    this.cloud = createCloud({
      clock: this.clock,
      store: this.store,
      endpoint,
      services: [iam, sts, ...services],
      authorise,
      faults,
      jupyter,
    });
  }

  /** Calls as the account, unless told otherwise. */
  call<M extends object, Name extends OperationName<M>>(
    service: Service<M>,
    operation: Name,
    input: Input<M, Name>,
    principal: Principal = root,
  ): Promise<Output<M, Name>> {
    return this.cloud.invoke(service, operation, input, { principal, region: 'eu-west-1' });
  }

  /** Makes a role with one inline policy of these statements, and a session of it. */
  async role(roleName: string, ...statements: object[]): Promise<Extract<Principal, { kind: 'role' }>> {
    await this.call(iam, 'CreateRole', { RoleName: roleName, AssumeRolePolicyDocument: trusting({ AWS: account }) });
    if (statements.length > 0) {
      const PolicyDocument = policyOf(...statements);
      await this.call(iam, 'PutRolePolicy', { RoleName: roleName, PolicyName: 'inline', PolicyDocument });
    }
    const arn = `arn:aws:sts::${account}:assumed-role/${roleName}/session`;
    return { kind: 'role', account, arn, roleName, sessionName: 'session' };
  }
}

/** A cloud, and how an SDK client calls it as the account. */
export function serveAuthorised() {
  const cloud = new AuthorisedCloud();
  const { requestHandler } = reach(cloud.cloud);
  return {
    cloud,
    options: {
      endpoint: 'http://127.0.0.1',
      region: 'eu-west-1',
      credentials: { accessKeyId: account, secretAccessKey: 'secret' },
      maxAttempts: 1,
      requestHandler,
    },
    close: () => cloud.cloud.close(),
  };
}

export function policyOf(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export function trusting(principal: object | '*', condition?: object): string {
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
  return policyOf(condition ? { ...statement, Condition: condition } : statement);
}
