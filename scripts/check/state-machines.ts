import validate from 'asl-validator';
import { findIntrinsic, isMap } from '../../packages/local/src/cloudformation/template/intrinsics.ts';
import { subArgument } from '../../packages/local/src/cloudformation/template/sub.ts';
import type { TemplateFile } from '../templates/files.ts';
import type { Finding } from './findings.ts';

/** What asl-validator says of each state machine. */
export function checkStateMachines({ path, template, places }: TemplateFile): Finding[] {
  return [...template.resources.values()].flatMap(({ logicalId, type, properties }) => {
    if (type !== 'AWS::StepFunctions::StateMachine') return [];
    const property = 'Definition' in properties ? 'Definition' : 'DefinitionString';
    const { line } = places.at(`/Resources/${logicalId}/Properties/${property}`);
    const found = (message: string) => ({ path, line, rule: 'state-machine', message: `${logicalId}: ${message}` });
    let definition = filledIn(properties[property]);
    if (typeof definition === 'string') {
      try {
        definition = JSON.parse(definition);
      } catch (error) {
        return [found(`its definition is no JSON: ${(error as Error).message}`)];
      }
    }
    if (!isMap(definition)) return [found('give it its states by Definition or DefinitionString')];
    return validate(definition).errors.map(({ Message, path: at }) => found(at ? `${at} ${Message}` : Message));
  });
}

/** A definition with plausible values for what only a deployment knows. */
function filledIn(value: unknown): unknown {
  const call = findIntrinsic(value);
  if (call?.name === 'Fn::Sub')
    return subArgument(call.argument).text.replace(/\$\{([^!}]+)\}/g, (_, name) => plausible(name));
  if (call?.name === 'Ref') return plausible(String(call.argument));
  if (call?.name === 'Fn::GetAtt') return plausible([call.argument].flat().join('.'));
  if (call?.name === 'Fn::If') return filledIn((call.argument as unknown[])[1]);
  if (call?.name === 'Fn::Join') {
    const [separator, items] = call.argument as [string, unknown[]];
    return items.map(filledIn).join(separator);
  }
  if (call) return plausible(call.name);
  if (Array.isArray(value)) return value.map(filledIn);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filledIn(member)]));
}

function plausible(name: string): string {
  if (name.endsWith('Arn')) return 'arn:aws:lambda:us-east-1:111122223333:function:a';
  return { 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1', 'AWS::AccountId': '111122223333' }[name] ?? 'a';
}
