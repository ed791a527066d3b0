import { existsSync, readFileSync } from 'node:fs';
import type { Permission } from '@studio-resources/core';
import { putUrl } from '../../packages/local/src/cloudformation/resources/response-object.ts';
import type { Service } from '../../packages/local/src/service.ts';
import { zipPath } from '../../scripts/handlers.ts';
import type { Answer, Sent } from '../contract.ts';
import { account, functionArn, type LambdaCloud, lambdaCloud } from '../packages/local/lambda-cloud.ts';
import { makeFunctionRole } from './local-surroundings.ts';
import { recordRights } from './record-rights.ts';

export const region = 'us-east-1';
const bucket = 'cloudformation-custom-resource-response-useast1';
export const stackId = `arn:aws:cloudformation:${region}:${account}:stack/studio/5f1b2c30-0000-0000-0000-000000000000`;

/** A resource as the built zip, run by the local cloud with the rights that it declares, and no others. */
export interface LocalFunction extends LambdaCloud {
  send(request: Sent): Promise<Answer>;
}

/**
 * `services` are those that the resource calls, beside what every function needs; `files` is where the files of file
 * systems are, `jupyter` the server that presigned URLs lead to, `variables` the function's environment.
 */
export async function localFunction(
  name: string,
  { permissions, type }: { permissions: readonly Permission[]; type: string },
  services: Service[],
  { files, jupyter, variables }: { files?: string; jupyter?: string; variables?: Record<string, string> } = {},
): Promise<LocalFunction> {
  const zip = builtZip(name);
  const cloud = await lambdaCloud({ speed: 30, durations: 0.02, makeRole: false, services, files, jupyter });
  await makeFunctionRole(cloud.iam, permissions);
  return { ...cloud, send: await install(cloud, { name, type, zip, variables }) };
}

/** The zip of a handler. Throws where there is none. */
export function builtZip(name: string): Buffer {
  if (!existsSync(zipPath(name))) throw new Error(`Testing ${name}: there is no zip of it; run npm run build first`);
  return readFileSync(zipPath(name));
}

/** Makes the function, whose role has to be there; gives what sends requests to it, and their answers back. */
export async function install(
  cloud: LambdaCloud,
  { name, type, zip, variables }: { name: string; type: string; zip: Buffer; variables?: Record<string, string> },
): Promise<LocalFunction['send']> {
  const Environment = variables && { Variables: variables };
  recordRights(cloud.cloud, name);
  await cloud.create(name, '', { Code: { ZipFile: zip }, MemorySize: 256, Environment });
  const answers = new Map<string, Answer>();
  cloud.cloud.events.on('objectCreated', (object) => {
    if (object.bucket === bucket) answers.set(object.key, JSON.parse(Buffer.from(object.body).toString()));
  });
  let requests = 0;
  return async ({ LogicalResourceId = 'Studio', ResourceProperties, ...sent }) => {
    requests += 1;
    const RequestId = `request-${requests}`;
    await cloud.invoke(name, {
      ...sent,
      LogicalResourceId,
      ServiceToken: functionArn(name),
      StackId: stackId,
      RequestId,
      ResponseURL: await putUrl(cloud.cloud, region, bucket, RequestId),
      ResourceType: type,
      ResourceProperties: { ServiceToken: functionArn(name), ...ResourceProperties },
    });
    const answer = answers.get(RequestId);
    if (!answer) throw new Error(`Awaiting the answer to ${RequestId}: the function gave none`);
    return answer;
  };
}
