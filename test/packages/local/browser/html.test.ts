import { html } from '../../../../packages/local/src/browser/html.ts';

test('every value is escaped, in an element, in an attribute and in a list', () => {
  const name = `<script>alert("it's & more")</script>`;
  const row = html`<td title="${name}">${name}</td>`;
  const shown = '&#60;script&#62;alert(&#34;it&#39;s &#38; more&#34;)&#60;/script&#62;';
  expect(row.text).toBe(`<td title="${shown}">${shown}</td>`);
  expect(html`<tr>${[row, row]}${1}</tr>`.text).toBe(`<tr>${row.text}${row.text}1</tr>`);
});
