import { ListDomainsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { passRoleAdvice } from '@studio-resources/sagemaker/client/pass-role';

const subject = 'User: arn:aws:sts::000000000000:assumed-role/studio/studio is not authorized to perform: ';
const advice = "; let the provider pass it: parameter ExecutionRoleArns of the provider's stack";

/** The message of the error that a call ends with, where the service answers it with this one. */
async function messageFor(message: string): Promise<string> {
  const body = new TextEncoder().encode(JSON.stringify({ message }));
  const headers = { 'x-amzn-errortype': 'AccessDeniedException' };
  const client = new SageMakerClient({
    ...{ region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } },
    requestHandler: { handle: async () => ({ response: { statusCode: 400, headers, body } as never }) },
  });
  client.middlewareStack.use(passRoleAdvice);
  const error: Error = await client.send(new ListDomainsCommand({})).then(
    () => new Error('the call succeeded'),
    (reason: Error) => reason,
  );
  client.destroy();
  expect(error.name).toBe('AccessDeniedException');
  return error.message;
}

test('a role that no policy lets the provider pass is one for its parameter', async () => {
  const message = `${subject}iam:PassRole on resource: arn:aws:iam::000000000000:role/a because no identity-based policy allows it`;
  expect(await messageFor(message)).toBe(message + advice);
});

test.each([
  `${subject}iam:PassRole on resource: arn:aws:iam::000000000000:role/a with an explicit deny in an identity-based policy`,
  `${subject}sagemaker:CreateDomain because no identity-based policy allows it`,
])('this stays as it is: %s', async (message) => {
  expect(await messageFor(message)).toBe(message);
});
