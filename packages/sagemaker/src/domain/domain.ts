import {
  DeleteDomainCommand,
  DescribeDomainCommand,
  type DescribeDomainResponse,
  type DomainDetails,
  paginateListDomains,
  type RetentionType,
} from '@aws-sdk/client-sagemaker';
import { sagemaker } from '../client/clients.ts';
import { ifFound } from '../client/failures.ts';
import { startDeletion } from '../client/start-deletion.ts';

/** Has it the form of a domain's id? Ids that CloudFormation invents have capital letters. */
export function isDomainId(id: string): boolean {
  return id.length <= 63 && /^d-(-*[a-z0-9]){1,61}$/.test(id);
}

export function findDomain(DomainId: string): Promise<DescribeDomainResponse | undefined> {
  return ifFound(sagemaker().send(new DescribeDomainCommand({ DomainId })));
}

export async function getDomain(DomainId: string): Promise<DescribeDomainResponse> {
  const domain = await findDomain(DomainId);
  if (!domain) throw new Error(`Reading domain ${DomainId}: it does not exist; it was deleted outside of this stack`);
  return domain;
}

/** The domains of the account and Region, or those of a name: nothing says that names are unique. */
export async function listDomains(name?: string): Promise<DomainDetails[]> {
  const domains: DomainDetails[] = [];
  for await (const page of paginateListDomains({ client: sagemaker(), pageSize: 100 }, {})) {
    domains.push(...(page.Domains ?? []));
  }
  return domains.filter(({ DomainName }) => name === undefined || DomainName === name);
}

/** Starts deleting a domain that is empty. With `Delete`, SageMaker deletes the home file system as well. */
export async function deleteDomain(DomainId: string, HomeEfsFileSystem: RetentionType): Promise<void> {
  const command = new DeleteDomainCommand({ DomainId, RetentionPolicy: { HomeEfsFileSystem } });
  await startDeletion(`domain ${DomainId}`, () => sagemaker().send(command));
}
