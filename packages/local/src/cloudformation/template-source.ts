import { AwsError } from '../errors.ts';
import type { LookupCaller } from './engine/lookup-caller.ts';
import { checkSize } from './template/parse.ts';

const moreAboutErrors =
  '\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html';

/** Where a call says that its template is. */
export interface GivenTemplate {
  TemplateBody?: string;
  TemplateURL?: string;
  UsePreviousTemplate?: boolean;
}

/** The text of the template that a call gives, or the stack's own. Throws `ValidationError` when there is not one. */
export async function templateText(caller: LookupCaller, given: GivenTemplate, previous?: string): Promise<string> {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: keep } = given;
  const ways = [body, url, keep || undefined].filter((way) => way !== undefined);
  if (ways.length > 1 || (keep && previous === undefined)) {
    throw new AwsError('ValidationError', 'Specify exactly one of TemplateBody, TemplateURL and UsePreviousTemplate');
  }
  if (keep && previous !== undefined) return previous;
  if (body !== undefined) {
    checkSize(body, 'TemplateBody');
    return body;
  }
  if (url === undefined) {
    throw new AwsError('ValidationError', 'Either Template URL or Template Body must be specified.');
  }
  const text = await fetchTemplate(caller, url);
  checkSize(text, 'TemplateURL');
  return text;
}

async function fetchTemplate({ cloud, principal, region }: LookupCaller, url: string): Promise<string> {
  const { Bucket, Key } = locationOf(url);
  try {
    const input = { Bucket, Key };
    const { Body } = await cloud.call({ service: 's3', operation: 'GetObject', input, principal, region });
    return new TextDecoder().decode(Body as Uint8Array);
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw new AwsError('ValidationError', `S3 error: ${cause.message}${moreAboutErrors}`);
  }
}

/** Is it a host of S3's, in any Region and partition, or this cloud's own? */
export function isS3(hostname: string): boolean {
  const isOwn = /(?:^|\.)localhost$|^[\d.]+$|^\[.*\]$/.test(hostname);
  return isOwn || /^(?:.+\.)?s3[.-](?:[\w.-]+\.)?amazonaws\.com(?:\.cn)?$/.test(hostname);
}

/** Reads the forms of an object's URL: the bucket in the path, or in the host. */
function locationOf(url: string): { Bucket: string; Key: string } {
  const { hostname, pathname } = parseUrl(url);
  if (!isS3(hostname)) {
    throw new AwsError(
      'ValidationError',
      `S3 error: Domain name specified in ${hostname} is not a valid S3 domain${moreAboutErrors}`,
    );
  }
  const path = decodeURIComponent(pathname.slice(1));
  const inHost = /^(.+)\.s3[.-][\w.-]*$/.exec(hostname)?.[1];
  if (inHost) return { Bucket: inHost, Key: path };
  const [bucket = '', ...key] = path.split('/');
  if (bucket === '' || key.join('/') === '') throw notS3();
  return { Bucket: bucket, Key: key.join('/') };
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw notS3();
  }
}

function notS3(): AwsError {
  return new AwsError('ValidationError', 'TemplateURL must be a supported URL.');
}
