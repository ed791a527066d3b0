import type { ListExportsInput, ListImportsInput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { exportsOf, importersOf } from '../exports.ts';

const PAGE = 100;

export function ListExports({ NextToken }: ListExportsInput, call: Call) {
  const page = pageOf(exportsOf(call).values(), ({ name }) => name, { token: NextToken, size: PAGE }, invalidToken);
  const Exports = page.items.map(({ name, value, stack }) => ({
    ExportingStackId: stack.id,
    Name: name,
    Value: value,
  }));
  return { Exports, NextToken: page.token };
}

export function ListImports({ ExportName = '', NextToken }: ListImportsInput, call: Call) {
  const importers = importersOf(call, ExportName);
  if (importers.length === 0) {
    throw new AwsError('ValidationError', `Export '${ExportName}' is not imported by any stack.`);
  }
  const names = importers.map(({ name }) => name);
  const page = pageOf(names, (name) => name, { token: NextToken, size: PAGE }, invalidToken);
  return { Imports: page.items, NextToken: page.token };
}

function invalidToken(): AwsError {
  return new AwsError('ValidationError', 'NextToken is invalid');
}
