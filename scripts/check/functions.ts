import type { TemplateFile } from '../templates/files.ts';
import type { Finding } from './findings.ts';

/** The longest that Lambda lets a function run, in seconds. AWS's validator accepts more. */
const longest = 900;

/** Functions that are to run longer than Lambda lets them. */
export function checkFunctions({ path, template, places }: TemplateFile): Finding[] {
  return [...template.resources.values()].flatMap(({ logicalId, type, properties }) => {
    if (!['AWS::Lambda::Function', 'AWS::Serverless::Function'].includes(type)) return [];
    const { Timeout = 3 } = properties;
    // A parameter's value is limited by the parameter.
    if (typeof Timeout === 'object' || Number(Timeout) <= longest) return [];
    const { line } = places.at(`/Resources/${logicalId}/Properties/Timeout`);
    const message = `${logicalId}: Lambda lets no function run longer than ${longest} s; give it a shorter Timeout`;
    return [{ path, line, rule: 'lambda-timeout', message }];
  });
}
