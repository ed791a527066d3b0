import type * as SNS from '@aws-sdk/client-sns';
import { requestId } from '../../../../request-id.ts';
import { type Provider, perform } from '../job.ts';

/** Waits for PutApprovalResult. */
export const approval: Provider = {
  async start(job) {
    const {
      NotificationArn: TopicArn,
      CustomData: customData,
      ExternalEntityLink: externalEntityLink,
    } = job.configuration;
    const token = requestId(job.call.cloud.store);
    if (TopicArn !== undefined) {
      const { pipeline } = job.execution;
      const { stage, action } = job.attempt;
      const asked = {
        pipelineName: pipeline,
        stageName: stage,
        actionName: action,
        token,
        customData,
        externalEntityLink,
      };
      const Message = JSON.stringify({ region: job.call.region, approval: asked });
      const Subject = `APPROVAL NEEDED: AWS CodePipeline ${pipeline} for action ${action}`.slice(0, 100);
      await perform<typeof SNS, 'Publish'>(job, 'sns', 'Publish', { TopicArn, Subject, Message });
    }
    return { status: 'InProgress', token };
  },
};
