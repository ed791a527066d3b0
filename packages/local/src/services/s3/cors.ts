import type * as S3 from '@aws-sdk/client-s3';
import { AwsError } from '../../errors.ts';
import { malformed, present } from './errors.ts';
import { getBucket, type Operations } from './state.ts';

const methods = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE'];

/** A bucket's rules for requests of web pages are kept and given back. The local cloud answers no page of another origin. */
export const corsOperations: Operations = {
  PutBucketCors({ Bucket, CORSConfiguration }, call) {
    const bucket = getBucket(call, Bucket);
    const { CORSRules: rules = [] } = CORSConfiguration ?? {};
    if (rules.length === 0 || rules.length > 100) throw malformed();
    for (const rule of rules) checkRule(rule);
    bucket.cors = rules;
    return {};
  },
  GetBucketCors({ Bucket }, call) {
    const { cors, name } = getBucket(call, Bucket);
    return { CORSRules: present(cors, name, 'NoSuchCORSConfiguration', 'The CORS configuration does not exist') };
  },
  DeleteBucketCors({ Bucket }, call) {
    delete getBucket(call, Bucket).cors;
    return {};
  },
};

/** Throws with S3's texts, for a method that is none and for a second wildcard. */
function checkRule({ AllowedMethods = [], AllowedOrigins = [], AllowedHeaders = [] }: S3.CORSRule): void {
  if (AllowedMethods.length === 0 || AllowedOrigins.length === 0) throw malformed();
  const unknown = AllowedMethods.find((method) => !methods.includes(method));
  if (unknown !== undefined) {
    throw invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`);
  }
  for (const [kind, values] of Object.entries({ AllowedOrigin: AllowedOrigins, AllowedHeader: AllowedHeaders })) {
    const wrong = values.find((value) => value.split('*').length > 2);
    if (wrong !== undefined) throw invalid(`${kind} "${wrong}" can not have more than one wildcard.`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequest', message);
}
