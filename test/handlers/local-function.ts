import { existsSync, readFileSync } from 'node:fs';
import type { Permission } from '@studio-resources/core';
import { putUrl } from '../../packages/local/src/cloudformation/resources/response-object.ts';
import type { Service } from '../../packages/local/src/service.ts';
import { zipPath } from '../../scripts/handlers.ts';
import type { Answer, Sent } from '../contract.ts';
import { account, functionArn, type LambdaCloud, lambdaCloud } from '../packages/local/lambda-cloud.ts';
import { makeFunctionRole } from './local-surroundings.ts';

const region = 'us-east-1';
const bucket = 'cloudformation-custom-resource-response-useast1';
const stackId = `arn:aws:cloudformation:${region}:${account}:stack/studio/5f1b2c30-0000-0000-0000-000000000000`;

/** A resource as the built zip, run by the local cloud with the rights that it declares, and no others. */
export interface LocalFunction extends LambdaCloud {
  send(request: Sent): Promise<Answer>;
}

/**
 * `services` are those that the resource calls, beside what every function needs; `jupyter` is the server that presigned
 * URLs lead to, `variables` the function's environment.
 */
export async function localFunction(
  name: string,
  { permissions, type }: { permissions: readonly Permission[]; type: string },
  services: Service[],
  { jupyter, variables }: { jupyter?: string; variables?: Record<string, string> } = {},
): Promise<LocalFunction> {
  if (!existsSync(zipPath(name))) throw new Error(`Testing ${name}: there is no zip of it; run npm run build first`);
  const cloud = await lambdaCloud({ speed: 30, durations: 0.02, makeRole: false, services, jupyter });
  await makeFunctionRole(cloud.iam, permissions);
  await cloud.create(name, '', {
    Code: { ZipFile: readFileSync(zipPath(name)) },
    MemorySize: 256,
    Environment: variables && { Variables: variables },
  });
  const answers = new Map<string, Answer>();
  cloud.cloud.events.on('objectCreated', (object) => {
    if (object.bucket === bucket) answers.set(object.key, JSON.parse(Buffer.from(object.body).toString()));
  });
  let requests = 0;
  return {
    ...cloud,
    async send({ LogicalResourceId = 'Studio', ResourceProperties, ...sent }) {
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
    },
  };
}
