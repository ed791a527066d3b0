import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../errors.ts';
import { notAPage } from '../foreign-page.ts';
import { servicePrincipal } from '../principal.ts';
import type { Cloud } from '../service.ts';
import { sagemaker } from '../services/sagemaker/index.ts';
import { assumeAsService } from '../services/sts.ts';

/** Where an app in AWS gets the credentials of its user's role, by a name that only it knows. Here that is the profile's ARN. */
const place = '/_sagemaker-instance-credentials/';

const userProfile = /^arn:[\w-]+:sagemaker:([\w-]+):(\d{12}):user-profile\/([\w-]+)\/([\w-]+)$/;

/** Is the request one for the credentials that a user of Studio works with? */
export function asksForCredentials({ method, url = '' }: IncomingMessage): boolean {
  return method === 'GET' && url.startsWith(place);
}

/** Answers as the credentials' endpoint of a container does, which SDKs ask by `AWS_CONTAINER_CREDENTIALS_FULL_URI`. */
export async function answerCredentials(cloud: Cloud, { url = '' }: IncomingMessage, outgoing: ServerResponse) {
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration, roleArn } = await userCredentials(
      cloud,
      url.slice(place.length),
    );
    write(outgoing, 200, {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: new Date(expiration).toISOString(),
      RoleArn: roleArn,
    });
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    write(outgoing, 404, { code: cause.name, message: cause.message });
  }
}

/**
 * What the apps of a user profile, by its ARN, call AWS with: credentials of the profile's role, or of its domain's. What
 * the role's policies call the user is in them. Throws where there is no such profile.
 */
export async function userCredentials(cloud: Cloud, arn: string) {
  const [, region = '', account = '', DomainId, UserProfileName] = userProfile.exec(arn) ?? [];
  if (!UserProfileName) throw new AwsError('ValidationException', `${arn} is not the ARN of a user profile`);
  const as = { principal: servicePrincipal('sagemaker.amazonaws.com', account), region };
  const profile = await cloud.invoke(sagemaker, 'DescribeUserProfile', { DomainId, UserProfileName }, as);
  const { DefaultUserSettings } = await cloud.invoke(sagemaker, 'DescribeDomain', { DomainId }, as);
  const roleArn = profile.UserSettings?.ExecutionRole ?? DefaultUserSettings!.ExecutionRole!;
  const { credentials } = assumeAsService(cloud, roleArn, 'sagemaker.amazonaws.com', 'SageMaker', {
    sourceArn: arn.replace(/:user-profile\/.*$/, ':*'),
    session: {
      context: { 'sagemaker:DomainId': DomainId!, 'sagemaker:UserProfileName': profile.UserProfileName! },
    },
  });
  return { ...credentials, roleArn };
}

function write(outgoing: ServerResponse, status: number, body: object): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...notAPage }).end(JSON.stringify(body));
}
