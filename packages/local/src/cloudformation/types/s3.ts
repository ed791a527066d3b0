import type * as S3 from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import type { ResourceContext } from '../resources/resource-type.ts';
import { partitionOf } from '../stack.ts';
import { nativeType } from './native-type.ts';
import { document, optional, required, tags, text } from './property.ts';
import { bucketSettings, configure, firstAcl } from './s3-settings.ts';
import { type ServiceClient, serviceClient, undefinedIfNotFound } from './service-client.ts';

const s3Client = (context: ResourceContext) => serviceClient<typeof S3>(context, 's3');

const bucket = nativeType({
  type: 'AWS::S3::Bucket',
  properties: {
    BucketName: optional(text, 'replaces'),
    ...bucketSettings,
    Tags: optional(tags),
  },
  async create(values, context) {
    const s3 = s3Client(context);
    const Bucket = values.BucketName ?? context.inventName(63).toLowerCase();
    // In us-east-1 S3 makes no fuss about a bucket of one's own that exists, but CloudFormation adopts none.
    if (await bucketExists(s3, Bucket)) throw new AwsError('AlreadyExists', `${Bucket} already exists`);
    const LocationConstraint = context.region as S3.BucketLocationConstraint;
    const ACL = firstAcl(values);
    await s3('CreateBucket', {
      Bucket,
      ACL,
      CreateBucketConfiguration: context.region === 'us-east-1' ? undefined : { LocationConstraint },
    });
    context.initiated(Bucket);
    // With an ACL that the new bucket has already, nothing is left to set.
    await configure(s3, Bucket, ACL ? { ...values, AccessControl: undefined } : values, {});
    return { physicalId: Bucket, attributes: bucketAttributes(Bucket, context.region) };
  },
  async update({ physicalId, values, old, changed }, context) {
    const now = Object.fromEntries(Object.entries(values).filter(([name]) => changed.has(name as keyof typeof values)));
    const gone = Object.fromEntries(Object.entries(old).filter(([name]) => changed.has(name as keyof typeof values)));
    await configure(s3Client(context), physicalId, now, gone);
    return { physicalId, attributes: bucketAttributes(physicalId, context.region) };
  },
  async delete(Bucket, _, context) {
    await undefinedIfNotFound(s3Client(context)('DeleteBucket', { Bucket }));
  },
});

async function bucketExists(s3: ServiceClient<typeof S3>, Bucket: string): Promise<boolean> {
  try {
    await s3('HeadBucket', { Bucket });
    return true;
  } catch {
    // Not there, or not to be seen: creating it tells.
    return false;
  }
}

function bucketAttributes(name: string, region: string) {
  const suffix = partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return {
    Arn: `arn:${partitionOf(region)}:s3:::${name}`,
    DomainName: `${name}.s3.${suffix}`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.${suffix}`,
    RegionalDomainName: `${name}.s3.${region}.${suffix}`,
    WebsiteURL: `http://${name}.s3-website-${region}.${suffix}`,
  };
}

const bucketPolicy = nativeType({
  type: 'AWS::S3::BucketPolicy',
  properties: { Bucket: required(text, 'replaces'), PolicyDocument: required(document) },
  async create({ Bucket, PolicyDocument }, context) {
    await s3Client(context)('PutBucketPolicy', { Bucket, Policy: PolicyDocument });
    return { physicalId: Bucket, attributes: {} };
  },
  async update({ physicalId, values: { PolicyDocument } }, context) {
    await s3Client(context)('PutBucketPolicy', { Bucket: physicalId, Policy: PolicyDocument });
    return { physicalId, attributes: {} };
  },
  async delete(Bucket, _, context) {
    await undefinedIfNotFound(s3Client(context)('DeleteBucketPolicy', { Bucket }));
  },
});

export const s3Types = [bucket, bucketPolicy];
