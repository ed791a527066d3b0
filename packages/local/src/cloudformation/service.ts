import * as CloudFormation from '@aws-sdk/client-cloudformation';
import { type Call, type Service, service } from '../service.ts';
import * as changeSets from './operations/change-sets.ts';
import { CreateStack } from './operations/create.ts';
import { CreateChangeSet } from './operations/create-change-set.ts';
import { DeleteStack } from './operations/delete.ts';
import * as describe from './operations/describe.ts';
import { DescribeEvents } from './operations/describe-events.ts';
import { ListExports, ListImports } from './operations/exports.ts';
import * as rollBack from './operations/roll-back.ts';
import * as settings from './operations/settings.ts';
import * as templates from './operations/templates.ts';
import { UpdateStack } from './operations/update.ts';
import { running } from './running.ts';
import { findStack } from './stack.ts';

type Operation = (input: never, call: Call) => unknown;

/** The first call of a process to the service finds what an earlier process has left unfinished. */
function ready<Operations extends Record<string, Operation>>(operations: Operations): Operations {
  const entries = Object.entries(operations).map(([name, operation]) => {
    const perform = (input: never, call: Call) => {
      running(call.cloud);
      return operation(input, call);
    };
    return [name, perform];
  });
  return Object.fromEntries(entries) as Operations;
}

/** AWS CloudFormation. */
export const cloudformation: Service<typeof CloudFormation> = service(
  'cloudformation',
  'cloudformation',
  CloudFormation,
  {
    operations: ready({
      ...changeSets,
      CreateChangeSet,
      CreateStack,
      DeleteStack,
      ...describe,
      DescribeEvents,
      ListExports,
      ListImports,
      ...rollBack,
      ...settings,
      ...templates,
      UpdateStack,
    }),
    passedRoles: (_, { RoleARN }) => (typeof RoleARN === 'string' ? [RoleARN] : []),
    tagsOf(arn, call) {
      const tags = findStack(call, arn)?.definition.tags ?? [];
      return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
    },
  },
);
