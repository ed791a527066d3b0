import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { regionalArn } from '../../arn.ts';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { assumeAsService } from '../sts.ts';
import { imagesOf } from './custom-images.ts';

/**
 * Why SageMaker cannot use the custom images of settings, if so: it describes them with the settings' execution role.
 * The words are those of https://github.com/awslabs/aiops-modules/pull/344.
 */
export async function imageAccessProblem(
  settings: SageMaker.UserSettings | undefined,
  call: Call,
  role = settings?.ExecutionRole,
): Promise<string | undefined> {
  const images = imagesOf(settings);
  if (images.length === 0 || role === undefined) return undefined;
  const source = { sourceArn: regionalArn('sagemaker', '*', call) };
  const { principal } = assumeAsService(call.cloud, role, 'sagemaker.amazonaws.com', 'SageMaker', source);
  for (const { ImageName, ImageVersionNumber: Version } of images) {
    const describes = [
      ['image', 'DescribeImage', { ImageName }],
      ['image version', 'DescribeImageVersion', { ImageName, Version }],
    ] as const;
    for (const [noun, operation, input] of describes) {
      try {
        await call.cloud.call({ service: 'sagemaker', operation, input, principal, region: call.region });
      } catch (cause) {
        // Whether the image is there is checked where the settings are taken.
        if (!(cause instanceof AwsError)) throw cause;
        if (cause.name === 'AccessDeniedException') return denied(role, noun, operation);
      }
    }
  }
  return undefined;
}

function denied(role: string, noun: string, operation: string): string {
  return `PermissionError: SageMaker is unable to use your associated execution role [${role}] to describe ${noun}. Verify that your associated execution role has permission for 'sagemaker:${operation}'.`;
}
