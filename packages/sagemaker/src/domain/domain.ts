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
import type { Context } from '@studio-resources/core';
import {
  BusyError,
  codeOf,
  requestDeletion,
  sagemaker,
  sagemakerWithoutRetries,
  undefinedIfNotFound,
} from '../client/client.ts';
import { isTransitioning, updateWhenIdle } from '../client/status.ts';
import { type AdoptExisting, adopt, assertMayCreate, isOwned } from '../ownership.ts';
import { assertCleared } from '../settings/not-cleared.ts';
import { diffSettings, type NotCleared, omitUnchanged, type SettingsDiff } from '../settings/settings-change.ts';
import { updateTags } from '../tags.ts';

export function findDomain(DomainId: string): Promise<DescribeDomainResponse | undefined> {
  return undefinedIfNotFound(sagemaker().send(new DescribeDomainCommand({ DomainId })));
}

export async function getDomain(DomainId: string): Promise<DescribeDomainResponse> {
  const domain = await findDomain(DomainId);
  if (!domain) throw new Error(`Reading domain ${DomainId}: it does not exist; it was deleted outside of this stack`);
  return domain;
}

/** Lists the domains of the account and Region, or those with a name. Domain names need not be unique. */
export async function listDomains(name?: string): Promise<DomainDetails[]> {
  const domains: DomainDetails[] = [];
  for await (const page of paginateListDomains({ client: sagemaker(), pageSize: 100 }, {})) {
    domains.push(...(page.Domains ?? []));
  }
  return domains.filter(({ DomainName }) => name === undefined || DomainName === name);
}

/** Calls the deletion of an empty domain. With `Delete`, SageMaker also deletes the home file system. */
export async function deleteDomain(DomainId: string, HomeEfsFileSystem: RetentionType): Promise<void> {
  const command = new DeleteDomainCommand({ DomainId, RetentionPolicy: { HomeEfsFileSystem } });
  await requestDeletion(`domain ${DomainId}`, () => sagemaker().send(command), {
    isGone: async () => !(await findDomain(DomainId)),
  });
}

/** UpdateDomain cannot change these. */
const immutable = ['AuthMode', 'KmsKeyId', 'HomeEfsFileSystemKmsKeyId', 'VpcId'] as const;

/**
 * Takes over or adopts the existing domain with the input's name, as `claim` allows, and updates it to the input; settings
 * that the input does not mention keep their values. Returns its id, or undefined when a domain has to be created. A
 * domain that this stack has created meanwhile, through a duplicate delivery of the request, is returned unchanged.
 *
 * Throws when the domain must not be adopted, when `mode` is true and there is none, when several have the name, and
 * when the domain differs from the input in a property that UpdateDomain cannot change.
 */
export async function adoptDomain(
  input: Partial<CreateDomainRequest>,
  mode: AdoptExisting,
  ctx: Context,
): Promise<string | undefined> {
  const { DomainName } = input;
  const all = (await listDomains()).filter(({ Status }) => Status !== 'Deleting');
  const namesakes = all.filter((domain) => domain.DomainName === DomainName);
  for (const { DomainArn, DomainId } of namesakes) if (await isOwned(DomainArn!, ctx)) return DomainId;
  const [first, ...others] = namesakes;
  const what = `domain ${DomainName}`;
  if (!first) {
    await assertMayCreate(what, mode, async () => all.map((domain) => domain.DomainName));
    return undefined;
  }
  if (others.length > 0) {
    const ids = namesakes.map(({ DomainId }) => DomainId).join(' and ');
    throw new Error(`Creating ${what}: ${ids} have that name. Choose another DomainName, or delete all but one`);
  }
  const { DomainArn: arn = '', DomainId = '' } = first;
  const update = async () => {
    const domain = await getDomain(DomainId);
    assertAdoptable(domain, input);
    ctx.log.info('Adopting a domain', { id: DomainId });
    await updateDomain(domain, input, {}, ctx);
  };
  const isAdopted = await adopt({ what: `${what} (${DomainId})`, arn, adopt: mode, DomainId }, update, ctx);
  return isAdopted ? DomainId : undefined;
}

