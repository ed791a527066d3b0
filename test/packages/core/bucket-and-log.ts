import { jest } from '@jest/globals';
import { type Bucket, type Move, responseBucket } from './bucket.ts';
import { captured, type Lines } from './console.ts';

/** The bucket of the test that runs, and what it has logged. */
export interface BucketAndLog {
  readonly bucket: ReplaceableBucket;
  readonly lines: Lines;
}

export interface ReplaceableBucket extends Omit<Bucket, 'close'> {
  /** Closes the bucket, and opens another, which makes these moves. */
  replace(...moves: Move[]): Promise<Bucket>;
}

/** Opens a response bucket and captures the log before each test; closes and restores them, and all mocks, after it. */
export function bucketAndLog(...moves: Move[]): BucketAndLog {
  let bucket: Bucket;
  let lines: Lines;
  beforeEach(async () => {
    lines = captured();
    bucket = await responseBucket(...moves);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await bucket.close();
  });
  return {
    bucket: {
      get url() {
        return bucket.url;
      },
      get puts() {
        return bucket.puts;
      },
      answer: () => bucket.answer(),
      async replace(...others) {
        await bucket.close();
        bucket = await responseBucket(...others);
        return bucket;
      },
    },
    lines: { text: () => lines.text(), take: () => lines.take(), json: () => lines.json() },
  };
}
