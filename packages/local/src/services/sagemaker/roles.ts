import { regionalArn } from '../../arn.ts';
import { findRoleByArn } from '../../iam/records.ts';
import { findRoleTrusting } from '../../iam/trust.ts';
import type { Call } from '../../service.ts';
import { invalid } from './records.ts';
import { executionRolesIn } from './settings.ts';

function refusal(arn: string): string {
  return `Could not assume role ${arn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`;
}

/** Throws a ValidationException if one of the execution roles in a request does not exist. */
export function rolesMustExist(settings: unknown, { cloud }: Call): void {
  for (const arn of executionRolesIn(settings)) if (!findRoleByArn(cloud.store, arn)) throw invalid(refusal(arn));
}

/** Throws a ValidationException if SageMaker cannot take on one of the execution roles in a request. */
export function rolesMustBeAssumable(settings: unknown, call: Call): void {
  const problem = roleProblem(settings, call);
  if (problem !== undefined) throw invalid(problem);
}

/**
 * Why SageMaker cannot take on one of the execution roles in settings, if so. `on` is whose behalf it acts on, as it
 * tells a role's trust policy: of Studio, a star and not the domain.
 */
export function roleProblem(settings: unknown, call: Call, on = '*'): string | undefined {
  const source = regionalArn('sagemaker', on, call);
  const missing = executionRolesIn(settings).find(
    (arn) => !findRoleTrusting(call.cloud.store, arn, 'sagemaker.amazonaws.com', source),
  );
  return missing && refusal(missing);
}
