import { strToU8, zipSync } from 'fflate';
import { cfnResponse, cfnresponse } from './response-modules.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html */
const importsResponse = {
  node: /\brequire\s*\(\s*(['"`])cfn-response\1\s*\)/,
  // "Use this exact import statement. If you use other variants …, CloudFormation doesn't include the response module."
  python: /^[ \t]*import cfnresponse[ \t]*(?:#.*)?\r?$/m,
};

/** The package that CloudFormation makes of source in a template: one file, and the response module where it is imported. */
export function inlinePackage(source: string, runtime = ''): Uint8Array {
  const [language, name, module, response] = runtime.startsWith('python')
    ? (['python', 'index.py', 'cfnresponse.py', cfnresponse] as const)
    : (['node', 'index.js', 'cfn-response.js', cfnResponse] as const);
  const all = importsResponse[language].test(source) ? { [name]: source, [module]: response } : { [name]: source };
  // The same source is the same package, byte for byte: a zip also holds times.
  const entries = Object.entries(all).map(([name, text]) => [name, [strToU8(text), { mtime: '1980-01-01T00:00:00' }]]);
  return zipSync(Object.fromEntries(entries));
}
