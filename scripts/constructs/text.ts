/**
 * A type with what may stand for its value: a token. CDK writes tokens of texts, numbers and lists of texts in those types;
 * all others are an `IResolvable`.
 */
export function typeOfText(type: string): string {
  return type === 'string' || type === 'number' ? type : `${type} | IResolvable`;
}

/** A comment for editors, of lines that fit; nothing where there is nothing to say. */
export function comment(text: string | undefined, indent = ''): string {
  if (!text) return '';
  const words = text.replaceAll('*/', '*\u200b/').split(' ');
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + last.length + word.length < 115)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length === 1 && indent.length + text.length < 110) return `${indent}/** ${lines[0]} */\n`;
  return `${[`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`].join('\n')}\n`;
}

/** A name of CloudFormation as CDK spells it: `domainId` for `DomainId`. */
export function memberName(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1);
}
