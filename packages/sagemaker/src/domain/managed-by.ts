/** SageMaker marks with it what it makes for a domain: the home file system and the security groups. */
export const managedBy = 'ManagedByAmazonSageMakerResource';

/** Do these tags say that SageMaker made it for the domain with that id? Their value is the domain's ARN. */
export function isManagedBy(domainId: string, tags: readonly { Key?: string; Value?: string }[] = []): boolean {
  return tags.some(({ Key, Value }) => Key === managedBy && Value?.endsWith(`:domain/${domainId}`));
}
