import { setTimeout as pause } from 'node:timers/promises';

/** The pauses before further attempts, in milliseconds. */
const pauses = [100, 200, 400];

/**
 * Makes a conditional upload, and makes it again where S3 has refused it with 409 ConditionalRequestConflict, since another
 * request was changing the object: then "you should retry the upload", with the object's ETag if that was the condition,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 *
 * @throws what the last attempt throws
 */
export async function despiteConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (const milliseconds of pauses) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error) && !isConflict((error as Error).cause)) throw error;
      await pause(milliseconds);
    }
  }
  return attempt();
}

function isConflict(error: unknown): boolean {
  return (error as Error | undefined)?.name === 'ConditionalRequestConflict';
}
