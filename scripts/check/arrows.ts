import { posix } from 'node:path';
import { importsOf } from './import-statements.ts';
import type { Source } from './sources.ts';

/** What the files of each part may import besides their own part: parts of the project, and packages of others. */
const allowed: Record<string, { ours: string[]; others: RegExp }> = {
  'packages/core': {
    ours: [],
    // The clients start the waiter and see the stack.
    others:
      /^(@smithy\/core|@aws-lambda-powertools\/logger|@standard-schema\/spec|fastest-levenshtein|js-yaml|@aws-sdk\/client-(sfn|cloudformation|secrets-manager)$)/,
  },
  // A project of its own, which its user goes on with.
  'packages/core/starter': { ours: ['packages/core', 'packages/local'], others: /./ },
  'packages/sagemaker': {
    ours: ['packages/core'],
    others: /^@(aws-sdk\/client-(ec2|efs|iam|s3|sagemaker|service-catalog|ssm)$|smithy\/\w+)/,
  },
  // It knows no AWS. Node's own WebSocket has no limits.
  'packages/jupyter': { ours: [], others: /^ws$/ },
  'packages/local': { ours: ['packages/core'], others: /./ },
  // It has types of its own, so that a project needs the AWS CDK besides and nothing else.
  'packages/cdk': { ours: [], others: /^(aws-cdk-lib(\/aws-\w+)?|constructs)$/ },
  handlers: {
    ours: ['packages/core', 'packages/sagemaker', 'packages/jupyter'],
    others: /^(@aws-sdk\/client-|csv-parse\/sync$|fflate$)/,
  },
};

/** The import statements that go up or sideways: `file: why`. Arrows go down only. */
export function checkArrows(sources: Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const part = path.endsWith('.ts') ? partOf(path) : undefined;
    const rule = part && allowed[part];
    if (!rule) return [];
    return importsOf(text).flatMap((name) => {
      if (name.startsWith('node:')) return [];
      const target = targetOf(path, name);
      if (!target) return rule.others.test(name) ? [] : [`${path}: ${part} does not import ${name}`];
      if (
        part === 'handlers' &&
        target === 'handlers' &&
        handlerOf(path) !== handlerOf(posix.join(posix.dirname(path), name))
      ) {
        return [`${path}: no handler imports a handler (${name})`];
      }
      return target === part || rule.ours.includes(target) ? [] : [`${path}: ${part} does not import ${target}`];
    });
  });
}

function targetOf(path: string, name: string): string | undefined {
  if (name.startsWith('.')) return partOf(posix.join(posix.dirname(path), name)) ?? 'outside';
  if (name.startsWith('@studio-resources/')) return `packages/${name.split('/')[1]}`;
  return undefined;
}

/** A handler's own files are in a folder of its name. */
function handlerOf(path: string): string | undefined {
  return /^handlers\/([^/]+?)(\.ts|\/)/.exec(path)?.[1];
}

function partOf(path: string): string | undefined {
  return /^(packages\/core\/starter|packages\/[^/]+|handlers)\//.exec(path)?.[1];
}
