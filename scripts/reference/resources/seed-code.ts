import type { ResourceText } from '../resource/text.ts';

export const text: ResourceText = {
  use: "Delivers a project template's seed code into a bucket from which AWS Service Catalog launches read it, under a key that contains a hash of the content and with the tag that SageMaker's launch role requires. There is no type of AWS that copies an object; `aws s3 cp` before the deployment is enough if a pipeline can do that.",
  minimal: 'docs/examples/seed-code.yaml',
  full: 'cloudformation/examples/seed-code.yaml',
  ref: '`s3://<bucket>/<key>` of the delivered zip.',
  attributes: {
    Bucket: 'The bucket that it was delivered to.',
    Key: 'Its key there.',
    VersionId: 'Its version, in a versioned bucket.',
    ChecksumSHA256: 'Its SHA-256, in base64.',
  },
  holding:
    '**Deletion** deletes the object, if its tags name this stack and logical id. **A renamed logical id** or another stack that delivers the same content to the same key keeps the object. **Adoption**: an object that is there already, with the same content, is used. **Reach**: the buckets of `SeedCodeBuckets`.',
  errors: [
    {
      shows: "the provider's parameter SeedCodeBuckets has to name it",
      cure: 'Add the bucket to `SeedCodeBuckets` of the stack of `provider.yaml`.',
      test: 'test/handlers/seed-code.test.ts',
    },
    {
      shows: 'required, but missing; or give SourcePrefix instead',
      cure: 'Give `SourceKey` or `SourcePrefix`.',
      test: 'test/handlers/seed-code.test.ts',
    },
    {
      shows: 'it is not a zip',
      cure: 'Give a zip, or a folder by `SourcePrefix`.',
      test: 'test/handlers/seed-code.test.ts',
    },
    {
      shows: 'it was overwritten',
      cure: 'Something else has written to that key: remove it, and deploy again.',
      test: 'test/handlers/seed-code.test.ts',
    },
  ],
  moving: 'There is no type of AWS for that, and nothing to move.',
};
