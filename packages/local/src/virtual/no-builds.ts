import { AwsError } from '../errors.ts';
import type { Processes } from '../services/ci/codebuild/processes.ts';

/** A cloud at virtual time runs no processes: its builds fail, and say why. */
export const noBuilds: Processes = {
  shell(build) {
    const message = `Running ${build}: a cloud at virtual time runs no builds. Use startLocalCloud, which runs them in bash`;
    throw new AwsError('INVALID_ENVIRONMENT', message);
  },
  kill() {},
  close() {},
};
