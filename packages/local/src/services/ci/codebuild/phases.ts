import type * as CodeBuild from '@aws-sdk/client-codebuild';
import { AwsError } from '../../../errors.ts';
import type { Call } from '../../../service.ts';
import { type BuildRecord, projectArn } from './records.ts';

/** Why a phase has failed, by CodeBuild's own codes. */
export class PhaseFailure extends Error {
  override readonly name = 'PhaseFailure';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A phase's failure for an error of a service that the build called. */
export function phaseFailure(cause: unknown, code = 'CLIENT_ERROR'): PhaseFailure {
  if (cause instanceof PhaseFailure) return cause;
  if (!(cause instanceof AwsError)) throw cause;
  const isDenied = /AccessDenied|Unauthorized/.test(cause.name);
  return new PhaseFailure(isDenied ? 'ACCESS_DENIED' : code, cause.message, cause);
}

/** Ends the phase that a build is in, and begins the next. */
export function enter(build: BuildRecord, phase: CodeBuild.BuildPhaseType, call: Call): void {
  endPhase(build, 'SUCCEEDED', call);
  build.phases.push({ phaseType: phase, startTime: new Date(call.clock.now()) });
  build.currentPhase = phase;
}

/** Ends the current phase of a build, unless it has ended. */
export function endPhase(build: BuildRecord, status: CodeBuild.StatusType, call: Call, failure?: PhaseFailure): void {
  const phase = build.phases.at(-1);
  if (!phase || phase.phaseStatus !== undefined) return;
  const endTime = new Date(call.clock.now());
  phase.phaseStatus = status;
  phase.endTime = endTime;
  phase.durationInSeconds = Math.round((endTime.getTime() - phase.startTime!.getTime()) / 1000);
  phase.contexts = [{ statusCode: failure?.code ?? '', message: failure?.message ?? '' }];
}

/** Ends a build; one that has ended stays as it is. */
export function end(build: BuildRecord, status: CodeBuild.StatusType, call: Call): void {
  if (build.buildStatus !== 'IN_PROGRESS') return;
  endPhase(build, status, call);
  const now = new Date(call.clock.now());
  build.phases.push({ phaseType: 'COMPLETED', startTime: now });
  Object.assign(build, { buildStatus: status, buildComplete: true, endTime: now, currentPhase: 'COMPLETED' });
  publishState(build, call);
}

/** Publishes the state of a build to EventBridge. */
export function publishState(build: BuildRecord, call: Call): void {
  const { account, region, cloud } = call;
  cloud.events.emit('event', {
    source: 'aws.codebuild',
    detailType: 'CodeBuild Build State Change',
    account,
    region,
    resources: [build.arn],
    detail: {
      'build-status': build.buildStatus,
      'project-name': build.projectName,
      'build-id': build.arn,
      'project-arn': projectArn(build.projectName, call),
      'current-phase': build.currentPhase,
      'additional-information': {
        'build-number': build.buildNumber,
        'build-complete': build.buildComplete,
        initiator: build.initiator,
        'build-start-time': build.startTime?.toISOString(),
        logs: { 'group-name': build.logs?.groupName, 'stream-name': build.logs?.streamName },
      },
      version: '1',
    },
  });
}
