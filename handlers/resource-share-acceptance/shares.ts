import {
  AcceptResourceShareInvitationCommand,
  DisassociateResourceShareCommand,
  paginateGetResourceShareInvitations,
  paginateGetResourceShares,
  paginateListResources,
  RAMClient,
  type Resource,
  type ResourceShare,
  type ResourceShareInvitation,
} from '@aws-sdk/client-ram';
import { type Context, isTransient } from '@studio-resources/core';
import { clientConfig, codeOf, ignoreErrors } from '@studio-resources/sagemaker/client/client';
import type { ShareNaming } from './properties.ts';

let client: RAMClient | undefined;

/** RAM's client, made at the first call: the environment decides where it points. */
function ram(): RAMClient {
  client ??= new RAMClient(clientConfig);
  return client;
}

/** RAM says so of what does not exist, of what is not shared with this account, or gives an empty list. */
const notFoundCodes = ['UnknownResourceException', 'ResourceShareInvitationArnNotFoundException'];

/** Nothing was done, and it is worth another try: the owner may share any moment. */
export class NotSharedYetError extends Error {
  /** The SDK's mark of an error that is worth another try. */
  readonly $retryable = { throttling: true };
}

/** The shares of other accounts that this account is in and that the naming fits. */
export async function findShares(naming: ShareNaming): Promise<ResourceShare[]> {
  const { ResourceShareArn, OwningAccountId, ResourceShareName } = naming;
  const filter =
    ResourceShareArn === undefined ? { name: ResourceShareName } : { resourceShareArns: [ResourceShareArn] };
  const shares = await collect(
    paginateGetResourceShares({ client: ram() }, { resourceOwner: 'OTHER-ACCOUNTS', ...filter }),
    ({ resourceShares }) => resourceShares,
  );
  return shares.filter(
    ({ status, owningAccountId }) =>
      // RAM still shows what was deleted a while ago.
      status !== 'DELETING' &&
      status !== 'DELETED' &&
      (OwningAccountId === undefined || owningAccountId === OwningAccountId),
  );
}

/** What a share has for this account. */
export function listResources(resourceShareArn: string): Promise<Resource[]> {
  return collect(
    paginateListResources(
      { client: ram() },
      { resourceOwner: 'OTHER-ACCOUNTS', resourceShareArns: [resourceShareArn] },
    ),
    ({ resources }) => resources,
  );
}

/** The invitations that this account has got to the share of that name, the newest first. */
export async function findInvitations(naming: ShareNaming): Promise<ResourceShareInvitation[]> {
  const { ResourceShareArn, OwningAccountId, ResourceShareName } = naming;
  const filter = ResourceShareArn === undefined ? {} : { resourceShareArns: [ResourceShareArn] };
  const invitations = await collect(
    paginateGetResourceShareInvitations({ client: ram() }, filter),
    ({ resourceShareInvitations }) => resourceShareInvitations,
  );
  return invitations
    .filter(
      ({ senderAccountId, resourceShareName }) =>
        ResourceShareArn !== undefined ||
        (senderAccountId === OwningAccountId && resourceShareName === ResourceShareName),
    )
    .toSorted((a, b) => timeOf(b) - timeOf(a));
}

/** Accepts an invitation. To accept it twice is to accept it once, so what failed on the way may be tried again. */
export async function accept({ resourceShareInvitationArn, resourceShareArn }: ResourceShareInvitation): Promise<void> {
  try {
    await ram().send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  } catch (cause) {
    if (codeOf(cause) === 'ResourceShareInvitationAlreadyAcceptedException') return;
    const what = `Accepting the invitation to ${resourceShareArn}`;
    // The owner has taken it back, perhaps for a new one.
    if (notFoundCodes.includes(codeOf(cause)) || isTransient(cause)) throw new NotSharedYetError(what, { cause });
    throw new Error(`${what}: its owner has to share it again`, { cause });
  }
}

/** Takes this account out of a share. Gives false where RAM does not let it go. */
export async function leave(resourceShareArn: string, { account, log }: Context): Promise<boolean> {
  const command = new DisassociateResourceShareCommand({ resourceShareArn, principals: [account] });
  try {
    // It may be on its way out already.
    await ignoreErrors([...notFoundCodes, 'InvalidStateTransitionException'], ram().send(command));
    return true;
  } catch (error) {
    if (codeOf(error) !== 'OperationNotPermittedException') throw error;
    log.warn('RAM lets no account leave this share: it is shared within an organization, or by its kind', { error });
    return false;
  }
}

async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  const read = async () => {
    for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  };
  await ignoreErrors(notFoundCodes, read());
  return items;
}

function timeOf({ invitationTimestamp }: ResourceShareInvitation): number {
  return invitationTimestamp?.getTime() ?? 0;
}
