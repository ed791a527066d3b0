import { AwsError } from '../../errors.ts';
import { checkPolicy } from '../../iam/policy-check.ts';
import { getRepository, invalid, named, type OnRepository, type Operations } from './records.ts';

function checkRepositoryPolicy(text: string): void {
  try {
    checkPolicy(text, 'resource');
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw invalid(
      `Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'`,
    );
  }
}

/** Images do not grow old here: a lifecycle policy is kept, and nothing comes of it. */
function checkLifecyclePolicy(text: string): void {
  const refused = (why: string) =>
    invalid(`Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: '${why}'`);
  let policy: { rules?: { rulePriority?: unknown; selection?: unknown; action?: { type?: unknown } }[] };
  try {
    policy = JSON.parse(text) as typeof policy;
  } catch {
    throw refused('Lifecycle policy validation failure: it is not JSON');
  }
  const rules = Array.isArray(policy.rules) ? policy.rules : [];
  if (rules.length === 0) throw refused('Lifecycle policy validation failure: it has no rules');
  for (const { rulePriority, selection, action } of rules) {
    if (typeof rulePriority !== 'number' || !selection || action?.type !== 'expire') {
      throw refused('Lifecycle policy validation failure: a rule takes rulePriority, selection and action');
    }
  }
}

function missing(code: string, what: string, { repositoryName }: OnRepository, account: string): AwsError {
  const message = `${what} does not exist for the repository with name '${repositoryName}' in the registry with id '${account}'`;
  return new AwsError(code, message);
}

export const policyOperations: Operations = {
  SetRepositoryPolicy(input, call) {
    const repository = getRepository(input, call);
    checkRepositoryPolicy(input.policyText ?? '');
    repository.policy = input.policyText;
    return { ...named(repository), policyText: repository.policy };
  },

  GetRepositoryPolicy(input, call) {
    const repository = getRepository(input, call);
    if (repository.policy !== undefined) return { ...named(repository), policyText: repository.policy };
    throw missing('RepositoryPolicyNotFoundException', 'Repository policy', input, call.account);
  },

  DeleteRepositoryPolicy(input, call) {
    const repository = getRepository(input, call);
    const { policy } = repository;
    if (policy === undefined) {
      throw missing('RepositoryPolicyNotFoundException', 'Repository policy', input, call.account);
    }
    delete repository.policy;
    return { ...named(repository), policyText: policy };
  },

  PutLifecyclePolicy(input, call) {
    const repository = getRepository(input, call);
    checkLifecyclePolicy(input.lifecyclePolicyText ?? '');
    repository.lifecyclePolicy = input.lifecyclePolicyText;
    return { ...named(repository), lifecyclePolicyText: repository.lifecyclePolicy };
  },

  GetLifecyclePolicy(input, call) {
    const repository = getRepository(input, call);
    const { lifecyclePolicy } = repository;
    if (lifecyclePolicy !== undefined) return { ...named(repository), lifecyclePolicyText: lifecyclePolicy };
    throw missing('LifecyclePolicyNotFoundException', 'Lifecycle policy', input, call.account);
  },

  DeleteLifecyclePolicy(input, call) {
    const repository = getRepository(input, call);
    const { lifecyclePolicy } = repository;
    if (lifecyclePolicy === undefined) {
      throw missing('LifecyclePolicyNotFoundException', 'Lifecycle policy', input, call.account);
    }
    delete repository.lifecyclePolicy;
    return { ...named(repository), lifecyclePolicyText: lifecyclePolicy };
  },
};