function assertAdoptable(domain: DescribeDomainResponse, input: Partial<CreateDomainRequest>): void {
  const unlike = immutable.filter((name) => input[name] !== undefined && domain[name] && domain[name] !== input[name]);
  if (unlike.length === 0) return;
  const differences = unlike.map((name) => `${name} is ${domain[name]}, not ${input[name]}`).join('; ');
  throw new Error(
    `Adopting domain ${domain.DomainId}: ${differences}, and that cannot be changed. Give the domain's own values`,
  );
}

/** The API documents these values for omitted members. */
export const domainDefaults = {
  AppNetworkAccessType: 'PublicInternetOnly',
  ExecutionRoleSessionNameMode: 'STATIC',
  HomeEfsFileSystemCreation: 'Enabled',
  NotebookOutputOption: 'Disabled',
  TagPropagation: 'DISABLED',
  UserGroup: 'R_STUDIO_USER',
};

/** What an update of a domain from `old` to `input` sends. `live` is what it has now, as UpdateDomain names it, if that is known. */
export function diffDomainSettings(
  input: Partial<CreateDomainRequest>,
  old: Partial<CreateDomainRequest>,
  live?: object,
): SettingsDiff {
  const { changed, notCleared } = diffSettings(UpdateDomainRequest$, toUpdateInput(input), toUpdateInput(old), {
    live,
    defaults: domainDefaults,
  });
  // Templates have CreateDomain's names.
  const named = ({ path, value }: NotCleared) => ({
    path: path.replaceAll('DomainSettingsForUpdate.', 'DomainSettings.'),
    value,
  });
  return { changed, notCleared: notCleared.map(named) };
}

/**
 * Updates a domain in place from `old` to `input`: settings first, so that nothing has changed when SageMaker refuses
 * them. Settings that the domain already has are not sent.
 *
 * @throws Error when `input` no longer has settings that the API cannot clear, unless the stack rolls back
 */
export async function updateDomain(
  domain: DescribeDomainResponse,
  input: Partial<CreateDomainRequest>,
  old: Partial<CreateDomainRequest>,
  ctx: Context,
): Promise<void> {
  const { DomainId, DomainArn, Status } = domain;
  const live = toUpdateInput(domain);
  const { changed, notCleared } = diffDomainSettings(input, old, live);
  await assertCleared(`domain ${DomainId}`, notCleared, ctx);
  // After a failed update, DescribeDomain may show values that are not in effect.
  const sent = Status === 'InService' ? omitUnchanged(changed, live) : changed;
  if ('AppNetworkAccessType' in sent) {
    // SageMaker requires these two with it, even if they do not change.
    Object.assign(sent, { VpcId: input.VpcId, SubnetIds: input.SubnetIds });
  }
  if (Object.keys(sent).length > 0) {
    const update = () => sagemakerWithoutRetries().send(new UpdateDomainCommand({ ...sent, DomainId }));
    await updateWhenIdle(`Updating domain ${DomainId}`, domain, update, () => findDomain(DomainId!));
  }
  await updateTags(DomainArn!, input.Tags, old.Tags);
}

/** Converts members to their names in UpdateDomain. */
function toUpdateInput({ DomainSettings, ...rest }: Partial<CreateDomainRequest>): object {
  if (!DomainSettings) return rest;
  const { RStudioServerProDomainSettings, ...settings } = DomainSettings;
  const renamed = { RStudioServerProDomainSettingsForUpdate: RStudioServerProDomainSettings };
  return { ...rest, DomainSettingsForUpdate: { ...settings, ...renamed } };
}

/**
 * Creates something in a domain. SageMaker refuses that while it updates the domain, for example while another resource
 * of the stack attaches a lifecycle configuration.
 *
 * Throws BusyError when a retry can succeed, with SageMaker's error, if any, as its cause.
 */
export async function createInDomain<T>(DomainId: string, what: string, make: () => Promise<T>): Promise<T> {
  const before = await findDomain(DomainId);
  if (before && isBusy(before)) throw busyError(what, before);
  return createInIdleDomain(DomainId, what, make, before);
}

/**
 * The same in a domain that was just described as idle, for callers that create many things in it. `before` is that
 * description, if known.
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
    // The domain may have been updated, and be idle again, since it was described.
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
