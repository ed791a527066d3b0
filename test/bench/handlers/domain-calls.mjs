import { CreateDomainCommand, DescribeDomainCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';

const sagemaker = new SageMakerClient();

/** Creates the domain that the properties of a template say; gives its id. */
export async function createDomain({ ServiceToken, ...properties }) {
  const { DomainArn } = await sagemaker.send(new CreateDomainCommand({ AuthMode: 'IAM', ...properties }));
  return DomainArn.split('/').at(-1);
}

export async function isReady(DomainId) {
  const { Status, FailureReason } = await sagemaker.send(new DescribeDomainCommand({ DomainId }));
  if (Status === 'Failed') throw new Error(FailureReason);
  return Status === 'InService';
}
