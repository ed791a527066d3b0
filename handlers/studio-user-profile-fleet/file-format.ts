import { properties, shown, string } from '@studio-resources/core';
import { parse } from 'csv-parse/sync';
import { isStructure } from './member.ts';

/** A line of a members file: its values, or what is wrong with it. */
export type Row = { line: number; value: Record<string, unknown> } | { line: number; name?: string; problem: string };

/** The formats of members files, by the suffix of the key. */
export const formats: readonly { ending: RegExp; rowsOf(text: string): Row[] }[] = [
  { ending: /\.csv$/i, rowsOf: csvRows },
  { ending: /\.(jsonl|ndjson)$/i, rowsOf: jsonRows },
];

/** The prefix of a column for one tag: `Tag:cost-center`. */
const tagColumn = 'Tag:';

/** The columns of a CSV file. An empty cell sets nothing; settings and tags are JSON. */
const columns = properties({
  UserProfileName: string(),
  SingleSignOnUserValue: string().optional(),
  UserSettings: string().optional(),
  Tags: string().optional(),
});

const inJson: readonly string[] = ['UserSettings', 'Tags'];

/** @throws Error when it is not valid CSV, or has unknown columns, so that no line can be understood */
function csvRows(text: string): Row[] {
  const records = parsed(text);
  const [header, ...rows] = records;
  if (!header) throw new Error('it is empty; its first line has to name the columns, such as UserProfileName');
  const names = header.cells.map((name) => name.trim());
  checkHeader(names, header.line);
  return rows.map(({ cells, line }) => csvRow(names, cells, line));
}

/** The records of a CSV file, each with its first line number. */
function parsed(text: string): { cells: string[]; line: number }[] {
  try {
    let next = 1;
    const records = parse(text, { info: true, relax_column_count: true, skip_empty_lines: false }) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    return records.flatMap(({ record, info }) => {
      const line = next;
      next = info.lines + 1;
      return record.every((cell) => cell.trim() === '') ? [] : [{ cells: record, line }];
    });
  } catch (cause) {
    throw new Error('it is not valid CSV', { cause });
  }
}

function checkHeader(names: readonly string[], line: number): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`line ${line}: there are two columns ${twice}; give each once`);
  const other = separatorIn(names);
  if (other !== undefined) {
    throw new Error(`line ${line}: it has ${other} between its cells; save the file as CSV with commas between them`);
  }
  const own = names.filter((name) => !isTag(name));
  const { issues = [] } = columns['~standard'].validate(Object.fromEntries(own.map((name) => [name, ''])));
  const problems = issues.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`);
  if (problems.length === 0) return;
  const known = [...columns.names, `${tagColumn}<key>`].join(', ');
  throw new Error(`line ${line}: ${problems.join('; ').replaceAll('property', 'column')}; the columns are ${known}`);
}

/** What separates the columns of a header that has no commas, as spreadsheets save it in countries with decimal commas. */
function separatorIn(names: readonly string[]): string | undefined {
  if (names.length > 1) return undefined;
  const [header = ''] = names;
  const separators = new Map([
    [';', 'semicolons'],
    ['\t', 'tabs'],
  ]);
  const used = [...separators.keys()].find((each) =>
    header.split(each).some((name) => name.trim() === 'UserProfileName'),
  );
  return header.trim() === 'UserProfileName' || used === undefined ? undefined : separators.get(used);
}

function csvRow(names: readonly string[], cells: readonly string[], line: number): Row {
  const name = cells[names.indexOf('UserProfileName')]?.trim();
  if (cells.length !== names.length) {
    return { line, name, problem: `expected ${names.length} cells, as in the first line; got ${cells.length}` };
  }
  const value: Record<string, unknown> = {};
  const tags: unknown[] = [];
  for (const [index, column] of names.entries()) {
    const cell = cells[index]!.trim();
    if (cell === '') continue;
    if (isTag(column)) tags.push({ Key: column.slice(tagColumn.length), Value: cell });
    else if (inJson.includes(column)) {
      const json = jsonIn(cell);
      if (json === undefined) return { line, name, problem: `${column}: expected JSON, got ${shown(cell)}` };
      value[column] = json;
    } else value[column] = cell;
  }
  if (tags.length > 0) value.Tags = [...(Array.isArray(value.Tags) ? value.Tags : []), ...tags];
  return { line, value };
}

function isTag(column: string): boolean {
  return column.startsWith(tagColumn) && column.length > tagColumn.length;
}

function jsonRows(text: string): Row[] {
  return text.split('\n').flatMap((each, index): Row[] => {
    const line = index + 1;
    if (each.trim() === '') return [];
    const value = jsonIn(each);
    if (isStructure(value)) return [{ line, value }];
    const got = value === undefined ? shown(each.trim()) : shown(value);
    return [{ line, problem: `expected a JSON object, got ${got}` }];
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
