import type { ListExportsInput, ListImportsInput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Call } from '../../service.ts';
import { exportsOf, importersOf } from '../exports.ts';
import { page } from './page.ts';

export function ListExports({ NextToken }: ListExportsInput, call: Call) {
  const { items, token } = page(exportsOf(call).values(), ({ name }) => name, NextToken);
  const Exports = items.map(({ name, value, stack }) => ({
    ExportingStackId: stack.id,
    Name: name,
    Value: value,
  }));
  return { Exports, NextToken: token };
}

export function ListImports({ ExportName = '', NextToken }: ListImportsInput, call: Call) {
  const importers = importersOf(call, ExportName);
  if (importers.length === 0) {
    throw new AwsError('ValidationError', `Export '${ExportName}' is not imported by any stack.`);
  }
  const names = importers.map(({ name }) => name);
  const { items, token } = page(names, (name) => name, NextToken);
  return { Imports: items, NextToken: token };
}
