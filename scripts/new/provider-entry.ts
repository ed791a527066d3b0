import { model } from './copies.ts';
import { type Names, renamed } from './names.ts';

/**
 * provider.yaml with the function of a resource: the model's entry under another name, where that belongs.
 *
 * @throws Error when provider.yaml has no entry of the model
 */
export function withEntry(provider: string, names: Names): string {
  const { name, id } = names;
  const entry = new RegExp(`\\n  # Custom::${model.id}\\n[\\s\\S]*?\\n\\n`).exec(provider)?.[0].slice(1, -1);
  if (!entry) throw new Error(`Adding ${id} to provider.yaml: there is no entry "# Custom::${model.id}" to copy`);
  return [
    (text: string) => insert(text, /^ {2}# Custom::(\w+)$/, id, renamed(entry, model, names), /^Outputs:$/),
    (text: string) => insert(text, /^ {10}- Install(\w+)$/, id, `          - Install${id}`),
    (text: string) => insert(text, /^ {2}Install(\w+):$/, id, parameter(id), /^ {2}PermissionsBoundaryArn:$/),
    (text: string) => insert(text, /^ {2}Installs(\w+): /, id, `  Installs${id}: !Equals [!Ref Install${id}, 'true']`),
    (text: string) => insert(text, /:function:\$\{NamePrefix\}-([\w-]+)$/, name, invocation(name)),
    (text: string) => insert(text, /^ {2}(\w+)ServiceToken:$/, id, output(id), /^$/),
  ].reduce((text, change) => change(text), provider);
}

/** Puts lines before the first line that names a later one; before `end`, where there is none later. */
function insert(text: string, line: RegExp, name: string, added: string, end?: RegExp): string {
  const lines = text.split('\n');
  const names = lines.map((each) => line.exec(each)?.[1]);
  const later = names.findIndex((each) => each !== undefined && each !== 'responder' && each > name);
  const last = names.findLastIndex((each) => each !== undefined && each !== 'responder');
  const at = later >= 0 ? later : end ? lines.findLastIndex((each) => end.test(each)) : last + 1;
  return [...lines.slice(0, at), ...added.split('\n'), ...lines.slice(at)].join('\n');
}

function parameter(id: string): string {
  return `  Install${id}:
    Type: String
    Description: Whether templates may name Custom::${id}
    Default: 'true'
    AllowedValues: ['true', 'false']
    ConstraintDescription: true or false`;
}

function invocation(name: string): string {
  const arn = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function';
  return `                  - !Sub ${arn}:\${NamePrefix}-${name}`;
}

function output(id: string): string {
  return `  ${id}ServiceToken:
    Condition: Installs${id}
    Description: The ServiceToken of resources of the type Custom::${id}
    Value: !GetAtt ${id}.Arn
    Export: { Name: !If [HasDefaultNames, ${id}ServiceToken, !Sub '\${NamePrefix}-${id}ServiceToken'] }`;
}
