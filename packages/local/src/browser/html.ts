/** Text that HTML shows as it is, in an element or in a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A template of HTML, in which every value is escaped but what this function has made. */
export function html(strings: TemplateStringsArray, ...values: (string | number | Html | Html[])[]): Html {
  const shown = values.map((value) =>
    [value]
      .flat()
      .map((one) => (one instanceof Html ? one.text : escaped(String(one))))
      .join(''),
  );
  return new Html(String.raw({ raw: strings }, ...shown));
}

/** HTML that is safe to show. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
