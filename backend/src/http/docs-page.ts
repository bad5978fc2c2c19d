import type { JsonSchema, OpenApi, Operation } from './openapi.ts';

/** The API description as a page for people: no script, nothing from outside. Its style is {@link docsStyle}. */
export function docsPage(api: OpenApi): string {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '');
  const names = [...groups.keys()].sort();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(api.info.title)} API</title>
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<header>
<h1>${html(api.info.title)} API <small>${html(api.info.version)}</small></h1>
<p>${html(api.info.description)}</p>
<p>The same for programs: <a href="/api/openapi.json">openapi.json</a> (OpenAPI ${html(api.openapi)}).
Errors are a <a href="#problem">Problem</a> with a code and a message.</p>
<nav aria-label="Groups"><ul>${names.map((name) => `<li><a href="#${html(name)}">${html(name)}</a></li>`).join('')}</ul></nav>
</header>
<main>
${names
  .map(
    (name) => `<section id="${html(name)}"><h2>${html(name)}</h2>
${(groups.get(name) ?? []).map(operationHtml).join('\n')}</section>`,
  )
  .join('\n')}
<section id="problem"><h2>Problem</h2>${schemaHtml('What an error looks like', api.components.schemas.Problem)}</section>
</main>
</body>
</html>
`;
}

function operationHtml({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const body = Object.entries(operation.requestBody?.content ?? {})[0];
  const reply = operation.responses[200]?.content?.['application/json']?.schema;
  return `<article id="${html(operation.operationId)}">
<h3><code><b class="${html(method)}">${html(method.toUpperCase())}</b> ${html(path)}</code></h3>
<p>${html(operation.summary)} <span class="access">${html(operation.description)}</span></p>
${
  operation.parameters.length === 0
    ? ''
    : `<table><thead><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col">Needed</th><th scope="col">What</th></tr></thead><tbody>
${operation.parameters
  .map(
    (parameter) =>
      `<tr><td><code>${html(parameter.name)}</code></td><td>${parameter.in}</td><td>${parameter.required ? 'yes' : 'no'}</td><td><code>${html(JSON.stringify(parameter.schema))}</code></td></tr>`,
  )
  .join('\n')}</tbody></table>`
}
${body === undefined ? '' : schemaHtml(`Body, ${body[0]}`, body[1].schema)}
${reply === undefined ? '<p>Answers without a body (204).</p>' : schemaHtml('Reply', reply)}
</article>`;
}

function schemaHtml(title: string, schema: JsonSchema | undefined): string {
  return `<details><summary>${html(title)}</summary><pre tabindex="0">${html(JSON.stringify(schema, null, 2))}</pre></details>`;
}

function html(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? '',
  );
}

/** Dark or light as the reader's system is. Contrast of all text is at least 4.5:1 in both. */
export const docsStyle = `:root { color-scheme: light dark; --line: light-dark(#cfd4da, #3b424b); --quiet: light-dark(#545c66, #a9b1bb); --link: light-dark(#0b57a4, #8ec2ff); --box: light-dark(#f4f6f8, #1d2126); }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#fff, #14171a); color: light-dark(#1b1f24, #e6e9ec); }
h1 small { font-weight: 400; color: var(--quiet); }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
h3 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .75rem; background: var(--box); border-radius: .375rem; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: .25rem 0; }
.access { color: var(--quiet); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
`;
