import type { DescribeImageResponse, DescribeImageVersionResponse } from '@aws-sdk/client-sagemaker';
import type { Status } from '@studio-resources/core';

/** Where an image stands. */
export function imageStatus({ ImageName, ImageStatus, FailureReason }: DescribeImageResponse): Status {
  return statusOf(`image ${ImageName}`, ImageStatus, FailureReason);
}

/** Where a version of an image stands. */
export function imageVersionStatus(imageName: string, version: DescribeImageVersionResponse): Status {
  const { Version, BaseImage, ImageVersionStatus, FailureReason } = version;
  return statusOf(`version ${Version} of image ${imageName}, from ${BaseImage},`, ImageVersionStatus, FailureReason);
}

function statusOf(what: string, status: string | undefined, reason: string | undefined): Status {
  switch (status) {
    case 'CREATED':
      return 'ready';
    case 'CREATING':
    case 'UPDATING':
    case 'DELETING':
      return { pending: `${what} is ${status}` };
    case 'CREATE_FAILED':
    case 'UPDATE_FAILED':
    case 'DELETE_FAILED':
      return { failed: `${what} is ${status}: ${reason || 'SageMaker gives no reason'}` };
    default:
      return { failed: `${what} has the status ${status}, which is unknown here` };
  }
}
