import * as IAM from '@aws-sdk/client-iam';
import { serveAuthorised, trusting } from '../authorised-cloud.ts';

/** A trust policy that lets SageMaker assume the role. */
export const trust = trusting({ Service: 'sagemaker.amazonaws.com' });

/** Serves a new cloud to each test, with a client of IAM. */
export function servedIam() {
  let served: ReturnType<typeof serveAuthorised>;
  let client: IAM.IAM;
  beforeEach(() => {
    served = serveAuthorised();
    client = new IAM.IAM(served.options);
  });
  afterEach(() => {
    client.destroy();
    served.close();
  });
  return {
    get client() {
      return client;
    },
    get cloud() {
      return served.cloud;
    },
    /** What a client of any service needs to reach the cloud. */
    get options() {
      return served.options;
    },
    createRole: (RoleName: string, more: Partial<IAM.CreateRoleCommandInput> = {}) =>
      client.createRole({ RoleName, AssumeRolePolicyDocument: trust, ...more }),
  };
}

/** The code, message and HTTP status with which a call is refused; undefined when it succeeds. */
export function failure(call: Promise<unknown>) {
  return call.then(
    () => undefined,
    (error: IAM.IAMServiceException) => ({
      code: error.name.replace(/Exception$/, ''),
      message: error.message,
      status: error.$metadata.httpStatusCode,
    }),
  );
}
