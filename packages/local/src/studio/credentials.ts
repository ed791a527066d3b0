import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import { servicePrincipal } from '../principal.ts';
import { sagemaker } from '../services/sagemaker/index.ts';
import { assumeAsService } from '../services/sts.ts';

/** Where an app in AWS gets the credentials of its user's role, by a name that only it knows. Here that is the profile's ARN. */
const place =
  /^\/_sagemaker-instance-credentials\/(arn:[\w-]+:sagemaker:([\w-]+):(\d{12}):user-profile\/([\w-]+)\/([\w-]+))$/;

/** Is the request one for the credentials that a user of Studio works with? */
export function asksForCredentials({ method, url = '' }: IncomingMessage): boolean {
  return method === 'GET' && url.startsWith('/_sagemaker-instance-credentials/');
}

/** Answers as the credentials' endpoint of a container does, which SDKs ask by `AWS_CONTAINER_CREDENTIALS_FULL_URI`. */
export async function answerCredentials(cloud: Cloud, { url = '' }: IncomingMessage, outgoing: ServerResponse) {
  try {
    write(outgoing, 200, await credentialsOf(cloud, url));
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    write(outgoing, 404, { code: cause.name, message: cause.message });
  }
}

/** Of the profile's role, or of its domain's. What the role's policies call the user is in them. */
async function credentialsOf(cloud: Cloud, url: string): Promise<object> {
  const [, arn, region = '', account = '', DomainId, UserProfileName] = place.exec(url) ?? [];
  if (!arn) throw new AwsError('ValidationException', `${url} does not end with the ARN of a user profile`);
  const as = { principal: servicePrincipal('sagemaker.amazonaws.com', account), region };
  const profile = await cloud.invoke(sagemaker, 'DescribeUserProfile', { DomainId, UserProfileName }, as);
  const { DefaultUserSettings } = await cloud.invoke(sagemaker, 'DescribeDomain', { DomainId }, as);
  const RoleArn = profile.UserSettings?.ExecutionRole ?? DefaultUserSettings!.ExecutionRole!;
  const { credentials } = assumeAsService(cloud, RoleArn, 'sagemaker.amazonaws.com', 'SageMaker', {
    sourceArn: arn.replace(/:user-profile\/.*$/, ':*'),
    session: {
      context: { 'sagemaker:DomainId': DomainId!, 'sagemaker:UserProfileName': profile.UserProfileName! },
    },
  });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: new Date(expiration).toISOString(),
    RoleArn,
  };
}

function write(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
