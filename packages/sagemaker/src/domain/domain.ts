import {
  type CreateDomainRequest,
  DeleteDomainCommand,
  DescribeDomainCommand,
  type DescribeDomainResponse,
  type DomainDetails,
  paginateListDomains,
  type RetentionType,
  UpdateDomainCommand,
  UpdateDomainRequest$,
} from '@aws-sdk/client-sagemaker';
import type { Context, Log } from '@studio-resources/core';
import { BusyError, codeOf, requestDeletion, sagemaker, undefinedIfNotFound } from '../client/client.ts';
import { isTransitioning, updateWhenIdle } from '../client/status.ts';
import { diffSettings, omitUnchanged } from '../settings/settings-change.ts';
import { isOwned, updateTags } from '../tags.ts';

/** Has it the form of a domain's id? Ids that CloudFormation invents have capital letters. */
export function isDomainId(id: string): boolean {
  return id.length <= 63 && /^d-(-*[a-z0-9]){1,61}$/.test(id);
}

export function findDomain(DomainId: string): Promise<DescribeDomainResponse | undefined> {
  return undefinedIfNotFound(sagemaker().send(new DescribeDomainCommand({ DomainId })));
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
  await requestDeletion(`domain ${DomainId}`, () => sagemaker().send(command));
}

/** What no update can change. */
const immutable = ['AuthMode', 'KmsKeyId', 'HomeEfsFileSystemKmsKeyId', 'VpcId'] as const;

/**
 * Takes over the domain that has the input's name and that this stack did not make, and brings it to the input; what
 * the input does not mention stays. Returns its id, or undefined when there is none. One that this stack has made since
 * it was looked for, by another delivery of the same request, is returned as it is.
 *
 * Throws when there is one and `mayAdopt` is false, when there are several, as nothing says that names are unique, and
 * when it differs from the input in what no update can change.
 */
export async function adoptDomain(
  input: Partial<CreateDomainRequest>,
  mayAdopt: boolean,
  ctx: Context,
): Promise<string | undefined> {
  const { DomainName } = input;
  const namesakes = (await listDomains(DomainName)).filter(({ Status }) => Status !== 'Deleting');
  for (const { DomainArn, DomainId } of namesakes) if (await isOwned(DomainArn!, ctx)) return DomainId;
  const [first, ...others] = namesakes.map(({ DomainId }) => DomainId!);
  if (first === undefined) return undefined;
  if (!mayAdopt) {
    throw new Error(
      `Creating domain ${DomainName}: ${[first, ...others].join(', ')} has that name, and this stack did not make it. ` +
        'Choose another DomainName, or set AdoptExisting: true to take it over',
    );
  }
  if (others.length > 0) {
    throw new Error(
      `Adopting domain ${DomainName}: ${[first, ...others].join(' and ')} have that name. Delete all but one`,
    );
  }
  const domain = await getDomain(first);
  assertAdoptable(domain, input);
  ctx.log.info('Adopting a domain that this stack did not make', { id: first });
  await updateDomain(domain, input, {}, ctx.log);
  return first;
}

function assertAdoptable(domain: DescribeDomainResponse, input: Partial<CreateDomainRequest>): void {
  const unlike = immutable.filter((name) => input[name] !== undefined && domain[name] && domain[name] !== input[name]);
  if (unlike.length === 0) return;
  const differences = unlike.map((name) => `${name} is ${domain[name]}, not ${input[name]}`).join('; ');
  throw new Error(
    `Adopting domain ${domain.DomainId}: ${differences}, and that cannot be changed. Give the domain's own values`,
  );
}

/** What the API documents as the value of a member that is left out. */
const defaults = {
  AppNetworkAccessType: 'PublicInternetOnly',
  ExecutionRoleSessionNameMode: 'STATIC',
  HomeEfsFileSystemCreation: 'Enabled',
  NotebookOutputOption: 'Disabled',
  TagPropagation: 'DISABLED',
  UserGroup: 'R_STUDIO_USER',
};

/**
 * Changes a domain in place from `old` to `input`, settings first: if SageMaker refuses them, nothing has changed. What
 * the domain holds already is not sent.
 */
export async function updateDomain(
  domain: DescribeDomainResponse,
  input: Partial<CreateDomainRequest>,
  old: Partial<CreateDomainRequest>,
  log: Log,
): Promise<void> {
  const { DomainId, DomainArn, Status } = domain;
  const { changed, notCleared } = diffSettings(
    UpdateDomainRequest$,
    toUpdateInput(input),
    toUpdateInput(old),
    defaults,
  );
  if (notCleared.length > 0)
    log.warn('Nothing in the API clears these settings, so they keep their values', { notCleared });
  // A domain whose last update failed need not hold what it shows.
  const sent = Status === 'InService' ? omitUnchanged(changed, toUpdateInput(domain)) : changed;
  if ('AppNetworkAccessType' in sent) {
    // SageMaker refuses it without these two, unchanged as they are.
    Object.assign(sent, { VpcId: input.VpcId, SubnetIds: input.SubnetIds });
  }
  if (Object.keys(sent).length > 0) {
    const update = () => sagemaker().send(new UpdateDomainCommand({ ...sent, DomainId }));
    await updateWhenIdle(`Updating domain ${DomainId}`, domain, update, () => findDomain(DomainId!));
  }
  await updateTags(DomainArn!, input.Tags, old.Tags);
}

/** The members under the names that UpdateDomain has for them. */
function toUpdateInput({ DomainSettings, ...rest }: Partial<CreateDomainRequest>): object {
  if (!DomainSettings) return rest;
  const { RStudioServerProDomainSettings, ...settings } = DomainSettings;
  const renamed = { RStudioServerProDomainSettingsForUpdate: RStudioServerProDomainSettings };
  return { ...rest, DomainSettingsForUpdate: { ...settings, ...renamed } };
}

/**
 * Makes something in a domain. SageMaker refuses that while it is at work on the domain, such as for a lifecycle
 * configuration that another resource of the stack attaches to it.
 *
 * Throws BusyError when it is worth another try, with SageMaker's refusal, if there was one, as its cause.
 */
export async function createInDomain<T>(DomainId: string, what: string, make: () => Promise<T>): Promise<T> {
  const before = await findDomain(DomainId);
  if (before && isBusy(before)) throw busyError(what, before);
  return createInIdleDomain(DomainId, what, make, before);
}

/**
 * The same in a domain that was seen to be at rest a moment ago, by whoever makes many things in it: as `before`, if it is
 * still known.
 */
export async function createInIdleDomain<T>(
  DomainId: string,
  what: string,
  make: () => Promise<T>,
  before?: DescribeDomainResponse,
): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!['ResourceInUse', 'ValidationException'].includes(codeOf(error))) throw error;
    const now = await findDomain(DomainId);
    // It may have been changed, and be at rest again, since it was looked at.
    const isChanged = before && now?.LastModifiedTime?.getTime() !== before.LastModifiedTime?.getTime();
    if (now && (isBusy(now) || (isChanged && now.Status !== 'Deleting'))) throw busyError(what, now, error);
    throw error;
  }
}

function isBusy({ Status }: DescribeDomainResponse): boolean {
  return isTransitioning(Status) && Status !== 'Deleting';
}

function busyError(what: string, { DomainId, Status }: DescribeDomainResponse, cause?: unknown): BusyError {
  return new BusyError(`Creating ${what}: domain ${DomainId} is ${Status}`, { cause });
}
