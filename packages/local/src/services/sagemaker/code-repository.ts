import type * as SageMaker from '@aws-sdk/client-sagemaker';
import type { Call } from '../../service.ts';
import { list } from './pages.ts';
import { all, arnOf, type CodeRepositoryRecord, invalid, type Operations, tableOf } from './records.ts';
import { checkTags, forgetTags, tagNew } from './tags.ts';
import { matchesTimes } from './time-filter.ts';

/**
 * The repository of that name. Throws a ValidationException: the API has no error of its own for it. Terraform's
 * provider knows it by the words "Cannot find CodeRepository".
 */
function get(CodeRepositoryName: string | undefined, call: Call): CodeRepositoryRecord {
  const repository = tableOf('code-repository', call).get(CodeRepositoryName ?? '');
  if (repository) return repository;
  throw invalid(`Cannot find CodeRepository: "${arnOf('code-repository', CodeRepositoryName ?? '', call)}"`);
}

/** Git repositories that notebooks can be associated with. They have no status, and nothing looks whether the URL exists. */
export const codeRepositoryOperations: Operations = {
  CreateCodeRepository(request, call) {
    checkTags(request.Tags);
    const { CodeRepositoryName = '', GitConfig, Tags } = request;
    const repositories = tableOf('code-repository', call);
    const arn = arnOf('code-repository', CodeRepositoryName, call);
    if (repositories.has(CodeRepositoryName)) throw invalid(`Cannot create already existing CodeRepository "${arn}".`);
    const CreationTime = new Date(call.clock.now());
    repositories.set(CodeRepositoryName, {
      key: CodeRepositoryName,
      arn,
      shown: { CodeRepositoryName, CodeRepositoryArn: arn, GitConfig, CreationTime, LastModifiedTime: CreationTime },
      visibleAt: CreationTime.getTime(),
      step: 0,
    });
    tagNew(arn, Tags, call);
    return { CodeRepositoryArn: arn };
  },

  DescribeCodeRepository(request, call) {
    return get(request.CodeRepositoryName, call).shown;
  },

  ListCodeRepositories({ SortBy = 'Name', SortOrder = 'Ascending', ...request }, call) {
    const part = request.NameContains ?? '';
    const found = all('code-repository', call, ({ key, shown }) => key.includes(part) && matchesTimes(request, shown));
    const { items, NextToken } = list({ ...request, SortBy, SortOrder }, found, summaryOf, call);
    return { CodeRepositorySummaryList: items, NextToken };
  },

  /** The URL and the branch cannot be changed. */
  UpdateCodeRepository(request, call) {
    const { shown, arn } = get(request.CodeRepositoryName, call);
    shown.GitConfig = { ...shown.GitConfig!, ...request.GitConfig };
    shown.LastModifiedTime = new Date(call.clock.now());
    return { CodeRepositoryArn: arn };
  },

  DeleteCodeRepository(request, call) {
    const { key, arn } = get(request.CodeRepositoryName, call);
    tableOf('code-repository', call).delete(key);
    forgetTags(arn, call);
    return {};
  },
};

function summaryOf({ shown }: CodeRepositoryRecord): SageMaker.CodeRepositorySummary {
  return shown;
}
