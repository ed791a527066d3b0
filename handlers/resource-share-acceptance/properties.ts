import { boolean, matching, type Place, type PropsOf, properties } from '@studio-resources/core';

const members = properties({
  /** The resource share; or give OwningAccountId and ResourceShareName. */
  ResourceShareArn: matching(
    /^arn:[\w-]+:ram:[a-z0-9-]+:\d{12}:resource-share\/[\w-]+$/,
    'the ARN of a resource share, such as arn:aws:ram:eu-west-1:111122223333:resource-share/…',
  ).optional(),
  /** The account that shares. */
  OwningAccountId: matching(/^\d{12}$/, 'the 12 digits of an account').optional(),
  /** The name of the share. Its owner must have only one share with that name. */
  ResourceShareName: matching(/./, 'the name of a resource share').optional(),
  /**
   * Whether a deletion leaves the share, even if it was accepted before, unless another resource holds it too. Only the
   * owner can share it again.
   */
  LeaveOnDelete: boolean().default(false),
});

export type Props = PropsOf<typeof members>;

/** How a template identifies a share: by its ARN, or by its owner and its name. */
export type ShareNaming = Pick<Props, 'ResourceShareArn' | 'OwningAccountId' | 'ResourceShareName'>;

export const schema = members.check(checkNaming);

/** Adds a problem when the share is not identified in exactly one way. */
function checkNaming({ ResourceShareArn, OwningAccountId, ResourceShareName }: ShareNaming, place: Place): void {
  const [given, other] =
    OwningAccountId === undefined
      ? (['ResourceShareName', 'OwningAccountId'] as const)
      : (['OwningAccountId', 'ResourceShareName'] as const);
  const isNamed = OwningAccountId !== undefined || ResourceShareName !== undefined;
  if (ResourceShareArn !== undefined) {
    if (isNamed) place.at(given).wrong('means the same as ResourceShareArn, which is given too; give only one of them');
  } else if (!isNamed) {
    const message = 'required, but missing; or give OwningAccountId and ResourceShareName instead';
    place.at('ResourceShareArn').wrong(message);
  } else if (OwningAccountId === undefined || ResourceShareName === undefined) {
    place.at(other).wrong(`required with ${given}, but missing; or give ResourceShareArn instead`);
  }
}
