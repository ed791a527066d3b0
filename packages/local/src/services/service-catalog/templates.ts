import { createHash } from 'node:crypto';
import { readSource } from '../../cloudformation/template/source.ts';
import { isS3, templateText } from '../../cloudformation/template-source.ts';
import { AwsError } from '../../errors.ts';
import { servicePrincipal } from '../../principal.ts';
import type { Call } from '../../service.ts';
import { invalid } from './records.ts';

/** The account of Service Catalog's own that has the bucket with the templates of products. */
const owner = '679593333241';

/** The rules of a template constraint, by name, in the syntax of a template's Rules. */
export type Rules = Record<string, unknown>;

/**
 * The text of the template at a URL, read with the caller's rights. Throws InvalidParametersException, also for what AWS has
 * beside S3: GitHub and CodeCommit.
 */
export async function readTemplate(url: string, call: Call): Promise<string> {
  if (URL.canParse(url) && !isS3(new URL(url).hostname)) {
    throw invalid(
      `The local cloud reads the templates of products from S3 only, not from ${url}. Copy it into a bucket`,
    );
  }
  try {
    return await templateText(call, { TemplateURL: url });
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw invalid(`Failed to load the template from ${url}: ${cause.message}`);
  }
}

/** A template with the rules of constraints beside its own. */
export function constrained(template: string, rules: Rules): string {
  if (Object.keys(rules).length === 0) return template;
  const root = readSource(template).root as { Rules?: Rules };
  return JSON.stringify({ ...root, Rules: { ...root.Rules, ...rules } });
}

/**
 * Puts a template to where CloudFormation reads it at a launch; its URL. The object's tag is what policies grant:
 * `s3:ExistingObjectTag/servicecatalog:provisioning`.
 */
export async function publishTemplate(template: string, productId: string, call: Call): Promise<string> {
  const { cloud, region } = call;
  const Bucket = `sc-${owner}-${region}`;
  const Key = `${productId}/${createHash('sha256').update(template).digest('hex').slice(0, 32)}.template`;
  const principal = servicePrincipal('servicecatalog.amazonaws.com', owner);
  const s3 = (operation: string, input: Record<string, unknown>) =>
    cloud.call({ service: 's3', operation, input: { Bucket, ...input }, principal, region });
  try {
    await s3('HeadBucket', {});
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.name !== 'NotFound') throw cause;
    await s3('CreateBucket', {
      ...(region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint: region } }),
    });
    await s3('PutPublicAccessBlock', { PublicAccessBlockConfiguration: {} });
    await s3('PutBucketPolicy', { Policy: readableByAll(Bucket) });
  }
  await s3('PutObject', {
    Key,
    Body: new TextEncoder().encode(template),
    Tagging: 'servicecatalog%3Aprovisioning=true',
  });
  return `https://${Bucket}.s3.amazonaws.com/${Key}`;
}

/** Of whom an account's own policies allow it: another account's object takes both. */
function readableByAll(bucket: string): string {
  const Resource = `arn:aws:s3:::${bucket}/*`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        // Only the accounts that have the launch roles.
        Principal: '*',
        Action: 's3:GetObject',
        Resource,
      },
    ],
  });
}
