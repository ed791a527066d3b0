import type { GetTemplateInput, GetTemplateSummaryInput, ValidateTemplateInput } from '@aws-sdk/client-cloudformation';
import type { Call } from '../../service.ts';
import { checkTypes } from '../engine/plan.ts';
import { getStack, type StackRecord } from '../stack.ts';
import { parseTemplate } from '../template/parse.ts';
import { summary, validation } from '../template/summary.ts';
import { templateText } from '../template-source.ts';
import { findChangeSet } from './change-set-record.ts';

export function GetTemplate({ StackName, ChangeSetName, TemplateStage = 'Processed' }: GetTemplateInput, call: Call) {
  const changeSet = ChangeSetName === undefined ? undefined : findChangeSet(call, ChangeSetName, StackName);
  const definition = changeSet?.definition ?? currentDefinition(call, getStack(call, StackName));
  const StagesAvailable: ('Original' | 'Processed')[] = ['Original', 'Processed'];
  const { templateBody, processedBody = templateBody } = definition;
  return { TemplateBody: TemplateStage === 'Original' ? templateBody : processedBody, StagesAvailable };
}

/** During an update the new one, unless a fault says otherwise; once it is rolled back, the one before. */
function currentDefinition({ cloud, account }: Call, { status, definition, rollbackState }: StackRecord) {
  const before = status === 'UPDATE_IN_PROGRESS' ? rollbackState?.definition : undefined;
  return before && cloud.faults.inject('template', ['old'], { account }) ? before : definition;
}

export async function GetTemplateSummary(input: GetTemplateSummaryInput, call: Call) {
  const { StackName } = input;
  if (StackName === undefined) return summary(parseTemplate(await templateText(call, input)));
  const { templateBody, processedBody } = getStack(call, StackName).definition;
  const template = parseTemplate(templateBody);
  const { resources } = processedBody === undefined ? template : parseTemplate(processedBody);
  return summary({ ...template, resources });
}

export async function ValidateTemplate(input: ValidateTemplateInput, call: Call) {
  const template = parseTemplate(await templateText(call, input));
  checkTypes(template);
  return validation(template);
}
