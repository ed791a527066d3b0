import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';

/** What events are brought to, and whether that takes a role: the others let EventBridge in by their own policies. */
const kinds = {
  codebuild: { arn: /^arn:[^:]+:codebuild:[^:]+:\d{12}:project\/[^/]+$/, takesRole: true },
  codepipeline: { arn: /^arn:[^:]+:codepipeline:[^:]+:\d{12}:[^:/]+$/, takesRole: true },
  lambda: { arn: /^arn:[^:]+:lambda:/, takesRole: false },
  sns: { arn: /^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/, takesRole: false },
  states: { arn: /^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:/, takesRole: true },
};

export type TargetKind = keyof typeof kinds;

const known = ['Id', 'Arn', 'RoleArn', 'Input', 'InputPath', 'InputTransformer'];
const inputMembers = ['Input', 'InputPath', 'InputTransformer'] as const;

/** Undefined for what the local cloud brings no events to. */
export function kindOf(arn = ''): TargetKind | undefined {
  return (Object.keys(kinds) as TargetKind[]).find((kind) => kinds[kind].arn.test(arn));
}

/** Throws ValidationException for a target that events could not be brought to. */
export function checkTarget(target: Target): void {
  const refuse = (why: string) => new AwsError('ValidationException', `Target ${target.Id}: ${why}.`);
  const kind = kindOf(target.Arn);
  if (!kind)
    throw refuse(`the local cloud brings events to ${Object.keys(kinds).join(', ')}, and knows no ${target.Arn}`);
  const [unknown] = Object.entries(target).filter(([name, value]) => value !== undefined && !known.includes(name));
  if (unknown) throw refuse(`the local cloud knows ${known.join(', ')}, and no ${unknown[0]}`);
  if (kinds[kind].takesRole && !target.RoleArn) {
    throw refuse(`Provided Arn is not in correct format, or RoleArn is required for target ${target.Arn}`);
  }
  if (inputMembers.filter((way) => target[way] !== undefined).length > 1) {
    throw refuse(`Only one of ${inputMembers.join(', ')} must be provided`);
  }
  if (target.Input !== undefined && !isJson(target.Input)) throw refuse('Input is not JSON');
  const paths = Object.values(target.InputTransformer?.InputPathsMap ?? {});
  const wrong = [...paths, ...(target.InputPath ? [target.InputPath] : [])].find(
    (path) => !/^\$(\.[\w-]+)*$/.test(path),
  );
  if (wrong !== undefined) throw refuse(`the local cloud knows paths such as $.detail.state, and not ${wrong}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
