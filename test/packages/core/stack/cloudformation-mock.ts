import { CloudFormationClient, CloudFormationServiceException } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';

/** Mocks CloudFormation's client for all tests of a file; each scripts its responses anew. */
export function cloudFormationMock() {
  const cloudformation = mockClient(CloudFormationClient);
  beforeEach(() => void cloudformation.reset());
  afterAll(() => cloudformation.restore());
  return cloudformation;
}

export function refusal(name: string, message: string): CloudFormationServiceException {
  return new CloudFormationServiceException({ name, message, $fault: 'client', $metadata: {} });
}
