import type * as ECR from '@aws-sdk/client-ecr';
import { AwsError } from '../../errors.ts';
import type { Call, Definition } from '../../service.ts';

export type Operations = Definition<typeof ECR>['operations'];

export interface ImageRecord {
  digest: string;
  manifest: string;
  mediaType: string;
  tags: string[];
  pushed: Date;
  scanned?: Date;
}

export interface RepositoryRecord {
  shown: ECR.Repository & { repositoryArn: string; repositoryName: string; registryId: string };
  tags: Record<string, string>;
  /** JSON. */
  policy?: string;
  lifecyclePolicy?: string;
  images: Record<string, ImageRecord>;
}

export const repositories = (call: Call) => call.table<RepositoryRecord>('repositories');

/** Every operation takes the registry of another account; here it is always one's own. */
export interface OnRepository {
  registryId?: string;
  repositoryName?: string;
}

/** Throws RepositoryNotFoundException. */
export function getRepository({ registryId, repositoryName }: OnRepository, call: Call): RepositoryRecord {
  const own = registryId === undefined || registryId === call.account;
  const found = own ? repositories(call).get(repositoryName ?? '') : undefined;
  if (found) return found;
  const message = `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId ?? call.account}'`;
  throw new AwsError('RepositoryNotFoundException', message);
}

/** What nearly every answer names. */
export function named({ shown }: RepositoryRecord): { registryId: string; repositoryName: string } {
  return { registryId: shown.registryId, repositoryName: shown.repositoryName };
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
