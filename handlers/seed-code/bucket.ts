import { isTransient } from '@studio-resources/core';
import { tellingOf } from '@studio-resources/sagemaker';

/** Nothing is lost by trying again: the same content has the same key. */
export const telling = tellingOf('SeedCodeBuckets', isTransient);
